//! Memory for large messages: when it is asked for, how much is read into it, and when it
//! becomes a message's own.

use super::*;
use crate::core::opcode::{BINARY, PING};

/// A message that is large, and what it takes with its header.
const LARGE: usize = 3000;
const WHOLE: usize = LARGE + 8;

fn large() -> Vec<u8> {
    frame(true, BINARY, &[b'x'; LARGE])
}

/// What the machine, or the short way, expects after one read.
fn expected_after(receiver: &mut Receiver, read: &[u8], short: bool) -> usize {
    let mut assembly = Assembly::default();
    let mut input = read.to_vec();
    for _ in 0..20 {
        if short && receiver.take_whole_message(&mut input, &mut assembly, None).unwrap().is_some() {
            continue;
        }
        if let Event::NeedInput(expected) = receiver.next(&mut input, &mut assembly, false).unwrap() {
            return expected;
        }
    }
    panic!("it asks for no input")
}

/// After a large message.
fn expecting() -> Receiver {
    let mut receiver = server();
    assert!(expected_after(&mut receiver, &large(), true) > WHOLE);
    receiver
}

#[test]
fn memory_is_asked_for_after_a_large_message_of_one_frame() {
    let within = [frame(false, TEXT, b""), frame(true, PING, b""), frame(false, CONTINUATION, b"")].concat();
    let fragmented = [within.clone(), frame(true, CONTINUATION, &[b'x'; LARGE])].concat();
    for short in [false, true] {
        for (session, expects) in [
            (large(), true),
            ([large(), frame(true, PING, b"")].concat(), true),
            ([large(), frame(true, BINARY, b"small")].concat(), false),
            ([large(), fragmented.clone()].concat(), true),
            (fragmented.clone(), false),
            ([large(), within.clone()].concat(), false),
            ([large(), b"\x82".to_vec()].concat(), false),
            (frame(true, PING, &[0; 125]), false),
        ] {
            let expected = expected_after(&mut server(), &session, short);
            assert_eq!(expected > WHOLE, expects, "{short} {}", session.len());
            assert!(expects || expected == 0);
        }
        let mut receiver = server();
        receiver.set_buffering(false);
        assert_eq!(expected_after(&mut receiver, &large(), short), 0, "R6");
    }
}

#[test]
fn memory_for_more_messages_is_asked_for_once_it_was_filled() {
    let mut receiver = expecting();
    let mut assembly = Assembly::default();
    let once = receiver.ask_for_frame(&mut assembly).unwrap();
    assert_eq!(receiver.first_read(), once);
    receiver.batch_came(once, false);
    assert_eq!(receiver.ask_for_frame(&mut assembly), Some(once + WHOLE));
    receiver.batch_came(1, true);
    assert_eq!(receiver.ask_for_frame(&mut assembly), Some(once + WHOLE));
    receiver.batch_came(1, false);
    assert_eq!(receiver.ask_for_frame(&mut assembly), Some(once));
}

#[test]
fn reading_on_is_for_messages_that_will_fit() {
    let empty = Assembly::default();
    let (message, longer) = (large(), frame(true, BINARY, &[b'x'; 2 * LARGE]));
    for (unread, spare, expected) in [
        (&b""[..], WHOLE, Some(WHOLE)),
        (b"", WHOLE - 1, None),
        (b"", 2 * WHOLE, Some(2 * WHOLE)),
        (&message[..1], WHOLE - 1, Some(WHOLE - 1)),
        (&message[..20], WHOLE - 20, Some(WHOLE - 20)),
        (&message[..20], WHOLE - 21, None),
        (&longer[..20], 2 * LARGE - 12, Some(2 * LARGE - 12)),
        (&longer[..20], 2 * LARGE - 13, None),
        (&frame(true, PING, b"ping")[..7], 5000, None),
        (&frame(false, BINARY, b"part")[..7], 5000, None),
        (b"\x82\x7e\x00\x01", 5000, None),
    ] {
        assert_eq!(expecting().read_on(unread, &empty, spare), expected, "{unread:x?} {spare}");
    }
}

#[test]
fn reading_on_is_not_for_the_midst_of_a_message() {
    let empty = Assembly::default();
    assert_eq!(server().read_on(b"", &empty, 5000), None, "nothing large is expected");
    for session in [frame(false, TEXT, b"start"), b"\x82".to_vec(), frame(true, TEXT, b"text")[..7].to_vec()]
    {
        let mut receiver = expecting();
        let mut assembly = Assembly::default();
        take_start(&mut receiver, &session, &mut assembly);
        assert_eq!(receiver.read_on(b"", &assembly, 5000), None);
    }
}

