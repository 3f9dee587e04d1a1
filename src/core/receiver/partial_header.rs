//! A frame header that comes in more than one read.

use crate::core::header::{self, Header, MAX_LENGTH, Malformed, Parsed};
use crate::mem::copy_prefix;

/// A header whose bytes have not all come.
pub struct PartialHeader {
    bytes: [u8; MAX_LENGTH],
    length: u8,
}

impl PartialHeader {
    /// No byte has come.
    pub const fn new() -> Self {
        Self { bytes: [0; MAX_LENGTH], length: 0 }
    }

    /// Whether no byte has come.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Takes bytes from `unread` up to the header's end; gives their number and the
    /// header once it is complete.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn extend(&mut self, unread: &[u8]) -> Result<(usize, Option<Header>), Malformed> {
        let mut taken = 0;
        loop {
            let have = usize::from(self.length);
            let so_far = self.bytes.get(..have).unwrap_or_default();
            let stage_end = match header::parse(so_far)? {
                Parsed::Need(stage_end) => stage_end,
                Parsed::Complete { header, .. } => {
                    self.length = 0;
                    return Ok((taken, Some(header)));
                }
            };
            let room = self.bytes.get_mut(have..stage_end).unwrap_or_default();
            let next = unread.get(taken..).unwrap_or_default();
            let count = room.len().min(next.len());
            copy_prefix(room, next);
            taken += count;
            self.length += count as u8;
            if have + count < stage_end {
                return Ok((taken, None));
            }
        }
    }
}
