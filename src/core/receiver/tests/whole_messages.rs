//! The short way for a message of one frame that lies in the input.

use super::*;
use crate::core::opcode::{BINARY, PING};
use crate::core::payload::BLOCK;

/// A frame as this end is sent it.
fn frame_for(role: Role, opcode: u8, payload: &[u8]) -> Vec<u8> {
    match role {
        Role::Server => frame(true, opcode, payload),
        Role::Client => {
            let length = payload.len() as u64;
            let header = Header { fin: true, rsv: 0, opcode, payload_length: length, mask_key: None };
            [header::encode(&header).as_slice(), payload].concat()
        }
    }
}

/// Takes what begins at the `start` of the input, moving it behind `end_of_frames`.
fn take(
    receiver: &mut Receiver,
    input: &mut [u8],
    start: usize,
    end_of_frames: Option<usize>,
) -> (Result<Option<WholeMessage>, Fault>, usize) {
    let mut assembly = Assembly { cursor: start, ..Assembly::default() };
    let taken = receiver.take_whole_message(input, &mut assembly, end_of_frames);
    (taken, assembly.cursor)
}

const INVALID_TEXT: Result<Option<WholeMessage>, Fault> =
    Err(Fault::Refused(close::INVALID_FRAME_PAYLOAD_DATA));

#[test]
fn a_message_that_lies_in_the_input_is_taken_at_once() {
    for role in [Role::Server, Role::Client] {
        for length in [0, 1, 125, 126, BLOCK - 1, BLOCK, BLOCK + 1] {
            for (opcode, byte) in [(TEXT, b'a'), (BINARY, 0xff)] {
                let payload = vec![byte; length];
                let bytes = [b"past", &frame_for(role, opcode, &payload)[..], b"next"].concat();
                let end = bytes.len() - 4;
                let mut receiver = Receiver::new(role);
                let mut input = bytes.clone();
                let (taken, cursor) = take(&mut receiver, &mut input[..end - 1], 4, None);
                assert_eq!((taken, cursor), (Ok(None), 4), "{length}: its last byte is missing");
                let mut input = bytes.clone();
                let (taken, cursor) = take(&mut receiver, &mut input, 4, None);
                let start = end - length;
                assert_eq!((taken, cursor), (Ok(Some(WholeMessage { opcode, start, length })), end));
                assert_eq!(input[start..end], payload);
                assert_eq!(input[end..], *b"next");
            }
        }
    }
}

#[test]
fn r4_the_short_way_checks_text() {
    for role in [Role::Server, Role::Client] {
        for length in [5, BLOCK, BLOCK + 9] {
            for end in ["a\u{e9}".as_bytes(), b"\xff", b"\xe2\x82"] {
                let payload = [&vec![b'a'; length - end.len()], end].concat();
                for (opcode, is_valid) in [(TEXT, str::from_utf8(&payload).is_ok()), (BINARY, true)] {
                    let mut input = frame_for(role, opcode, &payload);
                    let start = input.len() - length;
                    let (taken, _) = take(&mut Receiver::new(role), &mut input, 0, None);
                    let expected = if is_valid {
                        Ok(Some(WholeMessage { opcode, start, length }))
                    } else {
                        INVALID_TEXT
                    };
                    assert_eq!(taken, expected, "{role:?} {length} {end:x?}");
                }
            }
        }
    }
}

#[test]
fn a_message_moves_up_to_where_its_answer_adjoins_the_frames() {
    for (opcode, payload, is_valid) in [
        (TEXT, &b"ascii"[..], true),
        (TEXT, &"h\u{e9}llo".repeat(30).into_bytes(), true),
        (TEXT, b"broken\xff", false),
        (TEXT, b"incomplete\xe2\x82", false),
        (BINARY, b"any\xff", true),
        (BINARY, b"", true),
    ] {
        for gap in [4, 100] {
            let mut input =
                [b"frames", &vec![b'.'; gap][..], &frame(true, opcode, payload), b"next"].concat();
            let (length, end) = (payload.len(), input.len() - 4);
            let start = 6 + if length < 126 { 2 } else { 4 };
            let (taken, cursor) = take(&mut Receiver::new(Role::Server), &mut input, 6 + gap, Some(6));
            if !is_valid {
                assert_eq!(taken, INVALID_TEXT);
                continue;
            }
            assert_eq!((taken, cursor), (Ok(Some(WholeMessage { opcode, start, length })), end));
            assert_eq!(input[start..start + length], *payload);
            assert_eq!((&input[..6], &input[end..]), (&b"frames"[..], &b"next"[..]));
        }
    }
}

#[test]
fn what_is_out_of_the_ordinary_is_left_to_the_machine() {
    let mut with_rsv = frame(true, BINARY, b"bytes");
    with_rsv[0] |= 0x40;
    for bytes in [
        frame(false, TEXT, b"start"),
        frame(true, CONTINUATION, b""),
        frame(true, PING, b"ping"),
        frame(true, CLOSE, b""),
        frame(true, 3, b"bytes"),
        frame(true, BINARY, b"too long"),
        frame_for(Role::Client, BINARY, b"bytes"),
        with_rsv,
        vec![0x82, 0xfe, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ] {
        let mut receiver = Receiver::new(Role::Server);
        receiver.set_allowed_rsv(RSV1);
        receiver.set_max_message_length(7);
        let mut input = bytes.clone();
        assert_eq!(take(&mut receiver, &mut input, 0, None), (Ok(None), 0));
        assert_eq!(input, bytes);
    }
    let mut receiver = Receiver::new(Role::Server);
    receiver.set_max_message_length(7);
    let mut longest = frame(true, BINARY, b"as long");
    assert!(matches!(take(&mut receiver, &mut longest, 0, None), (Ok(Some(_)), _)));
}

#[test]
fn in_a_message_or_a_header_that_has_begun_the_short_way_is_not_taken() {
    let whole = frame(true, TEXT, b"whole");
    for begun in [&frame(false, TEXT, b"start")[..], &whole[..1], &whole[..6], &whole[..8]] {
        let (mut receiver, mut assembly) = (Receiver::new(Role::Server), Assembly::default());
        take_start(&mut receiver, begun, &mut assembly);
        let mut input = whole.clone();
        assert_eq!(receiver.take_whole_message(&mut input, &mut assembly, None), Ok(None));
        assert_eq!(input, whole);
    }
}

#[test]
fn r6_without_buffering_a_whole_message_is_reported_without_its_payload() {
    let mut receiver = Receiver::new(Role::Server);
    receiver.set_buffering(false);
    let mut input = frame(true, TEXT, b"text");
    let message = WholeMessage { opcode: TEXT, start: 6, length: 0 };
    assert_eq!(take(&mut receiver, &mut input, 0, None), (Ok(Some(message)), 10));
}

#[test]
fn r11_the_short_way_takes_nothing_once_reading_is_disabled_but_what_is_being_read() {
    let mut receiver = Receiver::new(Role::Server);
    let mut input = [frame(true, TEXT, b"one"), frame(true, TEXT, b"two")].concat();
    let mut assembly = Assembly::default();
    assert_eq!(receiver.ask_for_frame(&mut assembly), Some(0));
    receiver.disable();
    let (taken, cursor) = take(&mut receiver, &mut input, 0, None);
    assert!(matches!(taken, Ok(Some(WholeMessage { length: 3, .. }))));
    assert_eq!(take(&mut receiver, &mut input, cursor, None), (Ok(None), cursor));
}
