//! The payload of the frame under way, piece by piece: each is unmasked and checked as it
//! comes (contract R4), and added to its message.

use super::step::{Assembly, Event, Fault, FrameStart, Piece};
use super::{Receiver, Stage};
use crate::core::opcode::{self, CLOSE, CONTINUATION, RSV1, TEXT};
use crate::core::{close, payload};

/// Payloads of data frames with at least this much missing are read straight into
/// the message's own memory, once as much is in: a peer must send before it is believed.
const DIRECT_READ: u64 = 4096;
/// The least amount of memory to read such a payload into. When the call ends, memory is
/// brought into proportion to what has been received (D11).
pub(super) const LEAST_DIRECT_READ: usize = 256 * 1024;

impl Receiver {
    /// Answers [`Event::NeedPayload`]: `count` bytes were appended to [`Assembly::data`].
    ///
    /// # Errors
    /// A [`Fault`]; [`Receiver::abandon_frame`] must follow.
    pub fn payload_read(&mut self, count: usize, assembly: &mut Assembly) -> Result<Event, Fault> {
        let end = assembly.data.len();
        let range = end.saturating_sub(count)..end;
        let piece = assembly.data.as_mut_slice().get_mut(range.clone()).unwrap_or_default();
        self.open_piece(piece)?;
        Ok(Event::Chunk(Piece::Data(range)))
    }

    /// Takes what the input holds of the payload.
    pub(super) fn take_piece(&mut self, input: &mut [u8], assembly: &mut Assembly) -> Result<Event, Fault> {
        let start = assembly.cursor;
        let available = input.len().saturating_sub(start);
        let count = usize::try_from(self.missing()).map_or(available, |missing| missing.min(available));
        let range = start..start + count;
        let piece = input.get_mut(range.clone()).unwrap_or_default();
        let first = self.frame.received == 0;
        self.open_piece(piece)?;
        assembly.cursor += count;
        let FrameStart { fin, opcode, .. } = self.frame.header;
        let is_control = opcode::is_control(opcode);
        let whole_message = first && self.missing() == 0 && fin && opcode != CONTINUATION;
        if whole_message {
            self.frame.in_input = true;
        } else if is_control {
            assembly.control.reserve_exact(self.frame.header.payload_length as usize)?;
            assembly.control.extend(piece)?;
        } else if self.buffering {
            assembly.append_data(piece)?;
        }
        Ok(Event::Chunk(if count == 0 { Piece::EMPTY } else { Piece::Input(range) }))
    }

    /// Unmasks the next bytes of the payload and checks them (R4).
    pub(super) fn open_piece(&mut self, piece: &mut [u8]) -> Result<(), Fault> {
        self.input_is_fresh = false;
        let offset = self.frame.received;
        let key = self.frame.mask_key;
        let opened = if self.frame.header.opcode == CLOSE {
            let opened = payload::open(key, offset, piece, None);
            // D1: of a Close, the two bytes of the code are no text.
            let code_left = (close::CODE_LENGTH as u64).saturating_sub(offset) as usize;
            opened.and(self.reason_utf8.check(piece.get(code_left..).unwrap_or_default()))
        } else {
            let text = self.in_checked_text();
            payload::open(key, offset, piece, text.then_some(&mut self.message_utf8))
        };
        opened.map_err(|_| Fault::Refused(close::INVALID_FRAME_PAYLOAD_DATA))?;
        self.frame.received = offset.saturating_add(piece.len() as u64);
        self.stage = if self.missing() == 0 { Stage::End } else { Stage::MorePieces };
        Ok(())
    }

    /// Whether the frame belongs to a text message whose bytes are plain UTF-8.
    pub(super) fn in_checked_text(&self) -> bool {
        !opcode::is_control(self.frame.header.opcode)
            && self.message.is_some_and(|message| message.opcode == TEXT && message.rsv & RSV1 == 0)
    }

    pub(super) fn missing(&self) -> u64 {
        self.frame.header.payload_length.saturating_sub(self.frame.received)
    }

    pub(super) fn ask_for_payload(&mut self, assembly: &mut Assembly) -> Result<Event, Fault> {
        let missing = self.missing();
        let has_little = (assembly.data.len() as u64) < DIRECT_READ;
        // Of a control frame never so much is missing.
        if !self.buffering || missing < DIRECT_READ || has_little {
            return self.ask_for_input(0);
        }
        let missing = usize::try_from(missing).unwrap_or(usize::MAX);
        if assembly.data.spare_capacity() < missing.min(DIRECT_READ as usize) {
            let in_proportion = assembly.data.len().saturating_mul(3).max(LEAST_DIRECT_READ);
            let reserved = assembly.data.reserve_exact(missing.min(in_proportion));
            reserved.or_else(|_| assembly.data.reserve_exact(missing.min(DIRECT_READ as usize)))?;
        }
        Ok(Event::NeedPayload(missing.min(assembly.data.spare_capacity())))
    }
}
