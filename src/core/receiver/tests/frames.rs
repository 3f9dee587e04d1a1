//! Frame by frame: when they are judged, what is reported of each, and what happens when
//! reading is disabled in the midst of one.

use super::*;
use crate::core::opcode::{BINARY, PING, PONG};

const REFUSED: Result<Event, Fault> = Err(Fault::Refused(close::PROTOCOL_ERROR));

/// The same with RSV1.
fn marked(mut frame: Vec<u8>) -> Vec<u8> {
    frame[0] |= RSV1 << 4;
    frame
}

/// What is to be done, with this read, up to the next or the end.
fn events(receiver: &mut Receiver, read: &[u8], assembly: &mut Assembly) -> Vec<Result<Event, Fault>> {
    let mut input = read.to_vec();
    assembly.cursor = 0;
    let mut events = Vec::new();
    for _ in 0..20 {
        let event = receiver.next(&mut input, assembly, true);
        let is_last =
            matches!(event, Ok(Event::NeedInput(_) | Event::NeedPayload(_) | Event::Disabled) | Err(_));
        events.push(event);
        if is_last {
            return events;
        }
    }
    panic!("it does not end: {events:?}")
}

/// What comes of one read at a server.
fn fault(receiver: &mut Receiver, read: &[u8]) -> Option<Fault> {
    events(receiver, read, &mut Assembly::default()).pop().and_then(Result::err)
}

#[test]
fn r3_a_frame_is_judged_when_its_first_payload_byte_is_there() {
    let (mut receiver, mut assembly) = (server(), Assembly::default());
    let message = frame(true, TEXT, b"Hi");
    assert_eq!(events(&mut receiver, &message[..6], &mut assembly), [Ok(Event::NeedInput(0))]);
    let start = FrameStart { fin: true, rsv: 0, opcode: TEXT, payload_length: 2 };
    let reports =
        [Ok(Event::FrameStart(start)), Ok(Event::Chunk(Piece::Input(0..1))), Ok(Event::NeedInput(0))];
    assert_eq!(events(&mut receiver, &message[6..7], &mut assembly), reports);

    let (mut receiver, mut assembly) = (server(), Assembly::default());
    let refused = frame(true, CONTINUATION, b"Hi");
    assert_eq!(events(&mut receiver, &refused[..6], &mut assembly), [Ok(Event::NeedInput(0))]);
    assert_eq!(events(&mut receiver, &refused[6..7], &mut assembly), [REFUSED]);
}

#[test]
fn r3_r4_a_frame_without_payload_is_judged_and_reported_at_once() {
    let (mut receiver, mut assembly) = (server(), Assembly::default());
    let start = FrameStart { fin: true, rsv: 0, opcode: PONG, payload_length: 0 };
    let message = Message { rsv: 0, opcode: PONG, payload: Piece::EMPTY, status_code: 0 };
    let reports = [
        Ok(Event::FrameStart(start)),
        Ok(Event::Chunk(Piece::EMPTY)),
        Ok(Event::FrameEnd),
        Ok(Event::Message(message)),
        Ok(Event::NeedInput(0)),
    ];
    assert_eq!(events(&mut receiver, &frame(true, PONG, b""), &mut assembly), reports);
    assert_eq!(events(&mut receiver, &frame(true, CONTINUATION, b""), &mut assembly), [REFUSED]);
}

#[test]
fn r3_e2_rsv1_has_to_be_allowed_and_marks_a_message_only() {
    let start = frame(false, TEXT, b"start");
    let marked_within = [start.clone(), marked(frame(true, CONTINUATION, b""))].concat();
    for (allowed, session, is_refused) in [
        (0, marked(frame(true, TEXT, b"text")), true),
        (3, marked(frame(true, TEXT, b"text")), true),
        (7, marked(frame(true, TEXT, b"text")), false),
        (7, marked(frame(false, BINARY, b"")), false),
        (7, marked(frame(true, PING, b"")), true),
        (7, marked(frame(true, CLOSE, b"")), true),
        (7, marked_within, true),
        (7, [0x91, 0x80, 0, 0, 0, 0].to_vec(), true),
        (0, start, false),
    ] {
        let mut receiver = server();
        receiver.set_allowed_rsv(allowed);
        assert_eq!(receiver.allowed_rsv(), allowed & RSV1);
        let refused = Some(Fault::Refused(close::PROTOCOL_ERROR));
        assert_eq!(fault(&mut receiver, &session), if is_refused { refused } else { None }, "{session:x?}");
    }
}

