//! The frame API: frames in and out, one at a time, through the program's callbacks
//! (contract F).

mod recv;
mod send;

pub use recv::recv;
pub use send::{Piece, send, write};

use crate::abi::wslay_frame_callbacks;
use crate::context::Handle;
use crate::core::frame_receiver::FrameReceiver;
use crate::core::frame_sender::FrameSender;
use crate::mem::OutOfMemory;

/// The engine of a frame context.
pub struct FrameEngine {
    sender: FrameSender,
    receiver: FrameReceiver,
}

impl FrameEngine {
    /// At the start of a frame in both directions.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn new() -> Result<Self, OutOfMemory> {
        Ok(Self { sender: FrameSender::default(), receiver: FrameReceiver::new()? })
    }
}

/// A frame context.
pub type FrameHandle = Handle<wslay_frame_callbacks, FrameEngine>;
