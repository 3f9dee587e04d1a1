//! Unit tests of the send machine, by topic, and what they share.

mod batches;
mod failures;
mod memory;
mod order;
mod pongs;
mod queueing;
mod sessions;

use super::*;
use crate::core::header::{self, Header};
use crate::core::mask;
use crate::core::opcode::{CONTINUATION, PING, PONG, RSV1, TEXT};
use std::collections::VecDeque;

/// What a client masks with.
const KEY: [u8; 4] = [9, 8, 7, 6];

/// A frame that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Frame {
    fin: bool,
    rsv: u8,
    opcode: u8,
    payload: Vec<u8>,
}

/// A message of one frame.
fn whole(opcode: u8, payload: &[u8]) -> Frame {
    Frame { fin: true, rsv: 0, opcode, payload: payload.to_vec() }
}

/// The frames in `bytes`, unmasked; a client masks each (S7).
fn decode(mut bytes: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let Ok(header::Parsed::Complete { header, length }) = header::parse(bytes) {
        let Header { fin, rsv, opcode, payload_length, mask_key } = header;
        let end = length + payload_length as usize;
        let mut payload = bytes[length..end].to_vec();
        if let Some(key) = mask_key {
            assert_eq!(key, KEY);
            mask::apply(key, 0, &mut payload);
        }
        frames.push(Frame { fin, rsv, opcode, payload });
        bytes = &bytes[end..];
    }
    assert!(bytes.is_empty());
    frames
}

fn opcodes(frames: &[Frame]) -> Vec<u8> {
    frames.iter().map(|frame| frame.opcode).collect()
}

/// What is left of each source, in fragments.
type Sources = [VecDeque<Vec<u8>>; 256];

fn no_sources() -> Sources {
    std::array::from_fn(|_| VecDeque::new())
}

/// The next step, by the short way where there is one.
fn next_step(sender: &mut Sender<u8>) -> SendStep {
    match sender.next_ready() {
        Some(batch) => SendStep::Transmit(batch),
        None => sender.next(),
    }
}

/// More steps than any test needs.
const MANY_STEPS: usize = 10_000;

/// Takes at most `budget` bytes, as a send callback would.
fn drain(sender: &mut Sender<u8>, mut budget: usize, sources: &mut Sources, out: &mut Vec<u8>) {
    for _ in 0..MANY_STEPS {
        match next_step(sender) {
            SendStep::Idle | SendStep::Failed | SendStep::NoMemory => return,
            SendStep::NeedMaskKey => sender.mask(KEY),
            SendStep::NeedFragment => {
                let source = *sender.current_source().unwrap();
                let fragments = &mut sources[usize::from(source)];
                let mut frame = sender.fragment_memory().unwrap();
                frame.extend(&fragments.pop_front().unwrap_or_default()).unwrap();
                sender.fragment_read(frame, fragments.is_empty());
            }
            SendStep::Transmit(batch) => {
                let bytes = batch.bytes();
                let count = bytes.len().min(budget);
                out.extend_from_slice(&bytes[..count]);
                budget -= count;
                let refused = count < bytes.len();
                sender.sent(batch, count, refused);
                if refused {
                    return;
                }
            }
        }
    }
    panic!("it goes on for ever");
}

/// All that goes out of a sender whose sources have nothing left, behind the bytes
/// `before`.
fn rest_behind(before: &[u8], sender: &mut Sender<u8>) -> Vec<Frame> {
    let mut out = before.to_vec();
    drain(sender, usize::MAX, &mut no_sources(), &mut out);
    decode(&out)
}

/// All that goes out of a sender whose sources have nothing left.
fn rest(sender: &mut Sender<u8>) -> Vec<Frame> {
    rest_behind(&[], sender)
}

/// The batch that is to be sent next.
fn next_batch(sender: &mut Sender<u8>) -> Batch {
    match next_step(sender) {
        SendStep::Transmit(batch) => batch,
        _ => panic!(),
    }
}

/// Masks the next frame, which must be called for.
fn mask_next(sender: &mut Sender<u8>) {
    assert!(matches!(next_step(sender), SendStep::NeedMaskKey));
    sender.mask(KEY);
}

/// The first fragmented message gives `fragment` when it is asked.
fn give_fragment(sender: &mut Sender<u8>, fragment: &[u8], last: bool) {
    assert!(matches!(sender.next(), SendStep::NeedFragment));
    let mut frame = sender.fragment_memory().unwrap();
    frame.extend(fragment).unwrap();
    sender.fragment_read(frame, last);
}
