//! Frames that go out in random pieces, by `wslay_frame_send` and `wslay_frame_write` in
//! turns, come in again the same, in other pieces.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use wslay::abi::wslay_error::*;
use wslay::abi::*;
use wslay_fuzz::Given;
use wslay_fuzz::frame::{FrameContext, FrameProgram, no_iocb};
use wslay_fuzz::wire::{Frame, is_control, parse_frames};

#[derive(Arbitrary, Debug)]
struct FrameToSend {
    fin: bool,
    rsv: u8,
    opcode: u8,
    masked: bool,
    length: u16,
}

#[derive(Arbitrary, Debug)]
struct Input {
    frames: Vec<FrameToSend>,
    steps: Vec<Step>,
    reads: Vec<u16>,
}

/// How the next piece goes out; they are used over and over.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Step {
    /// The send callback takes so much in all, half of what is left of it at a time.
    Send {
        piece: u16,
        taken: u16,
    },
    Write {
        piece: u16,
        room: u16,
    },
    /// More than the frame has left: refused, without effect.
    TooMuch,
    /// The send callback claims more than it was given.
    Lie,
}

#[derive(Default)]
struct Wire {
    bytes: Vec<u8>,
    budget: usize,
    lie: bool,
    keys: u32,
    received: usize,
    reads: Vec<u16>,
    reads_done: usize,
}

impl FrameProgram for Wire {
    fn send(&mut self, data: &[u8]) -> isize {
        if self.lie {
            return data.len() as isize + 1;
        }
        let count = data.len().min(self.budget.div_ceil(2));
        self.budget -= count;
        self.bytes.extend(&data[..count]);
        count as isize
    }

    fn recv(&mut self, room: usize) -> Given {
        let size = self.reads[self.reads_done % self.reads.len()];
        self.reads_done += 1;
        let rest = &self.bytes[self.received..];
        let count = rest.len().min(room).min(size.into());
        self.received += count;
        if count == 0 { Err(-1) } else { Ok(rest[..count].to_vec()) }
    }

    fn genmask(&mut self) -> [u8; 4] {
        self.keys = self.keys.wrapping_add(0x0205_0b11);
        self.keys.to_be_bytes()
    }
}

/// Payloads are shorter. The library masks 4096 bytes at once.
const LONGEST: u16 = 9_000;
/// Most payloads are shorter than this, around where the length takes more bytes.
const SHORT: u16 = 300;
/// After so many steps the rest of a frame goes out at once.
const STEPS_A_FRAME: usize = 20;
const FRAMES: usize = 8;

/// Takes one step with what is left of a payload; gives how many bytes of it went out, and
/// whether the header is out.
fn take_step(
    wire: &mut FrameContext<Wire>,
    step: Step,
    iocb: &wslay_frame_iocb,
    left: &[u8],
) -> (usize, bool) {
    match step {
        Step::Send { piece, taken } => {
            wire.program().budget = taken.into();
            let piece = &left[..left.len().min(piece.into())];
            let result = wire.send(iocb, piece);
            if result == WSLAY_ERR_WANT_WRITE as isize {
                return (0, false);
            }
            assert!((0..=piece.len() as isize).contains(&result), "send gave {result}");
            (result as usize, true)
        }
        Step::Write { piece, room } => {
            let piece = &left[..left.len().min(piece.into())];
            let keys_before = wire.program().keys;
            let mut room = vec![0; usize::from(room % (SHORT * 2))];
            let (written, of_payload) = wire.write(iocb, piece, &mut room);
            assert!((0..=room.len() as isize).contains(&written), "write gave {written}");
            let written = written as usize;
            // F4: without room for the header nothing begins.
            assert!(written > 0 || wire.program().keys == keys_before);
            assert!(of_payload <= piece.len().min(written));
            wire.program().bytes.extend(&room[..written]);
            (of_payload, written > 0)
        }
        Step::TooMuch => {
            let piece = vec![0; left.len() + 1];
            let refused = WSLAY_ERR_INVALID_ARGUMENT as isize;
            assert_eq!(wire.send(iocb, &piece), refused);
            assert_eq!(wire.write(iocb, &piece, &mut [0; 64]), (refused, 0));
            (0, false)
        }
        Step::Lie => {
            wire.program().lie = true;
            assert_eq!(wire.send(iocb, left), WSLAY_ERR_INVALID_CALLBACK as isize);
            wire.program().lie = false;
            (0, false)
        }
    }
}

/// Sends a frame to its end; gives it, or nothing if the library must refuse it.
fn send(
    wire: &mut FrameContext<Wire>,
    frame: &FrameToSend,
    steps: impl Iterator<Item = Step>,
) -> Option<Frame> {
    let (opcode, rsv) = (frame.opcode & 15, frame.rsv & 7);
    let length = frame.length % if frame.length.is_multiple_of(16) { LONGEST } else { SHORT };
    let payload: Vec<u8> = (0..length).map(|at| (at % 251) as u8 ^ frame.opcode).collect();
    // The library sends control frames that are not final, but refuses to receive them.
    let fin = frame.fin || is_control(opcode);
    let iocb = wslay_frame_iocb {
        fin: fin.into(),
        rsv,
        opcode,
        payload_length: payload.len() as u64,
        mask: frame.masked.into(),
        ..no_iocb()
    };
    if is_control(opcode) && payload.len() > 125 {
        assert_eq!(wire.send(&iocb, &[]), WSLAY_ERR_INVALID_ARGUMENT as isize);
        return None;
    }
    let all = Step::Send { piece: u16::MAX, taken: u16::MAX };
    let mut sent = 0;
    for step in steps.take(STEPS_A_FRAME).chain([all]) {
        let (count, header_is_out) = take_step(wire, step, &iocb, &payload[sent..]);
        sent += count;
        if sent == payload.len() && header_is_out {
            break;
        }
    }
    assert_eq!(sent, payload.len());
    let key = frame.masked.then(|| wire.program().keys.to_be_bytes());
    Some(Frame { fin, rsv, opcode, key, payload })
}

/// What comes in, with no keys: the frame API does not tell them.
fn receive(wire: &mut FrameContext<Wire>) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    let mut missing = 0;
    loop {
        let all_was_given = wire.program().received == wire.program().bytes.len();
        let piece = match wire.recv() {
            Ok(piece) => piece,
            Err(error) => {
                assert_eq!(error, WSLAY_ERR_WANT_READ as isize);
                if all_was_given {
                    break;
                }
                continue;
            }
        };
        let (fin, rsv, opcode) = (piece.fin, piece.rsv, piece.opcode);
        if missing == 0 {
            missing = piece.payload_length as usize;
            frames.push(Frame { fin, rsv, opcode, key: None, payload: Vec::new() });
        }
        missing -= piece.data.len();
        if let Some(frame) = frames.last_mut() {
            frame.payload.extend(piece.data);
        }
    }
    assert_eq!(missing, 0);
    frames
}

fuzz_target!(|input: Input| {
    let mut reads = input.reads;
    if reads.iter().all(|size| *size == 0) {
        reads = vec![1];
    }
    let mut wire = FrameContext::new(Wire { reads, ..Wire::default() });
    let mut steps = input.steps.iter().copied().cycle();
    let mut sent: Vec<Frame> =
        input.frames.iter().take(FRAMES).filter_map(|frame| send(&mut wire, frame, steps.by_ref())).collect();
    assert_eq!(parse_frames(&wire.program().bytes), (sent.clone(), 0));
    sent.iter_mut().for_each(|frame| frame.key = None);
    assert_eq!(receive(&mut wire), sent);
});
