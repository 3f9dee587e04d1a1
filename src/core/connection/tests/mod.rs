//! Unit tests of a connection: what comes in, and what goes out because of it.

mod short_steps;

use super::*;
use crate::core::header::{self, Header};
use crate::core::mask;
use crate::core::opcode::{BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT};
use crate::core::sender::SendStep;

const KEY: [u8; 4] = [0x1b, 0xf2, 0x03, 0xc4];

fn encode(fin: bool, opcode: u8, mask_key: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
    let header = Header { fin, rsv: 0, opcode, payload_length: payload.len() as u64, mask_key };
    let mut bytes = header::encode(&header).as_slice().to_vec();
    let start = bytes.len();
    bytes.extend(payload);
    mask::apply(mask_key.unwrap_or_default(), 0, &mut bytes[start..]);
    bytes
}

/// A frame as the peer of a server sends it.
fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    encode(true, opcode, Some(KEY), payload)
}

/// A frame as a server sends it.
fn reply(opcode: u8, payload: &[u8]) -> Vec<u8> {
    encode(true, opcode, None, payload)
}

fn server() -> Connection<()> {
    Connection::new(Role::Server)
}

/// A message as the program sees it.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    opcode: u8,
    status_code: u16,
    payload: Vec<u8>,
}

fn seen(opcode: u8, status_code: u16, payload: &[u8]) -> Seen {
    Seen { opcode, status_code, payload: payload.to_vec() }
}

/// One call that receives, in which one read brings `bytes`.
fn receive(connection: &mut Connection<()>, bytes: &[u8]) -> (Vec<Seen>, Result<(), Error>) {
    let mut assembly = connection.take_assembly();
    let mut input = bytes.to_vec();
    let mut messages = Vec::new();
    let mut has_read = false;
    let result = loop {
        let unread = if has_read { &mut input[..] } else { &mut [] };
        match connection.receive(Some(unread), &mut assembly, false) {
            Ok(Event::NeedInput(_) | Event::NeedPayload(_)) if !has_read => has_read = true,
            Ok(Event::NeedInput(_) | Event::NeedPayload(_) | Event::Disabled) => break Ok(()),
            Ok(Event::Message(message)) => {
                let payload = message.payload.bytes(&mut input, &mut assembly);
                messages.push(seen(message.opcode, message.status_code, payload));
                assert!(messages.len() < 100);
            }
            Ok(report) => panic!("{report:?}"),
            Err(error) => break Err(error),
        }
    };
    connection.put_back_assembly(assembly);
    (messages, result)
}

/// What goes out when the program can send.
fn send(connection: &mut Connection<()>) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        match connection.sender.next() {
            SendStep::Idle => return out,
            SendStep::Transmit(batch) => {
                out.extend(batch.bytes());
                assert!(out.len() < 100_000);
                let count = batch.len();
                connection.sender.sent(batch, count, false);
            }
            _ => panic!("a server with whole messages needs nothing else"),
        }
    }
}

#[test]
fn r8_a_close_is_answered_with_its_code_and_reason() {
    for (payload, code, received) in
        [(&b"\x03\xe8bye"[..], 1000, 1000), (b"\x0f\xa0", 4000, 4000), (b"", 0, close::NO_STATUS_RECEIVED)]
    {
        let mut connection = server();
        assert!(!connection.receiver().close_received());
        assert_eq!(connection.receiver().status_received(), close::ABNORMAL_CLOSURE);
        let session = [frame(CLOSE, payload), frame(TEXT, b"late")].concat();
        let (messages, result) = receive(&mut connection, &session);
        assert_eq!((messages, result), (vec![seen(CLOSE, code, payload)], Ok(())));
        assert!(connection.receiver().close_received() && !connection.receiver().is_enabled());
        assert_eq!(connection.receiver().status_received(), received);
        assert_eq!(send(&mut connection), reply(CLOSE, payload));
        assert_eq!(connection.sender.status_sent(), received);
    }
}

