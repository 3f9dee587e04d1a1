//! Unit tests of the receive machine: sessions at every cut, and the memory that a
//! message takes while it comes in.

mod expected;
mod frames;
mod same_messages;
mod whole_messages;

use super::payload_pieces::LEAST_DIRECT_READ;
use super::*;
use crate::core::{header, mask};
use crate::mem::Buffer;

const KEY: [u8; 4] = [0xa1, 0x02, 0x7f, 0x44];

fn server() -> Receiver {
    Receiver::new(Role::Server)
}

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
    capacity_at_the_end: usize,
}

/// The next read, at most `limit` bytes of it.
fn take_read(reads: &mut Vec<Vec<u8>>, limit: usize) -> Option<Vec<u8>> {
    let mut read = reads.pop()?;
    let rest = read.split_off(read.len().min(limit));
    if !rest.is_empty() {
        reads.push(rest);
    }
    Some(read)
}

/// As the event API does it: the message takes the input over, if it can.
fn begin_in_place(
    receiver: &mut Receiver,
    input: &mut Vec<u8>,
    assembly: &mut Assembly,
) -> Result<(), Fault> {
    let mut buffer = Buffer::new();
    buffer.extend(input).unwrap();
    if receiver.begin_in_place(&mut buffer, assembly)? {
        assert!(buffer.is_empty());
        input.clear();
    }
    Ok(())
}

/// Reads `reads` one after the other; a direct read takes as much as it wants of them.
fn play(receiver: &mut Receiver, reads: &[&[u8]]) -> Outcome {
    play_with(receiver, reads, true)
}

/// As the event API does it: the short way first.
fn next_event(
    receiver: &mut Receiver,
    input: &mut [u8],
    assembly: &mut Assembly,
    frame_reports: bool,
) -> Result<Event, Fault> {
    if !frame_reports && let Some(message) = receiver.take_whole_message(input, assembly, None)? {
        let WholeMessage { opcode, start, length } = message;
        let payload = if length == 0 { Piece::EMPTY } else { Piece::Input(start..start + length) };
        return Ok(Event::Message(Message { rsv: 0, opcode, payload, status_code: 0 }));
    }
    receiver.next(input, assembly, frame_reports)
}

fn play_with(receiver: &mut Receiver, reads: &[&[u8]], frame_reports: bool) -> Outcome {
    let mut outcome = Outcome::default();
    // More than it needs.
    let steps = 1000 + 20 * reads.len();
    let mut assembly = Assembly::default();
    let mut reads: Vec<Vec<u8>> = reads.iter().rev().map(|read| read.to_vec()).collect();
    let mut input: Vec<u8> = Vec::new();
    let mut payload: Vec<u8> = Vec::new();
    let mut event = next_event(receiver, &mut input, &mut assembly, frame_reports);
    for _ in 0..steps {
        outcome.largest_capacity = outcome.largest_capacity.max(capacity(&assembly.data));
        event = match event {
            Ok(Event::NeedInput(expected)) => {
                assembly.trim();
                let in_place = expected > 0 && !frame_reports;
                let Some(read) = take_read(&mut reads, if in_place { expected } else { usize::MAX }) else {
                    return outcome;
                };
                assembly.cursor = 0;
                input = read;
                let begun =
                    if in_place { begin_in_place(receiver, &mut input, &mut assembly) } else { Ok(()) };
                begun.and_then(|()| next_event(receiver, &mut input, &mut assembly, frame_reports))
            }
            Ok(Event::NeedPayload(limit)) => {
                let Some(read) = take_read(&mut reads, limit) else {
                    assembly.trim();
                    outcome.capacity_at_the_end = capacity(&assembly.data);
                    return outcome;
                };
                assert!(assembly.data.spare_capacity() >= read.len());
                assembly.data.extend(&read).unwrap();
                receiver.payload_read(read.len(), &mut assembly)
            }
            Ok(Event::Disabled) => return outcome,
            Ok(Event::Chunk(piece)) => {
                payload.extend_from_slice(piece.bytes(&mut input, &mut assembly));
                next_event(receiver, &mut input, &mut assembly, frame_reports)
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
                next_event(receiver, &mut input, &mut assembly, frame_reports)
            }
            Err(fault) => {
                receiver.abandon_frame();
                outcome.fault = Some(fault);
                return outcome;
            }
        };
    }
    panic!("it does not end: {:?}", outcome.reports.last())
}

/// Lets the machine take what ends within a message or a header.
fn take_start(receiver: &mut Receiver, read: &[u8], assembly: &mut Assembly) {
    let mut input = read.to_vec();
    let mut next = || receiver.next(&mut input, assembly, false);
    assert!((0..9).any(|_| matches!(next(), Ok(Event::NeedInput(0)))));
    assembly.cursor = 0;
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
    assert!(outcome.largest_capacity <= 2 * LEAST_DIRECT_READ, "{}", outcome.largest_capacity);
    assert!(outcome.capacity_at_the_end <= 8192, "{}", outcome.capacity_at_the_end);

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
    assert!(outcome.largest_capacity <= 4 * 1_000_000 + LEAST_DIRECT_READ, "{}", outcome.largest_capacity);
    assert!(outcome.capacity_at_the_end <= 3 * 1_000_000, "{}", outcome.capacity_at_the_end);
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
