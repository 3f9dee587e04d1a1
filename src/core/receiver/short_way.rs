//! Short ways through the receive machine, for what most peers send: a message of one
//! frame.
//!
//! They do at once what the machine does step by step, with the same outcome; whatever is
//! out of the ordinary they leave to it. Both assume that nobody wants frame reports.

use super::step::{Assembly, Fault};
use super::{MessageStart, Receiver, Stage};
use crate::core::header::{self, Header, Parsed};
use crate::core::opcode::{BINARY, TEXT};
use crate::core::utf8::Utf8Stream;
use crate::core::{Role, close, mask, payload};
use crate::mem::Buffer;
use crate::simd;

/// A message of one frame without RSV bits that lies in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WholeMessage {
    /// Text or binary.
    pub opcode: u8,
    /// Where its payload begins in the input.
    pub start: usize,
    /// Its payload's length, 0 where messages are not buffered.
    pub length: usize,
}

impl Receiver {
    /// Takes the message that begins at the cursor, if all of it lies in the input: nothing
    /// if the machine must look at what is there. With `end_of_frames`, where frames end that
    /// lie before the cursor, the payload moves up to where it would be in a server's frame
    /// right behind those.
    ///
    /// # Errors
    /// [`Fault::Refused`]: its text is not valid UTF-8.
    // For small messages the call would cost more than a tenth.
    #[inline(always)]
    pub fn take_whole_message(
        &mut self,
        input: &mut [u8],
        assembly: &mut Assembly,
        end_of_frames: Option<usize>,
    ) -> Result<Option<WholeMessage>, Fault> {
        if self.stage == Stage::Delivered {
            self.release_delivered(assembly);
        }
        if !self.is_between_messages(assembly) || self.is_stopped() {
            return Ok(None);
        }
        let unread = input.get_mut(assembly.cursor..).unwrap_or_default();
        let Some((header, header_length)) = self.data_header(unread) else { return Ok(None) };
        let Some((_, behind_header)) = unread.split_at_mut_checked(header_length) else { return Ok(None) };
        if header.payload_length > behind_header.len() as u64 {
            return Ok(None);
        }
        let length = header.payload_length as usize;
        self.input_is_fresh = false;
        self.expect_like(&header);
        let here = assembly.cursor + header_length;
        assembly.cursor = here + length;
        let start = match (end_of_frames, header.mask_key) {
            (Some(end), Some(key)) => {
                let start = end + header::encoded_length(header.payload_length, false);
                let memory = input.get_mut(start..assembly.cursor).unwrap_or_default();
                open_moving(&header, key, memory, here - start)?;
                start
            }
            _ => {
                open_whole(&header, behind_header.get_mut(..length).unwrap_or_default())?;
                here
            }
        };
        Ok(Some(WholeMessage {
            opcode: header.opcode,
            start,
            length: if self.buffering { length } else { 0 },
        }))
    }

    /// How many bytes to read on behind `unread`, where there is room for `spare`, so that the
    /// message that begins there, if one does, can be taken by
    /// [`Receiver::take_whole_message`]; nothing if the machine must look at what is there.
    pub fn read_on(&mut self, unread: &[u8], assembly: &Assembly, spare: usize) -> Option<usize> {
        if !self.enabled || !self.is_between_messages(assembly) {
            return None;
        }
        let missing = match (header::parse(unread), self.data_header(unread)) {
            (Ok(Parsed::Need(_)), _) => 0,
            (_, Some((header, header_length))) => {
                let length = header_length.checked_add(usize::try_from(header.payload_length).ok()?)?;
                length.saturating_sub(unread.len())
            }
            _ => return None,
        };
        let count = self.expectation.next_read(unread.len(), missing, spare)?;
        self.input_is_fresh = true;
        Some(count)
    }

    /// The header of a message of one frame that R3 lets pass; nothing for all others.
    #[inline]
    fn data_header(&self, bytes: &[u8]) -> Option<(Header, usize)> {
        let Ok(Parsed::Complete { header, length }) = header::parse(bytes) else { return None };
        let ordinary = header.fin
            && header.rsv == 0
            && (header.opcode == TEXT || header.opcode == BINARY)
            && header.mask_key.is_some() == (self.role == Role::Server)
            && header.payload_length <= self.max_message_length;
        ordinary.then_some((header, length))
    }

    /// A message of one frame came with this header.
    #[inline]
    pub(super) fn expect_like(&mut self, header: &Header) {
        let length = header.payload_length;
        let header_length = header::encoded_length(length, header.mask_key.is_some()) as u64;
        self.expectation.message(if self.buffering { header_length.saturating_add(length) } else { 0 });
    }

    /// Makes `input`, just filled as [`Event::NeedInput`](super::Event::NeedInput) asked, the
    /// memory of the message that begins in it, so that its payload stays where it is, if more
    /// of it must come and the memory is not for several; says whether it did.
    ///
    /// # Errors
    /// [`Fault::Refused`]: its text is not valid UTF-8.
    pub fn begin_in_place(&mut self, input: &mut Buffer<u8>, assembly: &mut Assembly) -> Result<bool, Fault> {
        if !self.is_between_messages(assembly) || !self.buffering {
            return Ok(false);
        }
        let Some((header, header_length)) = self.data_header(input.as_slice()) else { return Ok(false) };
        let available = input.len().saturating_sub(header_length);
        if available == 0 || (available as u64) >= header.payload_length {
            return Ok(false);
        }
        let missing = header.payload_length - available as u64;
        if self.expectation.is_of_several() && missing <= input.spare_capacity() as u64 {
            return Ok(false);
        }
        input.consume(header_length);
        assembly.data = ::core::mem::take(input);
        self.begin_frame(header);
        self.message = Some(MessageStart { opcode: header.opcode, rsv: 0 });
        self.message_utf8 = Utf8Stream::new();
        self.open_piece(assembly.data.as_mut_slice())?;
        Ok(true)
    }
}

#[inline]
fn open_whole(header: &Header, payload: &mut [u8]) -> Result<(), Fault> {
    let is_text = header.opcode == TEXT;
    let valid = match header.mask_key {
        Some(key) if payload.len() <= payload::BLOCK => {
            mask::apply(key, 0, payload) || !is_text || simd::is_utf8(payload)
        }
        key => {
            let mut text = Utf8Stream::new();
            payload::open(key, 0, payload, is_text.then_some(&mut text)).is_ok() && text.is_complete()
        }
    };
    if valid { Ok(()) } else { Err(Fault::Refused(close::INVALID_FRAME_PAYLOAD_DATA)) }
}

/// The same for a payload that lies in `memory` behind the first `distance` bytes and moves to
/// the front.
#[inline(never)]
fn open_moving(header: &Header, key: [u8; 4], memory: &mut [u8], distance: usize) -> Result<(), Fault> {
    let valid = mask::apply_moving(key, memory, distance)
        || header.opcode != TEXT
        || memory.get(..header.payload_length as usize).is_some_and(simd::is_utf8);
    if valid { Ok(()) } else { Err(Fault::Refused(close::INVALID_FRAME_PAYLOAD_DATA)) }
}