#[test]
fn r8_a_close_is_not_answered_where_one_was_queued() {
    for is_sent in [false, true] {
        let mut connection = server();
        connection.sender.queue_close(1001, b"").unwrap();
        if is_sent {
            assert_eq!(send(&mut connection), reply(CLOSE, b"\x03\xe9"));
        }
        let (messages, result) = receive(&mut connection, &frame(CLOSE, b"\x03\xe8"));
        assert_eq!((messages, result), (vec![seen(CLOSE, 1000, b"\x03\xe8")], Ok(())));
        assert_eq!(connection.receiver().status_received(), 1000);
        let expected = if is_sent { Vec::new() } else { reply(CLOSE, b"\x03\xe9") };
        assert_eq!(send(&mut connection), expected);
    }
}

#[test]
fn r8_d4_a_close_without_a_proper_code_is_a_protocol_error() {
    for payload in [&b"\x03"[..], b"\x03\xed", b"\x00\x00why"] {
        let mut connection = server();
        assert_eq!(receive(&mut connection, &frame(CLOSE, payload)), (vec![], Ok(())));
        assert!(!connection.receiver().close_received() && !connection.receiver().is_enabled());
        assert_eq!(connection.receiver().status_received(), close::ABNORMAL_CLOSURE);
        assert_eq!(send(&mut connection), reply(CLOSE, b"\x03\xea"));
    }
}

#[test]
fn r9_a_ping_is_answered_and_reported_and_a_pong_only_reported() {
    let mut connection = server();
    let longest = [b'p'; MAX_CONTROL_PAYLOAD];
    let session =
        [frame(PING, b"one"), frame(PONG, b"two"), frame(PING, b""), frame(PING, &longest)].concat();
    let (messages, result) = receive(&mut connection, &session);
    let expected =
        vec![seen(PING, 0, b"one"), seen(PONG, 0, b"two"), seen(PING, 0, b""), seen(PING, 0, &longest)];
    assert_eq!((messages, result), (expected, Ok(())));
    let pongs = [reply(PONG, b"one"), reply(PONG, b""), reply(PONG, &longest)].concat();
    assert_eq!(send(&mut connection), pongs);
}

#[test]
fn r9_a_ping_is_not_answered_where_nothing_can_be_queued() {
    let mut connection = server();
    connection.sender.queue_close(0, b"").unwrap();
    let (messages, result) = receive(&mut connection, &frame(PING, b"ping"));
    assert_eq!((messages, result), (vec![seen(PING, 0, b"ping")], Ok(())));
    assert_eq!(send(&mut connection), reply(CLOSE, b""));
}

#[test]
fn r2_d2_a_malformed_frame_fails_with_a_close() {
    let mut connection = server();
    let session = [frame(TEXT, b"before"), vec![0x81, 0xfe, 0, 125]].concat();
    let (messages, result) = receive(&mut connection, &session);
    assert_eq!((messages, result), (vec![seen(TEXT, 0, b"before")], Err(Error::CallbackFailure)));
    assert!(!connection.receiver().is_enabled() && connection.sender.is_enabled());
    assert_eq!(receive(&mut connection, &frame(TEXT, b"after")), (vec![], Ok(())), "R11");
    assert_eq!(send(&mut connection), reply(CLOSE, b"\x03\xea"));
}

#[test]
fn r2_input_that_fails_ends_reading_with_an_empty_close() {
    for there in [&b""[..], b"\x81", b"\x81\x85\0\0\0\0He"] {
        let mut connection = server();
        assert_eq!(receive(&mut connection, there), (vec![], Ok(())));
        connection.sender.queue_message(PONG, 0, 0, b"").unwrap();
        assert_eq!(connection.input_failed(), Error::CallbackFailure);
        assert!(!connection.receiver().is_enabled() && connection.sender.is_enabled());
        assert!(!connection.receiver().close_received());
        assert_eq!(receive(&mut connection, b"llo"), (vec![], Ok(())), "R11");
        assert_eq!(connection.input_failed(), Error::CallbackFailure);
        assert_eq!(send(&mut connection), reply(CLOSE, b""));
    }
}

