//! Callbacks that call back into the library (contract C1, C2), for Miri: every kind
//! of call from inside every kind of callback, with nothing to be seen but the
//! defined outcome.

#![allow(clippy::indexing_slicing, clippy::multiple_unsafe_ops_per_block)]

mod session;

use session::{At, EVERYWHERE, Hook, Session, frame};
use wslay::abi::*;
use wslay::capi::event::*;

const KEY: [u8; 4] = [0x11, 0x22, 0x33, 0x44];

/// Enough for the library to read it straight into the message's memory, and not
/// more, because Miri is slow.
const LARGE: usize = 4300;

/// Input that makes every callback run: a message in fragments with a Ping between
/// them, one whose payload comes later than its header, one that comes byte by byte, a Close.
fn feed(session: &Session, key: Option<[u8; 4]>) {
    let mut input = session.input.borrow_mut();
    let mut first = frame(0x01, key, b"frag");
    first.extend(frame(0x89, key, b"ping"));
    first.extend(frame(0x80, key, b"ment"));
    input.push_back(first);
    // A key of zeros leaves the payload as it is, which spares Miri much work.
    let large = frame(0x82, key.map(|_| [0; 4]), &[7; LARGE]);
    input.extend([large[..100].to_vec(), large[100..].to_vec()]);
    input.extend(frame(0x81, key, b"bytes").chunks(1).map(<[u8]>::to_vec));
    input.push_back(frame(0x88, key, b"\x03\xe8end"));
}

/// Receives and sends with `hook` at `at`, for both roles.
fn play(at: At, hook: Hook, check: impl Fn(&Session)) {
    for server in [true, false] {
        let session = if server { Session::server() } else { Session::client() };
        session.hook.set(Some((at, hook)));
        session.send_at_most.set(7);
        feed(&session, server.then_some(KEY));
        assert_eq!(session.queue(2, b"queued before"), 0);
        assert_eq!(session.queue_fragmented(1, &[b"one", b"two"]), 0);
        for _ in 0..20 {
            if !session.freed.get() {
                session.send();
            }
        }
        if !session.freed.get() {
            session.recv();
        }
        for _ in 0..40 {
            if !session.freed.get() {
                session.send();
            }
        }
        let runs = session.hook_runs.get();
        assert!(runs > 0 || at == At::Genmask && server, "{at:?} never ran");
        check(&session);
    }
}

#[test]
fn c2_free_inside_every_callback_takes_effect_after_the_call_and_no_callback_follows() {
    for at in EVERYWHERE {
        let free: Hook = |session, _| {
            session.free();
            session.free();
            let after = session.callbacks_run.get();
            session.queue(1, b"still a valid pointer");
            session.recv();
            session.send();
            assert_eq!(session.callbacks_run.get(), after);
            session.hook.set(None);
            session.callbacks_run.set(0);
        };
        play(at, free, |session| {
            if session.freed.get() {
                assert_eq!(session.callbacks_run.get(), 0, "a callback ran after the free in {at:?}");
            }
        });
    }
}

#[test]
fn c2_no_callback_follows_a_free_in_any_of_the_recv_callbacks() {
    for count in 1.. {
        let session = Session::server();
        session.countdown.set(count);
        let free: Hook = |session, _| {
            session.countdown.set(session.countdown.get() - 1);
            if session.countdown.get() == 0 {
                session.free();
                session.hook.set(None);
                session.callbacks_run.set(0);
            }
        };
        session.hook.set(Some((At::Recv, free)));
        feed(&session, Some(KEY));
        assert_eq!(session.recv(), 0);
        if !session.freed.get() {
            assert!(count > 3);
            break;
        }
        assert_eq!(session.callbacks_run.get(), 0, "a callback ran after the free in recv callback {count}");
    }
}

#[test]
fn c2_nested_recv_does_nothing_inside_recv() {
    for at in [At::Recv, At::Start, At::Chunk, At::End, At::Message] {
        let recv: Hook = |session, _| {
            let before = session.callbacks_run.get();
            assert_eq!(session.recv(), 0);
            assert_eq!(session.callbacks_run.get(), before);
        };
        play(at, recv, |session| assert_eq!(session.messages.borrow().len(), 5));
    }
}

#[test]
fn c2_nested_send_and_write_do_nothing_inside_send() {
    for at in [At::Send, At::Genmask, At::Fragment] {
        let send: Hook = |session, _| {
            let before = session.callbacks_run.get();
            assert_eq!(session.send(), 0);
            assert_eq!(session.write(&mut [0; 64]), 0);
            assert_eq!(session.callbacks_run.get(), before);
        };
        play(at, send, |session| assert_eq!(session.messages.borrow().len(), 5));
    }
}

#[test]
fn c1_echo_of_the_message_from_its_own_memory() {
    let echo: Hook = |session, message| {
        // SAFETY: the message is that of this callback.
        let message = message.unwrap();
        let echo =
            wslay_event_msg { opcode: message.opcode, msg: message.msg, msg_length: message.msg_length };
        if message.opcode < 8 {
            // SAFETY: the context is alive, and the library copies the message.
            assert_eq!(unsafe { wslay_event_queue_msg(session.ctx.get(), &raw const echo) }, 0);
        }
    };
    play(At::Message, echo, |session| {
        let lengths: Vec<usize> = session.messages.borrow().iter().map(Vec::len).collect();
        assert_eq!(lengths, [4, 8, LARGE, 5, 5]);
    });
}

#[test]
fn c1_queueing_sending_and_asking_inside_every_callback() {
    for at in EVERYWHERE {
        let work: Hook = |session, _| {
            session.queue(9, b"p");
            session.queue(1, b"text");
            if session.hook_runs.get() % 2 == 0 {
                session.send();
                session.write(&mut [0; 5]);
            }
            let ctx = session.ctx.get();
            // SAFETY: the context is alive.
            unsafe {
                assert!(wslay_event_get_queued_msg_count(ctx) < 10_000);
                wslay_event_want_read(ctx);
                wslay_event_want_write(ctx);
                wslay_event_get_queued_msg_length(ctx);
                wslay_event_get_status_code_sent(ctx);
            }
            if session.hook_runs.get() > 60 {
                session.hook.set(None);
            }
        };
        play(at, work, |_| {});
    }
}

#[test]
fn c1_shutdowns_and_closes_inside_every_callback() {
    let actions: [Hook; 3] = [
        // SAFETY: the context is alive.
        |session, _| unsafe { wslay_event_shutdown_read(session.ctx.get()) },
        // SAFETY: the context is alive.
        |session, _| unsafe { wslay_event_shutdown_write(session.ctx.get()) },
        |session, _| {
            session.queue_close(1001);
        },
    ];
    for at in EVERYWHERE {
        for action in actions {
            play(at, action, |_| {});
        }
    }
}

#[test]
fn c1_callbacks_replaced_inside_every_callback() {
    for at in EVERYWHERE {
        let replace: Hook = |session, _| {
            let none = wslay_event_callbacks {
                recv_callback: None,
                send_callback: None,
                genmask_callback: None,
                on_frame_recv_start_callback: None,
                on_frame_recv_chunk_callback: None,
                on_frame_recv_end_callback: None,
                on_msg_recv_callback: None,
            };
            // SAFETY: the context is alive.
            unsafe { wslay_event_config_set_callbacks(session.ctx.get(), &raw const none) };
        };
        play(at, replace, |session| assert!(session.hook_runs.get() <= 1 || at == At::Fragment));
    }
}
