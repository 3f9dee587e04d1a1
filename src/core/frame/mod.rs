//! The frame API's engine: single frames, without a notion of messages (contract F).

pub mod receiver;
pub mod sender;

use self::receiver::FrameReceiver;
use self::sender::FrameSender;
use crate::mem::OutOfMemory;

/// Both directions, which know nothing of each other.
pub struct FrameEngine {
    /// What goes out.
    pub sender: FrameSender,
    /// What comes in.
    pub receiver: FrameReceiver,
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
