//! Memory: the only place that allocates, through libc's `malloc`.
//!
//! Everything here fails with [`OutOfMemory`] instead of aborting, gives its
//! memory back when dropped, and offers a safe face, so that the protocol core
//! needs no unsafe code. Nothing here knows what the bytes mean.

mod buffer;
mod copy;
mod foreign;
mod owned;
mod stack_buffer;

pub use buffer::{Buffer, Note};
pub use foreign::{ForeignBytes, ForeignRoom, can_exist};
pub use owned::Owned;
pub use stack_buffer::StackBuffer;

use ::core::mem::MaybeUninit;

/// `malloc` or `realloc` gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// Copies as much of `from` as `to` has room for.
pub fn copy_prefix(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// Bytes that foreign code writes before Rust may read them.
pub trait Fill {
    /// The room that may be written, not yet readable.
    fn spare(&mut self) -> &mut [MaybeUninit<u8>];

    /// Makes the first `count` bytes of [`Fill::spare`] readable.
    ///
    /// # Safety
    /// At most as many as `spare` has, and all of them were written.
    unsafe fn assume_filled(&mut self, count: usize);
}
