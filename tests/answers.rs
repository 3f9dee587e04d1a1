//! What the library answers by itself, and what the getters say then (R8, R9).

#![allow(clippy::indexing_slicing)]

mod session;

use session::{Session, frame};
use wslay::capi::event::*;

const KEY: [u8; 4] = [0x11, 0x22, 0x33, 0x44];

/// want_read, close_received, status_code_received.
fn state(session: &Session) -> (i32, i32, u16) {
    let ctx = session.ctx.get();
    // SAFETY: the context is alive.
    let want_read = unsafe { wslay_event_want_read(ctx) };
    // SAFETY: as above.
    let close_received = unsafe { wslay_event_get_close_received(ctx) };
    // SAFETY: as above.
    (want_read, close_received, unsafe { wslay_event_get_status_code_received(ctx) })
}

/// What a server sends when it gets a frame.
fn answer(session: &Session, first_byte: u8, payload: &[u8]) -> Vec<u8> {
    session.input.borrow_mut().push_back(frame(first_byte, Some(KEY), payload));
    session.recv();
    session.send();
    session.output.take()
}

#[test]
fn r8_a_close_is_echoed_and_ends_reading() {
    let session = Session::server();
    assert_eq!(state(&session), (1, 0, 1006));
    assert_eq!(answer(&session, 0x88, b"\x03\xe8bye"), b"\x88\x05\x03\xe8bye");
    assert_eq!(state(&session), (0, 1, 1000));
}

#[test]
fn r8_a_close_without_a_code_says_1005() {
    let session = Session::server();
    assert_eq!(answer(&session, 0x88, b""), b"\x88\x00");
    assert_eq!(state(&session), (0, 1, 1005));
}

#[test]
fn r9_a_ping_is_answered_and_a_pong_and_a_text_are_not() {
    for session in [Session::server(), Session::server_for_messages()] {
        assert_eq!(answer(&session, 0x89, b"ping"), b"\x8a\x04ping");
        assert_eq!(answer(&session, 0x8a, b"pong"), b"");
        assert_eq!(answer(&session, 0x81, b"text"), b"");
        assert_eq!(state(&session), (1, 0, 1006));
    }
}
