//! The short steps, and messages in memory that the sender holds while they are shown.

use super::*;
use crate::core::receiver::Piece;

/// A message that is large, and what it takes with its header.
const LARGE: usize = 3000;
const WHOLE: usize = LARGE + 8;

fn payload(byte: u8) -> [u8; LARGE] {
    [byte; LARGE]
}

fn memory(bytes: &[u8], capacity: usize) -> Buffer<u8> {
    let mut memory = Buffer::with_capacity(capacity).unwrap();
    memory.extend(bytes).unwrap();
    memory
}

fn reported(step: Result<ShortStep, Error>) -> WholeMessage {
    match step {
        Ok(ShortStep::Report(message)) => message,
        _ => panic!("not a message"),
    }
}

fn read_on(step: Result<ShortStep, Error>) -> usize {
    match step {
        Ok(ShortStep::ReadOn(count)) => count,
        _ => panic!("not to be read on"),
    }
}

fn is_otherwise(step: &Result<ShortStep, Error>) -> bool {
    matches!(step, Ok(ShortStep::Otherwise))
}

/// A server that expects messages as large as the one it got.
fn expecting() -> Connection<()> {
    let mut connection = server();
    let mut assembly = Assembly::default();
    let mut input = frame(BINARY, &payload(b'x'));
    reported(connection.receive_whole_message(&mut input, &mut assembly));
    connection
}

/// The same with such messages in memory that was lent, with room behind them for `spare`.
fn lent(bytes: &[u8], spare: usize) -> Connection<()> {
    let mut connection = expecting();
    connection.sender.lend_shown(memory(bytes, bytes.len() + spare));
    connection
}

/// Queues the message just reported, as a program would that has it before it.
fn echo(connection: &mut Connection<()>, message: WholeMessage) -> bool {
    let WholeMessage { opcode, start, length } = message;
    let shown = connection.sender.shown();
    let payload = shown.memory().as_slice()[start..start + length].as_ptr_range();
    let payload_length = length as u64;
    let header = Header { fin: true, rsv: 0, opcode, payload_length, mask_key: None };
    shown.make_frame(&header::encode(&header), payload)
}

#[test]
fn a_whole_message_is_reported_and_then_input_is_asked_for() {
    let mut connection = server();
    let mut assembly = Assembly::default();
    let step = connection.receive_whole_message(&mut [], &mut assembly);
    assert!(matches!(step, Ok(ShortStep::Read(0))));
    let mut input = [frame(TEXT, b"one"), frame(BINARY, b"")].concat();
    let one = reported(connection.receive_whole_message(&mut input, &mut assembly));
    assert_eq!(one, WholeMessage { opcode: TEXT, start: 6, length: 3 });
    let empty = reported(connection.receive_whole_message(&mut input, &mut assembly));
    assert_eq!((empty.opcode, empty.length), (BINARY, 0));
    let step = connection.receive_whole_message(&mut input, &mut assembly);
    assert!(matches!(step, Ok(ShortStep::Read(0))));
    assembly.cursor = 0;
    let mut input = frame(BINARY, &payload(b'x'));
    reported(connection.receive_whole_message(&mut input, &mut assembly));
    let step = connection.receive_whole_message(&mut input, &mut assembly);
    assert!(matches!(step, Ok(ShortStep::Read(expected)) if expected > WHOLE));
}

#[test]
fn what_is_not_whole_is_left_to_the_machine() {
    let mut connection = server();
    let mut assembly = Assembly::default();
    let mut input = frame(TEXT, b"one");
    let end = input.len() - 1;
    let step = connection.receive_whole_message(&mut input[..end], &mut assembly);
    assert!(is_otherwise(&step) && assembly.cursor == 0);
    assert!(matches!(
        connection.receive(Some(&mut input[..end]), &mut assembly, false),
        Ok(Event::NeedInput(0))
    ));
    let step = connection.receive_whole_message(&mut input[..end], &mut assembly);
    assert!(is_otherwise(&step), "the machine knows what is missing");
}

#[test]
fn r4_a_refused_message_of_a_short_step_is_answered() {
    let broken = frame(TEXT, b"\xff");
    let mut connection = server();
    let mut assembly = Assembly::default();
    assert!(is_otherwise(&connection.receive_whole_message(&mut broken.clone(), &mut assembly)));
    assert!(!connection.receiver().is_enabled());
    assert_eq!(send(&mut connection), reply(CLOSE, b"\x03\xef"));

    let mut connection = lent(&broken, 0);
    assert!(is_otherwise(&connection.receive_in_shown(&mut Assembly::default(), true)));
    assert!(!connection.receiver().is_enabled());
    assert_eq!(send(&mut connection), reply(CLOSE, b"\x03\xef"));

    let mut connection = expecting();
    let mut input = memory(&frame(TEXT, &[0xff; LARGE])[..2000], WHOLE);
    assert_eq!(connection.receive_in_place(&mut input, &mut Assembly::default()), Ok(true));
    assert!(!connection.receiver().is_enabled());
    assert_eq!(send(&mut connection), reply(CLOSE, b"\x03\xef"));
}