#[test]
fn r4_only_text_without_rsv1_is_checked() {
    let broken = b"\xff\xc3";
    for session in [
        frame(true, BINARY, broken),
        [frame(false, BINARY, broken), frame(true, CONTINUATION, broken)].concat(),
        marked(frame(true, TEXT, broken)),
        [marked(frame(false, TEXT, broken)), frame(true, CONTINUATION, broken)].concat(),
        frame(true, PING, broken),
        [frame(false, TEXT, b"\xe2"), frame(true, PING, broken), frame(true, CONTINUATION, b"\x82\xac")]
            .concat(),
    ] {
        let mut receiver = server();
        receiver.set_allowed_rsv(RSV1);
        assert_eq!(fault(&mut receiver, &session), None, "{session:x?}");
    }
    let unfinished_text = [frame(false, TEXT, b"\xe2"), frame(true, PING, b"\x82\xac")].concat();
    assert_eq!(fault(&mut server(), &unfinished_text), None);
}

#[test]
fn r5_r6_without_buffering_only_control_frames_are_kept() {
    let payload = vec![b'x'; 9000];
    let data = frame(true, BINARY, &payload);
    let [first, ping, last] =
        [frame(false, TEXT, b"ab"), frame(true, PING, b"ping"), frame(true, CONTINUATION, b"c")];
    for reads in [&[&data[..]][..], &[&data[..5000], &data[5000..]], &[&first, &ping[..8], &ping[8..], &last]]
    {
        let (mut receiver, mut assembly) = (server(), Assembly::default());
        receiver.set_buffering(false);
        receiver.set_max_message_length(9000);
        let (mut data_messages, mut pings, mut bytes) = (0, 0, 0);
        for read in reads {
            for event in events(&mut receiver, read, &mut assembly) {
                match event.unwrap() {
                    Event::Message(Message { opcode: PING, payload, .. }) => {
                        assert_eq!(payload, Piece::Control(0..4));
                        pings += 1;
                    }
                    Event::Message(Message { payload, .. }) => {
                        assert_eq!(payload, Piece::EMPTY);
                        data_messages += 1;
                    }
                    Event::Chunk(Piece::Input(range)) => bytes += range.len(),
                    Event::FrameStart(_) | Event::FrameEnd | Event::NeedInput(0) => {}
                    other => panic!("{other:?}"),
                }
            }
            assert!(!assembly.data.is_allocated());
        }
        let is_short = reads.len() == 4;
        assert_eq!((data_messages, pings, bytes), if is_short { (1, 1, 7) } else { (1, 0, 9000) });
    }
}

#[test]
fn r6_without_buffering_the_maximum_is_that_of_a_frame() {
    let mut receiver = server();
    receiver.set_buffering(false);
    receiver.set_max_message_length(3);
    let session =
        [frame(false, TEXT, b"abc"), frame(false, CONTINUATION, b"def"), frame(true, CONTINUATION, b"ghij")];
    assert_eq!(fault(&mut receiver, &session[..2].concat()), None);
    assert_eq!(fault(&mut receiver, &session[2]), Some(Fault::Refused(close::MESSAGE_TOO_BIG)));
}

/// Of the large message that it begins, so much is in.
fn begin(receiver: &mut Receiver, length: usize, there: usize) -> (Assembly, Event) {
    let mut assembly = Assembly::default();
    let message = frame(true, BINARY, &vec![b'x'; length]);
    let header_length = message.len() - length;
    let mut events = events(receiver, &message[..header_length + there], &mut assembly);
    (assembly, events.pop().unwrap().unwrap())
}

#[test]
fn the_rest_of_a_large_message_is_read_into_its_own_memory_once_enough_is_in() {
    for (length, there, directly) in
        [(8192, 4096, true), (8191, 4096, false), (9000, 4095, false), (9000, 1, false)]
    {
        let (assembly, event) = begin(&mut server(), length, there);
        let Event::NeedPayload(limit) = event else {
            assert_eq!(event, Event::NeedInput(0));
            assert!(!directly, "{length} {there}");
            continue;
        };
        assert!(directly, "{length} {there}");
        assert!(limit <= length - there && limit <= assembly.data.spare_capacity());
    }
}

