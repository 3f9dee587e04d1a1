//! What the receive machine asks of whoever drives it, and the memory that they
//! share.

use crate::core::header::{MAX_LENGTH, Malformed};
use crate::mem::{Buffer, OutOfMemory};
use ::core::ops::Range;

/// So much memory may an incomplete message have in any case.
const LEAST_KEPT: usize = 128;

/// Messages as far as they are in but not delivered, and the place in the input.
#[derive(Default)]
pub struct Assembly {
    /// The next byte of the input to look at.
    pub cursor: usize,
    /// The data message under way.
    pub data: Buffer<u8>,
    /// The control frame under way; between frames, what is there of the next header.
    pub control: Buffer<u8>,
}

/// Where payload bytes lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In the input.
    Input(Range<usize>),
    /// In [`Assembly::data`].
    Data(Range<usize>),
    /// In [`Assembly::control`].
    Control(Range<usize>),
}

impl Assembly {
    /// Appends payload of a data message, whose first byte has room for a header before it:
    /// see [`Sender::lend_shown`](crate::core::sender::Sender::lend_shown).
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub(super) fn append_data(&mut self, piece: &[u8]) -> Result<(), OutOfMemory> {
        if !self.data.is_empty() {
            return self.data.extend(piece);
        }
        self.data.extend_with_head([0; MAX_LENGTH], MAX_LENGTH, piece)?;
        self.data.consume(MAX_LENGTH);
        Ok(())
    }

    /// Brings the memory into proportion to the bytes in it (D11).
    pub fn trim(&mut self) {
        let most = self.data.len().saturating_mul(2).max(LEAST_KEPT);
        if self.data.spare_capacity() > most {
            self.data.shrink(most);
        }
    }
}

impl Piece {
    /// No bytes.
    pub const EMPTY: Self = Self::Input(0..0);

    /// The bytes themselves.
    pub fn bytes<'a>(&self, input: &'a mut [u8], assembly: &'a mut Assembly) -> &'a mut [u8] {
        let (bytes, range) = match self {
            Self::Input(range) => (input, range),
            Self::Data(range) => (assembly.data.as_mut_slice(), range),
            Self::Control(range) => (assembly.control.as_mut_slice(), range),
        };
        bytes.get_mut(range.clone()).unwrap_or_default()
    }
}

/// The start of a frame, as reported to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameStart {
    /// Last frame of its message.
    pub fin: bool,
    /// Its RSV bits.
    pub rsv: u8,
    /// Its opcode.
    pub opcode: u8,
    /// Its payload's length in bytes.
    pub payload_length: u64,
}

/// A whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// RSV bits of its first frame.
    pub rsv: u8,
    /// Opcode of its first frame.
    pub opcode: u8,
    /// Its payload; empty where messages are not buffered.
    pub payload: Piece,
    /// The code in a Close, 0 without one and for other messages.
    pub status_code: u16,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The input is used up: replace it, and set the cursor to 0. Unless it is 0, the number
    /// is how much memory large messages will probably need: see
    /// [`Receiver::begin_in_place`](super::Receiver::begin_in_place).
    NeedInput(usize),
    /// The input is used up: append at most this many bytes to [`Assembly::data`],
    /// where there is room for them, and call [`Receiver::payload_read`].
    NeedPayload(usize),
    /// Report the start of a frame.
    FrameStart(FrameStart),
    /// Report payload.
    Chunk(Piece),
    /// Report the end of a frame.
    FrameEnd,
    /// React to a message and report it.
    Message(Message),
    /// Reading is disabled.
    Disabled,
}

/// Why the peer's bytes cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A header that breaks contract F6.
    Malformed,
    /// A frame to be answered with a Close of this code.
    Refused(u16),
    /// The message does not fit into memory.
    NoMemory,
}

impl From<Malformed> for Fault {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl From<OutOfMemory> for Fault {
    fn from(_: OutOfMemory) -> Self {
        Self::NoMemory
    }
}
