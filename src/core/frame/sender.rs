//! The frame API's send side: one frame at a time, its payload in any pieces
//! (contract F3, F4).

use crate::core::header::{self, Encoded, Header};
use crate::core::{mask, opcode};
use crate::error::Error;
use crate::mem::copy_prefix;

/// The frame that [`FrameSender::begin`] starts.
#[derive(Clone, Copy, Debug)]
pub struct FrameDescription {
    /// Last frame of its message.
    pub fin: bool,
    /// Of which the low three bits count.
    pub rsv: u8,
    /// Of which the low four bits count.
    pub opcode: u8,
    /// Its payload's length in bytes.
    pub payload_length: u64,
}

/// The frame under way.
struct Frame {
    header: Encoded,
    header_sent: usize,
    mask_key: Option<[u8; 4]>,
    payload_length: u64,
    payload_sent: u64,
}

/// See the module's description.
#[derive(Default)]
pub struct FrameSender {
    frame: Option<Frame>,
}

impl FrameSender {
    /// Whether the next call starts a frame.
    pub fn is_at_frame_start(&self) -> bool {
        self.frame.is_none()
    }

    /// Judges what a new frame is to be, before its mask key is asked for.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] as F3.2 says.
    pub fn check(frame: &FrameDescription) -> Result<(), Error> {
        let too_long_for_control =
            opcode::is_control(frame.opcode) && frame.payload_length > opcode::MAX_CONTROL_PAYLOAD as u64;
        if too_long_for_control || frame.payload_length > i64::MAX as u64 {
            return Err(Error::InvalidArgument);
        }
        Ok(())
    }

    /// How long the header of such a frame is.
    pub fn header_length(frame: &FrameDescription, masked: bool) -> usize {
        header::encoded_length(frame.payload_length, masked)
    }

    /// Starts a frame that [`FrameSender::check`] found good.
    pub fn begin(&mut self, frame: &FrameDescription, mask_key: Option<[u8; 4]>) {
        let FrameDescription { fin, rsv, opcode, payload_length } = *frame;
        let header = header::encode(&Header { fin, rsv, opcode, payload_length, mask_key });
        self.frame = Some(Frame { header, header_sent: 0, mask_key, payload_length, payload_sent: 0 });
    }

    /// Whether a piece of `length` bytes is within the frame (D7).
    pub fn has_room_for(&self, length: usize) -> bool {
        self.frame
            .as_ref()
            .is_none_or(|frame| length as u64 <= frame.payload_length.saturating_sub(frame.payload_sent))
    }

    /// What is left of the header: bytes, and how many.
    pub fn header_left(&self) -> ([u8; header::MAX_LENGTH], usize) {
        let mut left = [0; header::MAX_LENGTH];
        let bytes = self.frame.as_ref().and_then(|frame| frame.header.as_slice().get(frame.header_sent..));
        let bytes = bytes.unwrap_or_default();
        copy_prefix(&mut left, bytes);
        (left, bytes.len())
    }

    /// So many more bytes of the header are out.
    pub fn header_sent(&mut self, count: usize) {
        if let Some(frame) = &mut self.frame {
            frame.header_sent += count;
        }
        self.end_if_complete();
    }

    /// Whether the frame's payload is masked.
    pub fn is_masked(&self) -> bool {
        self.frame.as_ref().is_some_and(|frame| frame.mask_key.is_some())
    }

    /// Masks `piece`, a copy of the payload bytes that come next.
    pub fn mask(&self, piece: &mut [u8]) {
        if let Some(Frame { mask_key: Some(key), payload_sent, .. }) = self.frame {
            mask::apply(key, payload_sent, piece);
        }
    }

    /// So many more bytes of the payload are out.
    pub fn payload_sent(&mut self, count: usize) {
        if let Some(frame) = &mut self.frame {
            frame.payload_sent = frame.payload_sent.saturating_add(count as u64);
        }
        self.end_if_complete();
    }

    fn end_if_complete(&mut self) {
        if self.frame.as_ref().is_some_and(|frame| {
            frame.header_sent >= frame.header.as_slice().len() && frame.payload_sent >= frame.payload_length
        }) {
            self.frame = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f3_a_frame_ends_when_its_last_payload_byte_is_out() {
        let mut sender = FrameSender::default();
        let frame = FrameDescription { fin: true, rsv: 0, opcode: 1, payload_length: 5 };
        assert_eq!(FrameSender::check(&frame), Ok(()));
        sender.begin(&frame, Some([1, 2, 3, 4]));
        assert_eq!(sender.header_left().1, 6);
        sender.header_sent(2);
        assert_eq!((sender.header_left().0[0], sender.header_left().1), (1, 4));
        sender.header_sent(4);
        sender.payload_sent(3);
        assert!(!sender.is_at_frame_start() && !sender.has_room_for(3) && sender.has_room_for(2));
        let mut piece = [0; 2];
        sender.mask(&mut piece);
        assert_eq!(piece, [4, 1]);
        sender.payload_sent(2);
        assert!(sender.is_at_frame_start());
    }

    #[test]
    fn f3_a_frame_without_payload_ends_with_its_header() {
        for mask_key in [None, Some([1, 2, 3, 4])] {
            let mut sender = FrameSender::default();
            let frame = FrameDescription { fin: true, rsv: 0, opcode: 9, payload_length: 0 };
            assert!(sender.is_at_frame_start() && sender.has_room_for(1) && !sender.is_masked());
            sender.begin(&frame, mask_key);
            assert_eq!(sender.is_masked(), mask_key.is_some());
            assert!(sender.has_room_for(0) && !sender.has_room_for(1));
            let length = FrameSender::header_length(&frame, mask_key.is_some());
            assert_eq!((length, sender.header_left().1), (if mask_key.is_some() { 6 } else { 2 }, length));
            sender.header_sent(length - 1);
            assert!(!sender.is_at_frame_start());
            sender.header_sent(1);
            assert!(sender.is_at_frame_start());
        }
    }

    #[test]
    fn f3_refuses_long_control_frames_and_lengths_from_2_63() {
        let mut frame = FrameDescription { fin: true, rsv: 0, opcode: 9, payload_length: 126 };
        assert_eq!(FrameSender::check(&frame), Err(Error::InvalidArgument));
        frame.payload_length = 125;
        assert_eq!(FrameSender::check(&frame), Ok(()));
        frame.opcode = 2;
        frame.payload_length = 1 << 63;
        assert_eq!(FrameSender::check(&frame), Err(Error::InvalidArgument));
        frame.payload_length -= 1;
        assert_eq!(FrameSender::check(&frame), Ok(()));
    }
}