#[test]
fn r3_r4_a_refused_frame_is_answered_with_a_close_of_its_code() {
    let refused = [
        (frame(3, b"x"), b"\x03\xea"),
        (reply(TEXT, b"unmasked"), b"\x03\xea"),
        (frame(CONTINUATION, b""), b"\x03\xea"),
        (frame(TEXT, b"\xff"), b"\x03\xef"),
        (frame(BINARY, &[0; 101]), b"\x03\xf1"),
    ];
    for (bytes, close) in refused {
        let mut connection = server();
        connection.receiver().set_max_message_length(100);
        assert_eq!(receive(&mut connection, &bytes), (vec![], Ok(())));
        assert!(!connection.receiver().is_enabled() && connection.sender.is_enabled());
        assert_eq!(send(&mut connection), reply(CLOSE, close));
    }
}

#[test]
fn r10_without_memory_reading_ends_and_nothing_is_said() {
    let mut connection = server();
    assert_eq!(connection.fail(Fault::NoMemory), Err(Error::NoMemory));
    assert!(!connection.receiver().is_enabled() && connection.sender.is_queueable());
    assert_eq!(send(&mut connection), b"");
}

#[test]
fn q2_a_message_may_have_the_rsv_bit_that_is_allowed() {
    let mut connection = server();
    assert_eq!(connection.queue_message(TEXT, 4, b"no"), Err(Error::InvalidArgument));
    connection.receiver().set_allowed_rsv(4);
    assert_eq!(connection.queue_message(TEXT, 4, b"yes"), Ok(()));
    assert_eq!(send(&mut connection), b"\xc1\x03yes");
}

#[test]
fn what_is_incomplete_is_kept_between_calls() {
    let session = [
        encode(false, TEXT, Some(KEY), "h\u{e9}".as_bytes()),
        frame(PING, b"between"),
        encode(true, CONTINUATION, Some(KEY), &[b'x'; 300]),
        frame(BINARY, &[b'y'; 200]),
    ]
    .concat();
    let text = ["h\u{e9}".as_bytes(), &[b'x'; 300]].concat();
    let expected = vec![seen(PING, 0, b"between"), seen(TEXT, 0, &text), seen(BINARY, 0, &[b'y'; 200])];
    for step in if cfg!(miri) { vec![7, 100] } else { (1..40).chain([300, 500]).collect() } {
        let mut connection = server();
        let mut messages = Vec::new();
        for bytes in session.chunks(step) {
            let (more, result) = receive(&mut connection, bytes);
            assert_eq!(result, Ok(()));
            messages.extend(more);
        }
        assert_eq!(messages, expected, "{step} bytes a call");
        assert_eq!(send(&mut connection), reply(PONG, b"between"));
        let assembly = connection.take_assembly();
        assert!(!assembly.data.is_allocated() && !assembly.control.is_allocated());
    }
}

#[test]
fn d11_memory_kept_between_calls_is_in_proportion_to_what_came() {
    let mut connection = server();
    let header = Header { fin: true, rsv: 0, opcode: BINARY, payload_length: 1 << 20, mask_key: Some(KEY) };
    let start = [header::encode(&header).as_slice(), &[0; 5000]].concat();
    let mut assembly = connection.take_assembly();
    let mut input = start;
    assert_eq!(connection.receive(Some(&mut []), &mut assembly, false), Ok(Event::NeedInput(0)));
    let Ok(Event::NeedPayload(limit)) = connection.receive(Some(&mut input), &mut assembly, false) else {
        panic!("most of the message is missing")
    };
    assert!(limit >= 200_000, "a large message comes in few reads");
    connection.put_back_assembly(assembly);
    let assembly = connection.take_assembly();
    assert_eq!(assembly.data.len(), 5000);
    assert!(assembly.data.spare_capacity() <= 2 * 5000);
}

#[test]
fn what_can_never_be_completed_is_not_kept() {
    let mut connection = server();
    assert_eq!(receive(&mut connection, &encode(false, TEXT, Some(KEY), b"start")), (vec![], Ok(())));
    let assembly = connection.take_assembly();
    assert_eq!(assembly.data.as_slice(), b"start");
    connection.receiver().disable();
    connection.put_back_assembly(assembly);
    assert!(!connection.take_assembly().data.is_allocated());
}
