//! A large message whose memory the library queues instead of a copy, for Miri: the
//! program sees the message to the end of its callback, whatever it does there, and what
//! goes out is what it queued.

#![allow(clippy::indexing_slicing, clippy::multiple_unsafe_ops_per_block)]

mod session;

use std::ops::Range;

use session::{At, Hook, Session, frame};
use wslay::abi::*;
use wslay::capi::event::*;

/// Enough for a message to get memory of its own, and little for Miri.
const LARGE: usize = 2100;
/// A key of zeros leaves the payload as it is, which spares Miri much work.
const KEY: Option<[u8; 4]> = Some([0; 4]);

fn queue_it(session: &Session, message: Option<&wslay_event_on_msg_recv_arg>) {
    let Some(message) = message else { return };
    let echo = wslay_event_msg { opcode: message.opcode, msg: message.msg, msg_length: message.msg_length };
    // SAFETY: the context is alive, and the message is that of this callback.
    assert_eq!(unsafe { wslay_event_queue_msg(session.ctx.get(), &raw const echo) }, 0);
}

/// Queues `range` of it.
fn queue_part(session: &Session, message: Option<&wslay_event_on_msg_recv_arg>, range: Range<usize>) {
    let Some(message) = message else { return };
    assert!(range.end <= message.msg_length);
    let part =
        wslay_event_msg { opcode: 2, msg: message.msg.wrapping_add(range.start), msg_length: range.len() };
    // SAFETY: the context is alive, and the message is that of this callback.
    assert_eq!(unsafe { wslay_event_queue_msg(session.ctx.get(), &raw const part) }, 0);
}

fn payload(number: u8) -> Vec<u8> {
    // Copied piece by piece, which Miri does faster than byte by byte.
    let start = usize::from(number);
    b"abcdefghijklmnopqrstuvwxyz".repeat(LARGE / 26 + 2)[start..start + LARGE].to_vec()
}

fn echoed(number: u8) -> Vec<u8> {
    frame(0x82, None, &payload(number))
}

/// How three messages come.
#[derive(Clone, Copy, PartialEq)]
enum Come {
    /// In a read each: the second and third are read in place.
    OneByOne,
    /// In one read, into memory for several, where answers are made in place.
    Together,
}

const WAYS: [Come; 2] = [Come::OneByOne, Come::Together];

fn frames() -> [Vec<u8>; 3] {
    [0, 1, 2].map(|number| frame(0x82, KEY, &payload(number)))
}

/// That several messages come is expected once it has happened.
fn expecting_several() -> std::rc::Rc<Session> {
    let session = Session::server_for_messages();
    for before in [frames()[0].clone(), frames().concat(), frames().concat()] {
        session.input.borrow_mut().push_back(before);
        assert_eq!(session.recv(), 0);
    }
    session.messages.take();
    session
}

/// The session itself checks that each message can be read when the hook is done.
fn play(come: Come, hook: Hook, send_at_most: usize) -> std::rc::Rc<Session> {
    let session = match come {
        Come::OneByOne => Session::server_for_messages(),
        Come::Together => expecting_several(),
    };
    session.hook.set(Some((At::Message, hook)));
    session.send_at_most.set(send_at_most);
    match come {
        Come::OneByOne => session.input.borrow_mut().extend(frames()),
        Come::Together => session.input.borrow_mut().push_back(frames().concat()),
    }
    assert_eq!(session.recv(), 0);
    if !session.freed.get() {
        let messages = session.messages.borrow();
        assert_eq!(*messages, [payload(0), payload(1), payload(2)]);
    }
    session
}

fn send_all(session: &Session) -> Vec<u8> {
    for _ in 0..100 {
        assert_eq!(session.send(), 0);
    }
    session.output.take()
}

#[test]
fn q3_an_echo_goes_out_as_it_came() {
    for come in WAYS {
        let session = play(come, queue_it, usize::MAX);
        assert_eq!(send_all(&session), [echoed(0), echoed(1), echoed(2)].concat());
    }
}