#[test]
fn memory_with_room_for_a_direct_read_is_read_into_as_it_is() {
    for (spare, is_enough) in [(4096, true), (4095, false), (0, false)] {
        let mut receiver = server();
        let (mut assembly, _) = begin(&mut receiver, 20_000, 5000);
        let mut data = Buffer::with_capacity(5000 + spare).unwrap();
        data.extend(assembly.data.as_slice()).unwrap();
        assembly.data = data;
        let limit = if is_enough { spare } else { 15_000 };
        assert_eq!(events(&mut receiver, b"", &mut assembly), [Ok(Event::NeedPayload(limit))]);
    }
}

#[test]
fn r6_the_rest_of_a_message_is_not_kept_once_buffering_ends() {
    let mut receiver = server();
    let (mut assembly, _) = begin(&mut receiver, 9000, 4096);
    receiver.set_buffering(false);
    assert_eq!(events(&mut receiver, b"", &mut assembly), [Ok(Event::NeedInput(0))]);
    let mut reports = events(&mut receiver, &[b'x'; 4904], &mut assembly);
    assert_eq!(reports.pop(), Some(Ok(Event::NeedInput(0))));
    let message = Message { rsv: 0, opcode: BINARY, payload: Piece::EMPTY, status_code: 0 };
    assert_eq!(reports.pop(), Some(Ok(Event::Message(message))));
}

#[test]
fn a_control_frame_within_a_large_message_is_read_by_itself() {
    let (mut receiver, mut assembly) = (server(), Assembly::default());
    let ping = frame(true, PING, b"ping");
    let reads = [&frame(false, BINARY, &[b'x'; 5000])[..], &ping[..7], &ping[7..]];
    for read in reads {
        let events = events(&mut receiver, read, &mut assembly);
        assert_eq!(events.last(), Some(&Ok(Event::NeedInput(0))));
    }
    assert_eq!(assembly.data.len(), 5000);
}

#[test]
fn r11_what_is_missing_of_a_message_is_not_read_once_reading_is_disabled() {
    for (length, there) in [(20, 10), (9000, 10), (9000, 4096)] {
        let mut receiver = server();
        let (mut assembly, _) = begin(&mut receiver, length, there);
        receiver.disable();
        assert!(!receiver.is_enabled());
        let missing = vec![b'x'; length - there];
        // The read that brought this began before.
        let late = if length == 20 { events(&mut receiver, &missing, &mut assembly) } else { Vec::new() };
        assert_eq!(late.len(), if length == 20 { 4 } else { 0 });
        assert_eq!(events(&mut receiver, b"", &mut assembly), [Ok(Event::Disabled)], "{length} {there}");
    }
}

#[test]
fn r11_what_a_read_brought_that_disabled_reading_is_looked_at_up_to_its_first_piece() {
    let session = [frame(true, TEXT, b"one"), frame(true, TEXT, b"two")].concat();
    let is_message = |event: &Result<Event, Fault>| matches!(event, Ok(Event::Message(_)));
    for header_came_before in [false, true] {
        let (mut receiver, mut assembly) = (server(), Assembly::default());
        let before = if header_came_before { 6 } else { 0 };
        assert_eq!(events(&mut receiver, &session[..before], &mut assembly), [Ok(Event::NeedInput(0))]);
        receiver.disable();
        let reports = events(&mut receiver, &session[before..], &mut assembly);
        assert_eq!(reports.iter().filter(|event| is_message(event)).count(), 1);
        assert_eq!(reports.last(), Some(&Ok(Event::Disabled)));
        assert_eq!(events(&mut receiver, &session, &mut assembly), [Ok(Event::Disabled)]);
    }
}

#[test]
fn r11_reading_that_is_disabled_between_reads_takes_nothing() {
    let (mut receiver, mut assembly) = (server(), Assembly::default());
    receiver.disable();
    assert_eq!(events(&mut receiver, b"", &mut assembly), [Ok(Event::Disabled)]);
    assert_eq!(events(&mut receiver, &frame(true, TEXT, b"one"), &mut assembly), [Ok(Event::Disabled)]);
    assert_eq!(receiver.ask_for_frame(&mut assembly), None);
}
