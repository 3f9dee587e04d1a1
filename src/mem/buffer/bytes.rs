//! What buffers of plain values can do beside: copying in, taking from the front,
//! being filled by foreign code.

use super::{Block, Buffer, WORTH_GIVING_BACK};
use crate::mem::copy::copy_elements;
use crate::mem::{Fill, OutOfMemory};
use ::core::mem::MaybeUninit;
use ::core::ops::Range;

impl<T: Copy> Buffer<T> {
    /// Appends a copy of `elements`.
    ///
    /// # Errors
    /// [`OutOfMemory`]; nothing is then appended.
    pub fn extend(&mut self, elements: &[T]) -> Result<(), OutOfMemory> {
        self.reserve(elements.len())?;
        let room = self.spare_elements().as_mut_ptr().cast::<T>();
        // SAFETY: reserve made room for all of them; a `&mut self` and a shared slice do not
        // overlap.
        unsafe { copy_elements(elements.as_ptr(), room, elements.len()) };
        if let Some(block) = self.header_mut() {
            block.end += elements.len();
        }
        Ok(())
    }

    /// Drops the first `count` elements (all, if there are fewer).
    pub fn consume(&mut self, count: usize) {
        self.skip(count);
    }

    /// Takes out the elements of `range`, counted from the front; those behind it move up.
    pub fn remove(&mut self, range: Range<usize>) {
        let elements = self.as_mut_slice();
        let Some(removed) = elements.get(range.clone()).map(<[T]>::len) else { return };
        elements.copy_within(range.end.., range.start);
        if let Some(block) = self.header_mut() {
            block.end -= removed;
        }
    }

    /// Keeps the elements of `range`, counted from the front, and drops the others.
    pub fn crop(&mut self, range: Range<usize>) {
        let length = self.len();
        let (start, end) = (range.start.min(length), range.end.min(length));
        if let Some(block) = self.header_mut() {
            block.end = block.start + end;
        }
        self.skip(start);
    }

    /// How many elements fit beside those that are there.
    pub fn idle_capacity(&self) -> usize {
        self.header().map_or(0, |block| block.capacity - (block.end - block.start))
    }

    /// Gives memory back once most of a large buffer has been consumed, so that a
    /// backlog does not hold its peak until its last byte is gone. The rest is moved
    /// when it is a quarter at most, so each element is moved a bounded number of times.
    pub fn give_back_consumed(&mut self) {
        let Some(&Block { start, end, capacity, owners, .. }) = self.header() else { return };
        if owners == 1 && start > WORTH_GIVING_BACK && start > capacity / 4 * 3 {
            self.shrink(end - start);
        }
    }

    /// Gives back memory beyond `capacity` elements, if those in use fit into that.
    pub fn shrink(&mut self, capacity: usize) {
        let Some(&Block { start, end, capacity: now, owners, .. }) = self.header() else { return };
        let length = end - start;
        if owners == 1 && capacity < now {
            // A little consumed room is not worth moving the elements.
            let kept_room = if start > length / 8 { 0 } else { start };
            if kept_room == 0 {
                self.move_to_front();
            }
            // Without a smaller block the larger one serves as well.
            let _ = self.reallocate(kept_room + capacity.max(length));
        }
    }
}

impl Buffer<u8> {
    /// Appends the first `length` bytes of `head`, and `tail`. All of `head` is copied, since
    /// a copy of fixed size is a few instructions, and what follows overwrites the rest.
    ///
    /// # Errors
    /// [`OutOfMemory`]; nothing is then appended.
    #[inline]
    pub fn extend_with_head<const N: usize>(
        &mut self,
        head: [u8; N],
        length: usize,
        tail: &[u8],
    ) -> Result<(), OutOfMemory> {
        let length = length.min(N);
        self.reserve(tail.len().checked_add(N).ok_or(OutOfMemory)?)?;
        let room = self.spare_elements().as_mut_ptr().cast::<u8>();
        // SAFETY: reserve made room for N bytes and the tail.
        unsafe { room.cast::<[u8; N]>().write(head) };
        // SAFETY: as above, and length is at most N.
        let tail_room = unsafe { room.add(length) };
        // SAFETY: as above; a `&mut self` and a shared slice do not overlap.
        unsafe { copy_elements(tail.as_ptr(), tail_room, tail.len()) };
        if let Some(block) = self.header_mut() {
            block.end += length + tail.len();
        }
        Ok(())
    }

    /// Puts `bytes` in the place of those from `start` on; false, and nothing happens, unless
    /// there are so many. No other byte is touched: someone may be looking at them.
    pub fn overwrite(&mut self, start: usize, bytes: &[u8]) -> bool {
        let Some(end) = start.checked_add(bytes.len()) else { return false };
        if end > self.len() {
            return false;
        }
        let from = self.header().map_or(0, |block| block.start);
        // SAFETY: the range from + start..from + end lies within the initialised elements.
        let place = unsafe { self.elements().add(from + start) };
        // SAFETY: as above; a `&mut self` and a shared slice do not overlap. No slice of self is
        // alive, since self is borrowed mutably; one that was made of a pointer that the program
        // was shown does not lie here, since the caller writes beside what is being shown.
        unsafe { ::core::ptr::copy_nonoverlapping(bytes.as_ptr(), place, bytes.len()) };
        true
    }

    /// Puts `bytes` before the first, into the room of consumed ones; false if that is too
    /// small.
    pub fn prepend(&mut self, bytes: &[u8]) -> bool {
        let Some(block) = self.header_mut() else { return false };
        let Some(start) = block.start.checked_sub(bytes.len()) else { return false };
        block.start = start;
        // SAFETY: start lies within the allocation.
        let room = unsafe { self.elements().add(start) };
        // SAFETY: the bytes from start to the old start belong to the allocation; a `&mut self`
        // and a shared slice do not overlap.
        unsafe { ::core::ptr::copy_nonoverlapping(bytes.as_ptr(), room, bytes.len()) };
        true
    }
}

impl Fill for Buffer<u8> {
    fn spare(&mut self) -> &mut [MaybeUninit<u8>] {
        self.spare_elements()
    }

    unsafe fn assume_filled(&mut self, count: usize) {
        if let Some(block) = self.header_mut() {
            block.end += count;
        }
    }
}
