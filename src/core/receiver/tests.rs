//! Unit tests of the receive machine: sessions at every cut, and the memory that a
//! message takes while it comes in.

use super::*;
use crate::core::header;
use crate::mem::Buffer;

const KEY: [u8; 4] = [0xa1, 0x02, 0x7f, 0x44];

fn frame(fin: bool, opcode: u8, payload: &[u8]) -> Vec<u8> {
    let header = Header { fin, rsv: 0, opcode, payload_length: payload.len() as u64, mask_key: Some(KEY) };
    let mut bytes = header::encode(&header).as_slice().to_vec();
    let mut masked = payload.to_vec();
    mask::apply(KEY, 0, &mut masked);
    bytes.extend(masked);
    bytes
}

/// What came of a session: each report as text, payload in one run a frame.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    reports: Vec<String>,
    fault: Option<Fault>,
    largest_capacity: usize,
}

/// Reads `reads` one after the other; a direct read takes as much as it wants of them.
fn play(receiver: &mut Receiver, reads: &[&[u8]]) -> Outcome {
    play_with(receiver, reads, true)
}

fn play_with(receiver: &mut Receiver, reads: &[&[u8]], frame_reports: bool) -> Outcome {
    let mut outcome = Outcome::default();
    let mut assembly = Assembly::default();
    let mut reads: Vec<Vec<u8>> = reads.iter().rev().map(|read| read.to_vec()).collect();
    let mut input: Vec<u8> = Vec::new();
    let mut payload: Vec<u8> = Vec::new();
    let mut event = receiver.next(&mut input, &mut assembly, frame_reports);
    loop {
        outcome.largest_capacity = outcome.largest_capacity.max(capacity(&assembly.data));
        event = match event {
            Ok(Event::NeedInput) => {
                let Some(read) = reads.pop() else { return outcome };
                input = read;
                assembly.cursor = 0;
                receiver.next(&mut input, &mut assembly, frame_reports)
            }
            Ok(Event::NeedPayload(limit)) => {
                let Some(mut read) = reads.pop() else { return outcome };
                let rest = read.split_off(read.len().min(limit));
                if !rest.is_empty() {
                    reads.push(rest);
                }
                assert!(assembly.data.spare_capacity() >= read.len());
                assembly.data.extend(&read).unwrap();
                receiver.payload_read(read.len(), &mut assembly)
            }
            Ok(Event::Disabled) => return outcome,
            Ok(Event::Chunk(piece)) => {
                payload.extend_from_slice(piece.bytes(&mut input, &mut assembly));
                receiver.next(&mut input, &mut assembly, frame_reports)
            }
            Ok(report) => {
                let text = match &report {
                    Event::Message(message) => {
                        let bytes = message.payload.bytes(&mut input, &mut assembly).to_vec();
                        let bytes = String::from_utf8_lossy(&bytes);
                        format!("message {} {} {bytes}", message.opcode, message.status_code)
                    }
                    Event::FrameEnd => {
                        format!("end {}", String::from_utf8_lossy(&std::mem::take(&mut payload)))
                    }
                    other => format!("{other:?}"),
                };
                outcome.reports.push(text);
                receiver.next(&mut input, &mut assembly, frame_reports)
            }
            Err(fault) => {
                receiver.abandon_frame();
                outcome.fault = Some(fault);
                return outcome;
            }
        };
    }
}

fn capacity(buffer: &Buffer<u8>) -> usize {
    buffer.len() + buffer.spare_capacity()
}

fn play_at_once(session: &[u8]) -> Outcome {
    play(&mut Receiver::new(Role::Server), &[session])
}

fn sessions() -> Vec<Vec<u8>> {
    vec![
        [frame(true, TEXT, b"Hello"), frame(true, opcode::BINARY, b""), frame(true, opcode::PONG, b"p")]
            .concat(),
        [
            frame(false, TEXT, "h\u{e9}".as_bytes()),
            frame(true, opcode::PING, b""),
            frame(true, CONTINUATION, b"llo"),
        ]
        .concat(),
        [
            frame(false, TEXT, b"\xe2\x82"),
            frame(false, CONTINUATION, b""),
            frame(true, CONTINUATION, b"\xac"),
        ]
        .concat(),
        [
            frame(true, TEXT, b"a"),
            frame(true, CLOSE, b"\x03\xe8bye \xe2\x82\xac"),
            frame(true, TEXT, b"late"),
        ]
        .concat(),
        frame(true, opcode::BINARY, &[0x5a; 200]),
    ]
}

#[test]
fn r1_a_session_reads_the_same_at_every_cut() {
    for session in sessions() {
        let whole = play_at_once(&session);
        assert!(whole.fault.is_none() && !whole.reports.is_empty());
        for first in (0..session.len()).step_by(if cfg!(miri) { 19 } else { 1 }) {
            let second = (first + 3).min(session.len());
            let (a, b, c) = (&session[..first], &session[first..second], &session[second..]);
            let cut = play(&mut Receiver::new(Role::Server), &[a, b, c]);
            assert_eq!(cut.reports, whole.reports, "cut at {first}");
        }
        if cfg!(miri) && session.len() > 100 {
            continue;
        }
        let bytes: Vec<&[u8]> = session.chunks(1).collect();
        assert_eq!(play(&mut Receiver::new(Role::Server), &bytes).reports, whole.reports);
    }
}