#[test]
fn answers_in_lent_input_adjoin_and_go_out_when_it_is_retired() {
    let messages = [payload(b'a'), payload(b'b'), payload(b'c')];
    let session = messages.map(|payload| frame(BINARY, &payload)).concat();
    let replies = messages.map(|payload| reply(BINARY, &payload)).concat();
    let mut connection = lent(&session, 0);
    let mut assembly = Assembly::default();
    for payload in messages {
        let message = reported(connection.receive_in_shown(&mut assembly, true));
        let WholeMessage { opcode, start, length } = message;
        assert_eq!(opcode, BINARY);
        assert_eq!(connection.sender.shown().memory().as_slice()[start..start + length], payload);
        assert!(echo(&mut connection, message));
    }
    assert!(is_otherwise(&connection.receive_in_shown(&mut assembly, true)), "there is no room");
    assert_eq!(assembly.cursor, session.len());
    assert!(!connection.retire_input(false).is_allocated());
    connection.queue_message(TEXT, 0, b"behind").unwrap();
    assert_eq!(send(&mut connection), [replies, reply(TEXT, b"behind")].concat());
}

#[test]
fn messages_that_are_not_answered_leave_the_lent_input_as_it_was() {
    let session = [frame(BINARY, &payload(b'a')), frame(BINARY, &payload(b'b'))].concat();
    let mut connection = lent(&session, 0);
    let mut assembly = Assembly::default();
    for start in [8, WHOLE + 8] {
        let message = reported(connection.receive_in_shown(&mut assembly, true));
        assert_eq!(message, WholeMessage { opcode: BINARY, start, length: LARGE });
    }
    let memory = connection.retire_input(false);
    assert_eq!(memory.len(), session.len());
    assert!(memory.is_allocated());
}

#[test]
fn lent_input_is_read_into_again_once_all_of_it_was_taken() {
    let mut connection = lent(&frame(BINARY, &payload(b'a')), 0);
    let mut assembly = Assembly::default();
    reported(connection.receive_in_shown(&mut assembly, true));
    assert!(is_otherwise(&connection.receive_in_shown(&mut assembly, false)), "nothing came");
    assert_eq!(read_on(connection.receive_in_shown(&mut assembly, true)), WHOLE);
    assert_eq!((assembly.cursor, connection.sender.shown().memory().len()), (0, 0));

    let start = &frame(BINARY, &payload(b'b'))[..1000];
    let mut connection = lent(&[&frame(BINARY, &payload(b'a')), start].concat(), WHOLE - 1000);
    let mut assembly = Assembly::default();
    reported(connection.receive_in_shown(&mut assembly, true));
    assert_eq!(read_on(connection.receive_in_shown(&mut assembly, true)), WHOLE - 1000);
    assert_eq!(assembly.cursor, WHOLE, "what has begun stays where it is");
}

#[test]
fn lent_input_is_kept_until_the_message_in_it_is_reported() {
    let mut connection = lent(&frame(BINARY, &payload(b'a')), 0);
    let mut assembly = Assembly::default();
    // The program wants frame reports at first.
    assert!(matches!(connection.receive(None, &mut assembly, true), Ok(Event::FrameStart(_))));
    assert_eq!(connection.receive(None, &mut assembly, true), Ok(Event::Chunk(Piece::Input(8..WHOLE))));
    assert!(is_otherwise(&connection.receive_in_shown(&mut assembly, true)));
    let message = Message { rsv: 0, opcode: BINARY, payload: Piece::Input(8..WHOLE), status_code: 0 };
    assert_eq!(connection.receive(None, &mut assembly, false), Ok(Event::Message(message)));
    assert_eq!(connection.sender.shown().memory().as_slice()[8..], payload(b'a'));
}

