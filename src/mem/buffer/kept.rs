//! Keeping a buffer's bytes in place while a program looks at them.
//!
//! A program that was shown bytes of a buffer may do things that use the buffer up: a
//! [`Kept`] shares its allocation, so that the bytes stay readable where they are. As
//! long as there is one, growing or emptying the buffer neither moves nor overwrites them.

use super::{Block, Buffer};
use crate::mem::OutOfMemory;
use ::core::mem::swap;
use ::core::ops::Range;
use ::core::ptr::NonNull;

/// See the module's description.
pub struct Kept {
    block: Option<NonNull<Block>>,
    start: *const u8,
    length: usize,
}

impl Kept {
    /// Where the bytes begin.
    pub fn as_ptr(&self) -> *const u8 {
        self.start
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(block) = self.block {
            // SAFETY: this is one of the allocation's owners, and is one no more.
            unsafe { disown(block) };
        }
    }
}

impl Buffer<u8> {
    /// Keeps the bytes of `range`, none of them if there are not as many, in place as long as
    /// the result lives.
    pub fn keep(&mut self, range: Range<usize>) -> Kept {
        let length = self.as_slice().get(range.clone()).map_or(0, <[u8]>::len);
        if let Some(block) = self.header_mut() {
            block.owners += 1;
        }
        Kept { block: self.block, start: self.as_ptr().wrapping_add(range.start), length }
    }
}

impl<T> Buffer<T> {
    pub(super) fn is_kept(&self) -> bool {
        self.header().is_some_and(|block| block.owners > 1)
    }

    /// Moves the elements to an allocation of `capacity`, which must be at least as much as
    /// is in use, and leaves the old one to whoever keeps it.
    pub(super) fn copy_to_new_block(&mut self, capacity: usize) -> Result<(), OutOfMemory> {
        let mut copy = Self::with_capacity(capacity)?;
        let elements = self.as_slice();
        let room = copy.spare_elements().as_mut_ptr().cast::<T>();
        // SAFETY: the new block has room for all of them, and the two do not overlap.
        unsafe { ::core::ptr::copy_nonoverlapping(elements.as_ptr(), room, elements.len()) };
        let count = elements.len();
        if let Some(block) = copy.header_mut() {
            block.end = count;
        }
        copy.set_note(self.note());
        // They have been moved: the old buffer must not drop them.
        self.skip(count);
        swap(self, &mut copy);
        Ok(())
    }
}

/// Takes away one owner of an allocation, and frees it with the last.
///
/// # Safety
/// `block` is an allocation that the caller owns and does not use after that.
pub(super) unsafe fn disown(mut block: NonNull<Block>) {
    // SAFETY: the allocation lives as long as it has an owner, and no other reference to its
    // Block is in use.
    let owners = unsafe { &mut block.as_mut().owners };
    *owners -= 1;
    if *owners == 0 {
        // SAFETY: the block came from realloc, and this was its last owner.
        unsafe { libc::free(block.as_ptr().cast()) };
    }
}
