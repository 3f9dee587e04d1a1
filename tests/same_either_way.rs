//! What a program is told does not depend on whether it wants frame reports, without which
//! messages take the short ways: random input in random cuts, and callbacks that change
//! the settings in mid-call. Too slow for Miri, which has `lent_message.rs`.

#![allow(clippy::indexing_slicing, clippy::multiple_unsafe_ops_per_block)]

mod session;

use session::{At, Hook, Session, frame};
use std::rc::Rc;
use wslay::abi::*;
use wslay::capi::event::*;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn payload(&mut self) -> Vec<u8> {
        let length =
            self.one_of(&[0, 1, 5, 100, 125, 126, 2047, 2048, 2100, 2100, 5000, 9000, 17_000, 40_000]);
        let mut payload = b"abcdefghijklmnopqrstuvwxyz".repeat(length / 26 + 1);
        payload.truncate(length);
        match self.below(12) {
            0 if length > 0 => payload[length - 1] = 0xff,
            1 if length > 1 => payload[length - 2..].copy_from_slice("\u{e9}".as_bytes()),
            2 if length > 1 => payload[length - 1] = 0xc3,
            _ => {}
        }
        payload
    }

    /// Mostly what is allowed.
    fn frames(&mut self, key: Option<[u8; 4]>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut payload = self.payload();
        match self.below(24) {
            0 => bytes.extend(frame(0x89, key, &payload[..payload.len().min(20)])),
            1 => bytes.extend(frame(0x8a, key, b"")),
            2 => bytes.extend(frame(0xc1, key, &payload)),
            3 => bytes.extend(frame(0x82, key.xor(Some([1, 2, 3, 4])), &payload)),
            4 => bytes.extend(frame(0x88, key, b"\x03\xe8end")),
            5..=7 => {
                let rest = payload.split_off(payload.len() / 3);
                bytes.extend(frame(0x01, key, &payload));
                bytes.extend(frame(0x89, key, b"between"));
                bytes.extend(frame(0x80, key, &rest));
            }
            8..=14 => bytes.extend(frame(0x81, key, &payload)),
            _ => bytes.extend(frame(0x82, key, &payload)),
        }
        bytes
    }

    fn cuts(&mut self, mut bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut pieces = Vec::new();
        while !bytes.is_empty() {
            let length = self.one_of(&[1, 3, 50, 2100, 2106, 2108, 9000, 70_000]).min(bytes.len());
            let (piece, rest) = bytes.split_at(length);
            pieces.push(piece.to_vec());
            bytes = rest;
        }
        pieces
    }
}

/// Answers, and changes settings now and then: which, depends on the messages so far.
fn react(session: &Session, message: Option<&wslay_event_on_msg_recv_arg>) {
    let Some(message) = message else { return };
    let ctx = session.ctx.get();
    let echo = wslay_event_msg { opcode: message.opcode, msg: message.msg, msg_length: message.msg_length };
    let sum: usize = session.messages.borrow().iter().map(|message| message.len() + 7).sum();
    // SAFETY: the context is alive, and the message is that of this callback.
    unsafe {
        if message.opcode < 8 {
            let in_parts = sum % 7 < 2;
            let length = if in_parts { message.msg_length / 2 } else { message.msg_length };
            let first = wslay_event_msg { msg_length: length, ..echo };
            wslay_event_queue_msg(ctx, &raw const first);
            // Behind as much as the header of the other part takes.
            let start = length + if length < 126 { 2 } else { 4 };
            if in_parts && start < message.msg_length {
                let (msg, msg_length) = (message.msg.wrapping_add(start), message.msg_length - start);
                let second = wslay_event_msg { msg, msg_length, ..echo };
                wslay_event_queue_msg(ctx, &raw const second);
            }
        }
        match sum % 29 {
            0 => wslay_event_config_set_no_buffering(ctx, 1),
            1..=3 => wslay_event_config_set_no_buffering(ctx, 0),
            4 => wslay_event_config_set_max_recv_msg_length(ctx, 3000),
            5 => wslay_event_config_set_max_recv_msg_length(ctx, 100_000),
            6 => wslay_event_config_set_allowed_rsv_bits(ctx, 4),
            7 => wslay_event_config_set_allowed_rsv_bits(ctx, 0),
            8 if sum.is_multiple_of(5) => wslay_event_shutdown_read(ctx),
            9..=12 => assert_eq!(wslay_event_send(ctx), 0),
            _ => {}
        }
    }
}

#[derive(Debug, PartialEq)]
struct Outcome {
    received: i32,
    messages: Vec<Vec<u8>>,
    output: Vec<u8>,
    reading: i32,
    close_code: u16,
}

fn play(session: &Rc<Session>, input: &[Vec<u8>]) -> Outcome {
    let hook: Hook = react;
    session.hook.set(Some((At::Message, hook)));
    let mut received = 0;
    for together in input.chunks(3) {
        session.input.borrow_mut().extend(together.iter().cloned());
        received = received.min(session.recv());
    }
    for _ in 0..3 {
        session.send();
    }
    let ctx = session.ctx.get();
    // SAFETY: the context is alive.
    let (reading, close_code) =
        unsafe { (wslay_event_get_read_enabled(ctx), wslay_event_get_status_code_sent(ctx)) };
    Outcome {
        received,
        messages: session.messages.take(),
        output: session.output.take(),
        reading,
        close_code,
    }
}

#[cfg_attr(miri, ignore)]
#[test]
fn s10_frame_reports_change_nothing_else() {
    let mut messages = 0;
    for seed in 0..1000 {
        let mut random = Random(seed);
        let server = seed % 2 == 0;
        let key = if server { Some(random.one_of(&[[0; 4], [9, 0x80, 7, 0xf6]])) } else { None };
        let frames: Vec<Vec<u8>> = (0..12).map(|_| random.frames(key)).collect();
        let bytes = frames.concat();
        let input = random.cuts(&bytes);
        let sessions = if server {
            [Session::server(), Session::server_for_messages()]
        } else {
            [Session::client(), Session::client_for_messages()]
        };
        let [with_reports, without] = sessions.map(|session| play(&session, &input));
        assert!(with_reports == without, "seed {seed}");
        messages += without.messages.len();
    }
    assert!(messages > 3_000, "{messages}");
}