#[test]
fn r11_what_was_read_on_is_looked_at_though_that_read_disabled_reading() {
    let mut receiver = expecting();
    let mut assembly = Assembly::default();
    assert_eq!(receiver.read_on(b"", &assembly, WHOLE), Some(WHOLE));
    receiver.disable();
    assert!(matches!(receiver.take_whole_message(&mut large(), &mut assembly, None), Ok(Some(_))));
    assert_eq!(receiver.read_on(b"", &assembly, WHOLE), None);
}

/// Memory with room for `capacity` bytes.
fn memory(bytes: &[u8], capacity: usize) -> Buffer<u8> {
    let mut buffer = Buffer::with_capacity(capacity).unwrap();
    buffer.extend(bytes).unwrap();
    buffer
}

/// What a message of the memory is made, if it is.
fn begin(receiver: &mut Receiver, bytes: &[u8], capacity: usize) -> Option<Assembly> {
    let mut input = memory(bytes, capacity);
    let mut assembly = Assembly::default();
    let begun = receiver.begin_in_place(&mut input, &mut assembly).unwrap();
    let length = if begun { 0 } else { bytes.len() };
    assert!(input.as_slice() == &bytes[..length] && begun == assembly.data.is_allocated());
    begun.then_some(assembly)
}

#[test]
fn a_message_that_is_not_yet_whole_takes_over_the_memory() {
    let message = frame(true, TEXT, &[b'x'; LARGE]);
    for there in [9, 2000, WHOLE - 1] {
        let mut receiver = expecting();
        let mut assembly = begin(&mut receiver, &message[..there], WHOLE).unwrap();
        assert_eq!(assembly.data.as_slice(), vec![b'x'; there - 8]);
        let mut rest = message[there..].to_vec();
        assembly.cursor = 0;
        let payload = Piece::Data(0..LARGE);
        let expected = Event::Message(Message { rsv: 0, opcode: TEXT, payload, status_code: 0 });
        assert_eq!(receiver.next(&mut rest, &mut assembly, false), Ok(expected));
        assert_eq!(assembly.data.as_slice(), [b'x'; LARGE]);
    }
}

#[test]
fn other_input_stays_where_it_is() {
    let message = large();
    for bytes in [
        &message[..],
        &[&message[..], b"next"].concat(),
        &message[..8],
        &message[..3],
        &frame(true, PING, b"ping")[..8],
        &frame(false, BINARY, &[b'x'; LARGE])[..2000],
    ] {
        assert!(begin(&mut expecting(), bytes, 2 * WHOLE).is_none(), "{}", bytes.len());
    }
    let mut receiver = expecting();
    receiver.set_buffering(false);
    assert!(begin(&mut receiver, &message[..2000], WHOLE).is_none(), "R6");
    let mut receiver = expecting();
    assert_eq!(expected_after(&mut receiver, &frame(false, TEXT, b"start"), false), 0);
    assert!(begin(&mut receiver, &message[..2000], WHOLE).is_none());
}

#[test]
fn memory_for_several_messages_becomes_that_of_one_only_if_it_is_too_small() {
    let message = large();
    let expecting_two = || {
        let mut receiver = expecting();
        receiver.batch_came(WHOLE + 16, false);
        receiver
    };
    let there = 2000;
    assert!(begin(&mut expecting_two(), &message[..there], 2 * WHOLE).is_none());
    assert!(begin(&mut expecting_two(), &message[..there], WHOLE).is_none());
    assert!(begin(&mut expecting_two(), &message[..there], WHOLE - 1).is_some());
    let mut receiver = expecting_two();
    receiver.batch_came(0, false);
    assert!(begin(&mut receiver, &message[..there], WHOLE).is_some(), "it is for one again");
}

#[test]
fn r4_text_is_checked_where_it_takes_over_the_memory() {
    let mut payload = vec![b'x'; LARGE];
    payload[100] = 0xff;
    let mut input = memory(&frame(true, TEXT, &payload)[..2000], WHOLE);
    let begun = expecting().begin_in_place(&mut input, &mut Assembly::default());
    assert_eq!(begun, Err(Fault::Refused(close::INVALID_FRAME_PAYLOAD_DATA)));
    let mut input = memory(&frame(true, BINARY, &payload)[..2000], WHOLE);
    assert_eq!(expecting().begin_in_place(&mut input, &mut Assembly::default()), Ok(true));
}
