//! The only calls into C: one function for each callback.
//!
//! Each takes the callbacks as they are at that moment, because a callback may
//! replace them, and hands C memory of the calling Rust frame, memory that is C's own,
//! or a fragmented message's source, never a place in a context. What C
//! answers is checked here: nothing it says can make the rest of the crate touch
//! memory that is not its own.

pub mod event;
pub mod frame;

use libc::ssize_t;

/// What a callback that moves bytes did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// So many bytes, at least 1 and at most as many as it was offered.
    Bytes(usize),
    /// Nothing.
    Nothing,
    /// It claims more than it was offered (D5).
    TooMuch,
    /// There is no such callback (D13).
    NoCallback,
}

impl Moved {
    fn from_result(result: ssize_t, offered: usize) -> Self {
        match usize::try_from(result) {
            Err(_) | Ok(0) => Self::Nothing,
            Ok(count) if count <= offered => Self::Bytes(count),
            Ok(_) => Self::TooMuch,
        }
    }
}