#[test]
fn q3_the_message_outlives_its_sending() {
    let echo_at_once: Hook = |session, message| {
        queue_it(session, message);
        assert_eq!(session.send(), 0);
        assert_eq!(session.queue(1, b"behind"), 0);
    };
    for come in WAYS {
        let session = play(come, echo_at_once, usize::MAX);
        let behind = frame(0x81, None, b"behind");
        let expected = [echoed(0), behind.clone(), echoed(1), behind.clone(), echoed(2), behind].concat();
        assert_eq!(send_all(&session), expected);
    }
}

#[test]
fn q3_the_message_stays_when_more_is_queued_behind_it() {
    let queue_much: Hook = |session, message| {
        queue_it(session, message);
        queue_it(session, message);
        assert_eq!(session.queue(2, &[b'z'; 2 * LARGE]), 0);
    };
    for come in WAYS {
        let session = play(come, queue_much, 1000);
        let large = frame(0x82, None, &[b'z'; 2 * LARGE]);
        let one = |number| [echoed(number), echoed(number), large.clone()].concat();
        assert_eq!(send_all(&session), [one(0), one(1), one(2)].concat());
    }
}

#[test]
fn q3_what_is_queued_between_stays_between() {
    let queue_another: Hook = |session, message| {
        queue_it(session, message);
        match session.countdown.replace(session.countdown.get() + 1) {
            0 => {}
            1 => assert_eq!(session.queue(1, b"text"), 0),
            _ => assert_eq!(session.queue_fragmented(2, &[b"fragment"]), 0),
        }
    };
    for come in WAYS {
        let session = play(come, queue_another, usize::MAX);
        let others = [frame(0x81, None, b"text"), frame(0x82, None, b"fragment")];
        let expected = [echoed(0), echoed(1), others[0].clone(), echoed(2), others[1].clone()];
        assert_eq!(send_all(&session), expected.concat());
    }
}

#[test]
fn q3_written_and_partly_sent_inside_the_callback() {
    let write_some: Hook = |session, message| {
        queue_it(session, message);
        let mut room = [0; 500];
        let written = session.write(&mut room);
        session.output.borrow_mut().extend(&room[..written as usize]);
        assert_eq!(session.send(), 0);
    };
    for come in WAYS {
        let session = play(come, write_some, 700);
        assert_eq!(send_all(&session), [echoed(0), echoed(1), echoed(2)].concat());
    }
}

#[test]
fn q3_the_send_callback_may_look_at_the_message_that_it_sends() {
    let send_it: Hook = |session, message| {
        queue_it(session, message);
        let message = message.unwrap();
        session.shown.set((message.msg, message.msg_length));
        let look: Hook = |session, _| {
            let (start, length) = session.shown.get();
            // SAFETY: the callback that was shown the message is still under way.
            let message = unsafe { std::slice::from_raw_parts(start, length) };
            assert!(payload(0) == message || payload(1) == message || payload(2) == message);
        };
        let hook = session.hook.replace(Some((At::Send, look)));
        assert_eq!(session.send(), 0);
        session.hook.set(hook);
    };
    for come in WAYS {
        let session = play(come, send_it, usize::MAX);
        assert_eq!(session.hook_runs.get(), 3 + 3);
        assert_eq!(send_all(&session), [echoed(0), echoed(1), echoed(2)].concat());
    }
}

#[test]
fn c2_a_free_after_queueing_leaves_the_message_to_its_callback() {
    let queue_and_free: Hook = |session, message| {
        queue_it(session, message);
        session.free();
        session.hook.set(None);
    };
    for come in WAYS {
        let session = play(come, queue_and_free, usize::MAX);
        assert_eq!(*session.messages.borrow(), [payload(0)]);
    }
}

#[test]
fn q1_a_refused_message_stays_with_the_library() {
    let queue_after_close: Hook = |session, message| {
        session.queue_close(1000);
        let Some(message) = message else { return };
        let echo = wslay_event_msg { opcode: 2, msg: message.msg, msg_length: message.msg_length };
        // SAFETY: the context is alive, and the message is that of this callback.
        let result = unsafe { wslay_event_queue_msg(session.ctx.get(), &raw const echo) };
        assert_eq!(result, wslay_error::WSLAY_ERR_NO_MORE_MSG as i32);
    };
    for come in WAYS {
        let session = play(come, queue_after_close, usize::MAX);
        assert_eq!(send_all(&session), frame(0x88, None, b"\x03\xe8bye"));
    }
}