#[test]
fn messages_are_the_same_without_frame_reports() {
    for session in sessions() {
        let is_message = |report: &String| report.starts_with("message");
        let expected: Vec<String> = play_at_once(&session).reports.into_iter().filter(is_message).collect();
        for cut in (0..session.len()).step_by(if cfg!(miri) { 19 } else { 1 }) {
            let reads = [&session[..cut], &session[cut..]];
            let outcome = play_with(&mut Receiver::new(Role::Server), &reads, false);
            assert_eq!(outcome.reports, expected, "cut at {cut}");
        }
    }
}

#[test]
fn r3_r4_r8_faults_name_their_close_code_at_every_cut() {
    let faults = [
        (frame(true, 3, b"x"), close::PROTOCOL_ERROR),
        (frame(true, CONTINUATION, b"x"), close::PROTOCOL_ERROR),
        (vec![0x81, 0x01, b'x'], close::PROTOCOL_ERROR),
        (frame(true, TEXT, b"ab\xff"), close::INVALID_FRAME_PAYLOAD_DATA),
        (frame(true, TEXT, b"ab\xe2\x82"), close::INVALID_FRAME_PAYLOAD_DATA),
        (frame(true, CLOSE, b"\x03"), close::PROTOCOL_ERROR),
        (frame(true, CLOSE, b"\x03\xed"), close::PROTOCOL_ERROR),
        (frame(true, CLOSE, b"\x03\xe8\xc3"), close::INVALID_FRAME_PAYLOAD_DATA),
    ];
    for (session, code) in faults {
        for cut in 0..session.len() {
            let outcome = play(&mut Receiver::new(Role::Server), &[&session[..cut], &session[cut..]]);
            assert_eq!(outcome.fault, Some(Fault::Refused(code)), "{session:x?} cut at {cut}");
        }
    }
}

#[test]
fn d1_the_code_of_a_close_is_no_text_however_it_is_cut() {
    let session = frame(true, CLOSE, b"\x0f\xa0caf\xc3\xa9");
    let whole = play_at_once(&session);
    assert_eq!(whole.reports.len(), 3);
    for cut in 0..session.len() {
        let outcome = play(&mut Receiver::new(Role::Server), &[&session[..cut], &session[cut..]]);
        assert_eq!(outcome.reports, whole.reports, "cut at {cut}");
    }
}

#[test]
fn r3_the_maximum_counts_the_message_so_far() {
    let mut receiver = Receiver::new(Role::Server);
    receiver.set_max_message_length(5);
    let session =
        [frame(false, TEXT, b"abc"), frame(true, opcode::PING, b"12345"), frame(true, CONTINUATION, b"def")];
    let outcome = play(&mut receiver, &[&session.concat()]);
    assert_eq!(outcome.fault, Some(Fault::Refused(close::MESSAGE_TOO_BIG)));
    assert_eq!(outcome.reports.len(), 5);
}

#[test]
fn d11_memory_grows_with_the_bytes_received() {
    let mut receiver = Receiver::new(Role::Server);
    receiver.set_max_message_length(u64::MAX);
    let announced =
        Header { fin: true, rsv: 0, opcode: 2, payload_length: i64::MAX as u64, mask_key: Some(KEY) };
    let start = [header::encode(&announced).as_slice(), b"some"].concat();
    let outcome = play(&mut receiver, &[&start]);
    assert!(outcome.largest_capacity <= 2 * FIRST_DIRECT_READ, "{}", outcome.largest_capacity);

    if cfg!(miri) {
        return;
    }
    let more = vec![0; 1000];
    let reads: Vec<&[u8]> = std::iter::once(&start[..]).chain(std::iter::repeat_n(&more[..], 1000)).collect();
    let outcome = play(
        &mut {
            let mut receiver = Receiver::new(Role::Server);
            receiver.set_max_message_length(u64::MAX);
            receiver
        },
        &reads,
    );
    assert!(outcome.largest_capacity <= 4 * 1_000_000 + FIRST_DIRECT_READ, "{}", outcome.largest_capacity);
}

#[test]
fn a_large_message_arrives_in_few_reads_and_whole() {
    let length = if cfg!(miri) { 4_500 } else { 1 << 20 };
    let payload: Vec<u8> = (0..length).map(|i| b'a' + (i / 7 % 26) as u8).collect();
    let session = frame(true, opcode::BINARY, &payload);
    let (first, rest) = session.split_at(length / 64);
    let outcome = play(&mut Receiver::new(Role::Server), &[first, rest]);
    assert_eq!(outcome.reports.last(), Some(&format!("message 2 0 {}", str::from_utf8(&payload).unwrap())));
}

#[test]
fn r11_nothing_is_read_after_a_fault() {
    let mut receiver = Receiver::new(Role::Server);
    assert!(play(&mut receiver, &[&frame(true, TEXT, b"\xff")]).fault.is_some());
    assert_eq!(play(&mut receiver, &[&frame(true, TEXT, b"ok")]), Outcome::default());
}
