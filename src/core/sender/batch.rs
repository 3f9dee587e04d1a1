//! A run of encoded frames lent to whoever sends them.

use super::lane::FrameInLane;
use crate::mem::Buffer;
use ::core::ops::Range;

/// Bytes to send. They belong to the holder of the batch, not to the machine.
// It is handed on by value, on the way to every send. A field smaller than a word would be
// copied in pieces that the processor cannot read back before they have reached the cache.
pub struct Batch {
    frames: Buffer<u8>,
    range: Range<usize>,
}

impl Batch {
    pub(super) fn new(frames: Buffer<u8>, range: Range<usize>) -> Self {
        Self { frames, range }
    }

    pub(super) fn into_frames(self) -> Buffer<u8> {
        self.frames
    }

    /// How many bytes are to be sent.
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// Whether no frames lie behind it in the same memory.
    pub(super) fn is_last_of_its_run(&self) -> bool {
        self.range.end == self.frames.len()
    }

    /// What is to be sent, never empty.
    pub fn bytes(&self) -> &[u8] {
        self.frames.as_slice().get(self.range.clone()).unwrap_or_default()
    }

    /// What holds the bytes, and where in it they begin.
    pub fn place(&self) -> (&Buffer<u8>, usize) {
        (&self.frames, self.range.start)
    }

    /// How many of the bytes go into `room` so that no header is torn (S8).
    pub fn fitting(&self, room: usize) -> usize {
        let limit = self.range.end.min(self.range.start.saturating_add(room));
        let mut frame_start = 0;
        loop {
            let rest = self.frames.as_slice().get(frame_start..).unwrap_or_default();
            let Some(frame) = FrameInLane::at_start_of(rest) else { break };
            let header_end = frame_start + frame.header_length;
            if limit < header_end {
                return frame_start.max(self.range.start) - self.range.start;
            }
            frame_start += frame.length();
            if frame_start >= limit {
                break;
            }
        }
        limit - self.range.start
    }
}