#[test]
fn q4_a_ping_made_of_the_message_goes_before_data() {
    let queue_ping_and_text: Hook = |session, message| {
        let Some(message) = message else { return };
        let ping = wslay_event_msg { opcode: 9, msg: message.msg, msg_length: 100 };
        // SAFETY: the context is alive, and the message is that of this callback.
        assert_eq!(unsafe { wslay_event_queue_msg(session.ctx.get(), &raw const ping) }, 0);
        assert_eq!(session.queue(1, b"text"), 0);
    };
    for come in WAYS {
        let session = play(come, queue_ping_and_text, usize::MAX);
        let pings = [0, 1, 2].map(|number| frame(0x89, None, &payload(number)[..100]));
        let texts = frame(0x81, None, b"text").repeat(3);
        assert_eq!(send_all(&session), [pings.concat(), texts].concat());
    }
}

#[test]
fn s7_a_client_masks_a_copy_of_the_message() {
    let echo_at_once: Hook = |session, message| {
        queue_it(session, message);
        assert_eq!(session.send(), 0);
    };
    let session = Session::client_for_messages();
    session.hook.set(Some((At::Message, echo_at_once)));
    let numbers = [0, 1, 2].repeat(3);
    let frames: Vec<_> = numbers.iter().map(|number| frame(0x82, None, &payload(*number))).collect();
    session.input.borrow_mut().extend([frames[..3].concat(), frames[3..].concat()]);
    assert_eq!(session.recv(), 0);
    let payloads: Vec<_> = numbers.iter().map(|number| payload(*number)).collect();
    assert_eq!(*session.messages.borrow(), payloads);
    let masked: Vec<_> = payloads.iter().flat_map(|payload| frame(0x82, Some([0x5a; 4]), payload)).collect();
    assert_eq!(session.output.take(), masked);
}

#[test]
fn q3_parts_of_a_message_leave_what_lies_between_them() {
    // Between two parts there is just the room that the second one's header takes.
    const LONG: usize = LARGE / 2;
    let queue_parts: Hook = |session, message| {
        queue_part(session, message, 0..10);
        queue_part(session, message, 12..20);
        queue_part(session, message, 24..LONG);
        queue_part(session, message, LONG + 4..LARGE);
    };
    for come in WAYS {
        let session = play(come, queue_parts, usize::MAX);
        let parts = [0, 1, 2].map(|number| {
            let payload = payload(number);
            let parts = [&payload[..10], &payload[12..20], &payload[24..LONG], &payload[LONG + 4..]];
            parts.map(|part| frame(0x82, None, part)).concat()
        });
        assert_eq!(send_all(&session), parts.concat());
    }
}

#[test]
fn q3_a_part_where_an_earlier_message_began_is_copied() {
    let queue_part_of_ping: Hook = |session, message| {
        if message.is_some_and(|message| message.opcode == 9) {
            queue_part(session, message, 2..10);
        }
    };
    let session = expecting_several();
    session.hook.set(Some((At::Message, queue_part_of_ping)));
    let ping = frame(0x89, KEY, b"0123456789");
    session.input.borrow_mut().extend([frames()[0].clone(), ping]);
    assert_eq!(session.recv(), 0);
    assert_eq!(*session.messages.borrow(), [payload(0), b"0123456789".to_vec()]);
    let expected = [frame(0x8a, None, b"0123456789"), frame(0x82, None, b"23456789")];
    assert_eq!(send_all(&session), expected.concat());
}

