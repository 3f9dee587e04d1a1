//! A frame header that comes in more than one read.

use super::step::Fault;
use crate::core::header::{self, Header, MAX_LENGTH, Parsed};
use crate::mem::Buffer;

/// Takes bytes from `unread` up to the header's end, behind those that came before, which
/// are kept in `so_far`; gives their number and the header once it is complete.
///
/// # Errors
/// [`Fault::Malformed`] or [`Fault::NoMemory`].
pub fn read_on(so_far: &mut Buffer<u8>, unread: &[u8]) -> Result<(usize, Option<Header>), Fault> {
    so_far.reserve_exact(MAX_LENGTH.saturating_sub(so_far.len()))?;
    let mut taken = 0;
    loop {
        let stage_end = match header::parse(so_far.as_slice())? {
            Parsed::Need(stage_end) => stage_end,
            Parsed::Complete { header, .. } => {
                so_far.release();
                return Ok((taken, Some(header)));
            }
        };
        let rest = unread.get(taken..).unwrap_or_default();
        let wanted = stage_end.saturating_sub(so_far.len());
        let next = rest.get(..wanted).unwrap_or(rest);
        so_far.extend(next)?;
        taken += next.len();
        if next.len() < wanted {
            return Ok((taken, None));
        }
    }
}