#[test]
fn lent_input_is_read_on_behind_answers() {
    let mut connection = lent(&frame(BINARY, &payload(b'a')), WHOLE);
    let mut assembly = Assembly::default();
    let message = reported(connection.receive_in_shown(&mut assembly, true));
    assert!(echo(&mut connection, message));
    assert_eq!(read_on(connection.receive_in_shown(&mut assembly, true)), WHOLE);
    connection.sender.shown().memory_mut().extend(&frame(BINARY, &payload(b'b'))).unwrap();
    let message = reported(connection.receive_in_shown(&mut assembly, true));
    assert!(echo(&mut connection, message));
    let replies = [reply(BINARY, &payload(b'a')), reply(BINARY, &payload(b'b'))].concat();
    assert_eq!(connection.sender.shown().frames(), replies);
}

#[test]
fn the_machine_finds_what_else_lies_in_lent_input() {
    let mut connection = lent(&[frame(BINARY, &payload(b'a')), frame(PING, b"ping")].concat(), 0);
    let mut assembly = Assembly::default();
    reported(connection.receive_in_shown(&mut assembly, true));
    assert!(is_otherwise(&connection.receive_in_shown(&mut assembly, true)));
    let ping = Message { rsv: 0, opcode: PING, payload: Piece::Input(WHOLE + 6..WHOLE + 10), status_code: 0 };
    assert_eq!(connection.receive(None, &mut assembly, false), Ok(Event::Message(ping)));
    assert_eq!(send(&mut connection), reply(PONG, b"ping"));
}

#[test]
fn more_is_expected_at_once_after_input_that_was_full() {
    let mut connection = lent(&frame(BINARY, &payload(b'a')), 0);
    let expected = |connection: &mut Connection<()>| {
        connection.receiver().ask_for_frame(&mut Assembly::default()).unwrap()
    };
    let once = expected(&mut connection);
    connection.sender.shown().memory_mut().extend(&[0; 100]).unwrap();
    connection.retire_input(false);
    assert_eq!(expected(&mut connection), once + WHOLE);
    connection.sender.lend_shown(Buffer::new());
    connection.retire_input(true);
    assert_eq!(expected(&mut connection), once + WHOLE, "it goes on");
    connection.sender.lend_shown(Buffer::new());
    connection.retire_input(false);
    assert_eq!(expected(&mut connection), once);
}

#[test]
fn a_message_takes_over_the_memory_and_its_answer_does_after_that() {
    let message = frame(BINARY, &payload(b'a'));
    let mut connection = expecting();
    let mut assembly = Assembly::default();
    let mut input = memory(&message[..2000], WHOLE);
    assert_eq!(connection.receive_in_place(&mut input, &mut assembly), Ok(true));
    assert!(!input.is_allocated());
    let event = connection.receive(Some(&mut message[2000..].to_vec()), &mut assembly, false);
    let whole = Message { rsv: 0, opcode: BINARY, payload: Piece::Data(0..LARGE), status_code: 0 };
    assert_eq!(event, Ok(Event::Message(whole)));
    connection.show_message(::core::mem::take(&mut assembly.data));
    assert!(echo(&mut connection, WholeMessage { opcode: BINARY, start: 0, length: LARGE }));
    assert!(!connection.sender.retire_shown().is_allocated());
    connection.queue_message(TEXT, 0, b"behind").unwrap();
    assert_eq!(send(&mut connection), [reply(BINARY, &payload(b'a')), reply(TEXT, b"behind")].concat());
}

#[test]
fn input_that_no_message_takes_over_stays() {
    let mut input = memory(&frame(BINARY, &payload(b'a')), WHOLE);
    assert_eq!(expecting().receive_in_place(&mut input, &mut Assembly::default()), Ok(false));
    assert_eq!(input.len(), WHOLE);
}

#[test]
fn r4_what_is_read_straight_into_a_message_is_reported_and_checked() {
    let message = frame(TEXT, &[b'x'; 10_000]);
    for broken in [false, true] {
        let mut connection = server();
        let mut assembly = Assembly::default();
        let mut input = message[..5000].to_vec();
        assert_eq!(connection.receive(Some(&mut []), &mut assembly, false), Ok(Event::NeedInput(0)));
        let event = connection.receive(Some(&mut input), &mut assembly, false);
        assert!(matches!(event, Ok(Event::NeedPayload(5008))));
        let mut rest = message[5000..].to_vec();
        if broken {
            rest[0] ^= 0x80;
        }
        assembly.data.extend(&rest).unwrap();
        let event = connection.receive_payload(rest.len(), &mut assembly);
        if broken {
            assert_eq!(event, Ok(Event::Disabled));
            assert_eq!(send(&mut connection), reply(CLOSE, b"\x03\xef"));
        } else {
            assert_eq!(event, Ok(Event::Chunk(Piece::Data(4992..10_000))));
            assert_eq!(assembly.data.as_slice()[4992..], [b'x'; 5008]);
        }
    }
}