#[test]
fn c1_reports_of_frames_may_end_between_a_message_and_its_bytes() {
    let report: Hook = |session, _| {
        session.report_frames(true);
        let report_no_more: Hook = |session, _| session.report_frames(false);
        let at = [At::Start, At::Chunk, At::End][session.countdown.get()];
        session.hook.set(Some((at, report_no_more)));
    };
    for at in 0..3 {
        let session = expecting_several();
        session.countdown.set(at);
        session.hook.set(Some((At::Message, report)));
        session.input.borrow_mut().push_back(frames()[..2].concat());
        assert_eq!(session.recv(), 0);
        assert_eq!(session.hook_runs.get(), 2);
        assert_eq!(*session.messages.borrow(), [payload(0), payload(1)]);
    }
}

/// What a program does inside the recv callback that adds to the memory of the messages, and
/// what goes out in the end.
fn play_inside_recv(action: Hook) -> std::rc::Rc<Session> {
    let session = expecting_several();
    session.action.set(Some(action));
    let act_in_next_recv: Hook = |session, message| {
        queue_it(session, message);
        let act_once: Hook = |session, message| {
            if let Some(action) = session.action.take() {
                action(session, message);
            }
            session.hook.set(Some((At::Message, |session, message| {
                let Some(message) = message else { return };
                let echo = wslay_event_msg { opcode: 2, msg: message.msg, msg_length: message.msg_length };
                // SAFETY: the context is alive, and the message is that of this callback.
                unsafe { wslay_event_queue_msg(session.ctx.get(), &raw const echo) };
            })));
        };
        session.hook.set(Some((At::Recv, act_once)));
    };
    session.hook.set(Some((At::Message, act_in_next_recv)));
    let bytes = frames().concat();
    let (first, rest) = bytes.split_at(LARGE + LARGE / 2);
    session.input.borrow_mut().extend([first.to_vec(), rest.to_vec()]);
    assert_eq!(session.recv(), 0);
    assert!(session.action.get().is_none(), "the second message was read in two");
    session
}

#[test]
fn c1_what_the_recv_callback_does_leaves_the_messages_in_its_memory() {
    let actions: [(Hook, &[&[u8]]); 6] = [
        (|session, _| assert_eq!(session.send(), 0), &[b"", b""]),
        (|session, _| assert_eq!(session.queue(1, b"text"), 0), &[b"\x81\x04text", b""]),
        (|session, _| assert_eq!(session.queue(9, b"ping"), 0), &[b"", b"\x89\x04ping"]),
        (|session, _| assert_eq!(session.recv(), 0), &[b"", b""]),
        (|session, _| session.report_frames(true), &[b"", b""]),
        (
            |session, _| {
                let mut room = [0; 100];
                assert_eq!(session.write(&mut room), 100);
                session.output.borrow_mut().extend(room);
            },
            &[b"", b""],
        ),
    ];
    for (action, more) in actions {
        let session = play_inside_recv(action);
        assert_eq!(*session.messages.borrow(), [payload(0), payload(1), payload(2)]);
        let (behind_first, before_all) = (more[0].to_vec(), more[1].to_vec());
        let expected = [before_all, echoed(0), behind_first, echoed(1), echoed(2)];
        assert_eq!(send_all(&session), expected.concat());
    }
}

#[test]
fn c1_the_recv_callback_may_end_what_its_memory_is_for() {
    let session = play_inside_recv(|session, _| session.free());
    assert_eq!(*session.messages.borrow(), [payload(0)]);
    // SAFETY: the context is alive.
    let session = play_inside_recv(|session, _| unsafe { wslay_event_shutdown_read(session.ctx.get()) });
    assert_eq!(*session.messages.borrow(), [payload(0), payload(1)]);
    assert_eq!(send_all(&session), [echoed(0), echoed(1)].concat());
    let session = play_inside_recv(|session, _| assert_eq!(session.queue_close(1000), 0));
    assert_eq!(*session.messages.borrow(), [payload(0), payload(1), payload(2)]);
    assert_eq!(send_all(&session), frame(0x88, None, b"\x03\xe8bye"));
    // SAFETY: the context is alive.
    let session = play_inside_recv(|session, _| unsafe { wslay_event_shutdown_write(session.ctx.get()) });
    assert_eq!(*session.messages.borrow(), [payload(0), payload(1), payload(2)]);
    assert_eq!(send_all(&session), b"");
}
