//! The frame API's receive side: one frame at a time, piece by piece (contract F5).

use crate::core::header::{self, Header, Malformed, Parsed};
use crate::core::mask;
use crate::mem::{Buffer, OutOfMemory};
use ::core::ops::Range;

/// How much input is kept at most; a caller gets no larger piece.
const INPUT_CAPACITY: usize = 4096;

/// A piece of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FramePiece {
    /// The frame's header.
    pub header: Header,
    /// Where the piece lies in [`FrameReceiver::input`].
    pub payload: Range<usize>,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum FrameReceiveStep {
    /// The stage needs bytes that are not there.
    NeedInput(Stage),
    /// A piece of payload, or a frame without any.
    Piece(FramePiece),
}

/// How far the parsing of a frame has come; a stage asks for input once a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The header, up to this many bytes.
    Header(usize),
    /// The payload.
    Payload,
}

/// See the module's description.
pub struct FrameReceiver {
    /// Bytes that were read and not given out yet; lent to whoever reads more.
    pub input: Buffer<u8>,
    frame: Option<Header>,
    /// Payload bytes given out.
    received: u64,
    /// So many bytes at the start of `input` were given out by the last call.
    given_out: usize,
}

impl FrameReceiver {
    /// At the start of a frame.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn new() -> Result<Self, OutOfMemory> {
        let input = Buffer::with_capacity(INPUT_CAPACITY)?;
        Ok(Self { input, frame: None, received: 0, given_out: 0 })
    }

    /// Takes back what the last piece lent out; to be called before anything else.
    pub fn take_back_piece(&mut self) {
        self.input.consume(self.given_out);
        self.given_out = 0;
    }

    /// Lends out the input, with all its free room behind what it holds.
    pub fn lend_input(&mut self) -> Buffer<u8> {
        let mut input = ::core::mem::take(&mut self.input);
        input.move_to_front();
        input
    }

    /// The next thing to do.
    ///
    /// # Errors
    /// [`Malformed`]: contract F6.
    pub fn next(&mut self) -> Result<FrameReceiveStep, Malformed> {
        let header = match self.frame {
            Some(header) => header,
            None => match header::parse(self.input.as_slice())? {
                Parsed::Need(bytes) => return Ok(FrameReceiveStep::NeedInput(Stage::Header(bytes))),
                Parsed::Complete { header, length } => {
                    self.input.consume(length);
                    self.received = 0;
                    self.frame = Some(header);
                    header
                }
            },
        };
        let missing = header.payload_length.saturating_sub(self.received);
        let available = self.input.len();
        if missing > 0 && available == 0 {
            return Ok(FrameReceiveStep::NeedInput(Stage::Payload));
        }
        let count = usize::try_from(missing).map_or(available, |missing| missing.min(available));
        let piece = self.input.as_mut_slice().get_mut(..count).unwrap_or_default();
        if let Some(key) = header.mask_key {
            mask::apply(key, self.received, piece);
        }
        self.received = self.received.saturating_add(count as u64);
        self.given_out = count;
        if self.received == header.payload_length {
            self.frame = None;
        }
        Ok(FrameReceiveStep::Piece(FramePiece { header, payload: 0..count }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f6_a_malformed_header_stays_one() {
        let mut receiver = FrameReceiver::new().unwrap();
        receiver.input.extend(b"\x09\x00\x81\x00").unwrap();
        assert_eq!(receiver.next(), Err(Malformed));
        receiver.take_back_piece();
        assert_eq!(receiver.next(), Err(Malformed));
    }

    #[test]
    fn f5_a_frame_comes_out_in_the_pieces_that_came_in() {
        let mut receiver = FrameReceiver::new().unwrap();
        assert_eq!(receiver.next(), Ok(FrameReceiveStep::NeedInput(Stage::Header(2))));
        receiver.input.extend(b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f").unwrap();
        let Ok(FrameReceiveStep::Piece(piece)) = receiver.next() else { panic!() };
        assert_eq!(&receiver.input.as_slice()[piece.payload], b"He");
        receiver.take_back_piece();
        assert_eq!(receiver.next(), Ok(FrameReceiveStep::NeedInput(Stage::Payload)));
        receiver.input.extend(b"\x4d\x51\x58\x82\x00").unwrap();
        let Ok(FrameReceiveStep::Piece(piece)) = receiver.next() else { panic!() };
        assert_eq!(&receiver.input.as_slice()[piece.payload], b"llo");
        receiver.take_back_piece();
        let Ok(FrameReceiveStep::Piece(piece)) = receiver.next() else { panic!() };
        assert_eq!((piece.header.opcode, piece.payload), (2, 0..0));
    }

    #[test]
    fn f5_input_is_read_into_all_that_is_free() {
        let mut receiver = FrameReceiver::new().unwrap();
        receiver.input.extend(b"\x82\x01a\x82").unwrap();
        assert!(matches!(receiver.next(), Ok(FrameReceiveStep::Piece(_))));
        receiver.take_back_piece();
        let input = receiver.lend_input();
        assert_eq!((input.as_slice(), input.spare_capacity()), (&b"\x82"[..], INPUT_CAPACITY - 1));
    }
}
