//! Fragmented messages: a source gives them piece by piece, and each piece is a frame
//! (contract S5).

use super::lane::unmasked_yet;
use super::{Sender, Which};
use crate::core::Role;
use crate::core::header::{self, Header};
use crate::core::opcode::{self, CONTINUATION, RSV1};
use crate::error::Error;
use crate::mem::{Buffer, OutOfMemory, copy_prefix};

/// A fragmented message gives at most this many bytes a frame (S5).
pub const MAX_FRAGMENT: usize = 4096;

/// A fragmented message in the queue.
pub(super) struct Fragmented<S> {
    source: S,
    opcode: u8,
    rsv: u8,
    /// Its next frame is a continuation.
    started: bool,
    /// Messages queued after it.
    pub(super) behind: Buffer<u8>,
    /// Memory for its next frame, from the one before.
    pub(super) memory: Buffer<u8>,
}

impl<S> Sender<S> {
    /// Queues a message that a source gives piece by piece. `make_source` is called once
    /// nothing else stands against the message.
    ///
    /// # Errors
    /// As contract Q1 and Q2 say, those of `make_source`, or [`Error::NoMemory`].
    pub fn queue_fragmented(
        &mut self,
        opcode: u8,
        rsv: u8,
        allowed_rsv: u8,
        make_source: impl FnOnce() -> Result<S, Error>,
    ) -> Result<(), Error> {
        if !self.is_queueable() {
            return Err(Error::NoMoreMessages);
        }
        if opcode::is_control(opcode) || rsv & !allowed_rsv != 0 {
            return Err(Error::InvalidArgument);
        }
        self.queue_shown_frames()?;
        let source = make_source()?;
        self.fragmented.push(Fragmented {
            source,
            opcode,
            rsv,
            started: false,
            behind: Buffer::new(),
            memory: Buffer::new(),
        })?;
        self.queued_count = self.queued_count.saturating_add(1);
        Ok(())
    }

    /// The source of the fragmented message whose turn it is.
    pub fn current_source(&mut self) -> Option<&S> {
        self.fragmented.front_mut().map(|message| &message.source)
    }

    /// Memory for one frame of a fragmented message: read at most [`MAX_FRAGMENT`]
    /// bytes behind what it holds.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn fragment_memory(&mut self) -> Result<Buffer<u8>, OutOfMemory> {
        let room = self.header_room();
        let mut frame = self
            .fragmented
            .front_mut()
            .map_or(Buffer::new(), |message| ::core::mem::take(&mut message.memory));
        frame.consume(usize::MAX);
        frame.reserve_exact(room + MAX_FRAGMENT)?;
        frame.extend([0; header::MAX_LENGTH].get(..room).unwrap_or_default())?;
        Ok(frame)
    }

    /// Answers [`SendStep::NeedFragment`] with memory from [`Sender::fragment_memory`] if
    /// the message has nothing now.
    pub fn fragment_stalled(&mut self, frame: Buffer<u8>) {
        if let Some(message) = self.fragmented.front_mut() {
            message.memory = frame;
        }
    }

    fn header_room(&self) -> usize {
        header::encoded_length(MAX_FRAGMENT as u64, self.role == Role::Client)
    }

    /// Answers [`SendStep::NeedFragment`] with memory from [`Sender::fragment_memory`],
    /// filled; `last` ends the message.
    pub fn fragment_read(&mut self, mut frame: Buffer<u8>, last: bool) {
        let room = self.header_room();
        let payload_length = frame.len().saturating_sub(room) as u64;
        let Some(message) = self.fragmented.front_mut() else { return };
        let (opcode, rsv) =
            if message.started { (CONTINUATION, message.rsv & !RSV1) } else { (message.opcode, message.rsv) };
        message.started = true;
        let mask_key = unmasked_yet(self.role);
        let header = header::encode(&Header { fin: last, rsv, opcode, payload_length, mask_key });
        let header = header.as_slice();
        frame.consume(room.saturating_sub(header.len()));
        copy_prefix(frame.as_mut_slice(), header);
        self.fragment_in_lane = true;
        self.prepared = Some(Which::Data);
        self.data.start(frame, self.role);
    }
}
