//! A growable run of elements that can be consumed from its front.
//!
//! It serves as byte buffer (`Buffer<u8>`: messages, encoded frames) and as queue.
//! The handle is one pointer: length and capacity live in the allocation, so an
//! empty buffer costs eight bytes in a context that holds many of them.

use super::{Fill, OutOfMemory};
use ::core::marker::PhantomData;
use ::core::mem::{MaybeUninit, align_of, size_of};
use ::core::ops::Range;
use ::core::ptr::{NonNull, null_mut};

/// What stands before the elements in an allocation. Elements `start..end` are
/// initialised, the others up to `capacity` are not.
struct Block {
    start: usize,
    end: usize,
    capacity: usize,
}

/// Consumed room below this many elements is not given back before the buffer is
/// empty.
const WORTH_GIVING_BACK: usize = 64 * 1024;

/// A contiguous run of `T` in `malloc`ed memory; nothing is allocated while it
/// has never held an element.
pub struct Buffer<T> {
    block: Option<NonNull<Block>>,
    owns: PhantomData<T>,
}

impl<T> Buffer<T> {
    /// An empty buffer without memory.
    pub const fn new() -> Self {
        const {
            assert!(size_of::<T>() > 0 && align_of::<T>() <= align_of::<Block>());
            assert!(size_of::<Block>().is_multiple_of(align_of::<Block>()));
        }
        Self { block: None, owns: PhantomData }
    }

    /// An empty buffer with room for `capacity` elements.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn with_capacity(capacity: usize) -> Result<Self, OutOfMemory> {
        let mut buffer = Self::new();
        buffer.reallocate(capacity)?;
        Ok(buffer)
    }

    fn header(&self) -> Option<&Block> {
        // SAFETY: a block is initialised when allocated, lives until self frees it, and is
        // reached through self alone.
        self.block.map(|block| unsafe { block.as_ref() })
    }

    fn header_mut(&mut self) -> Option<&mut Block> {
        // SAFETY: as in `header`, and self is borrowed mutably.
        self.block.map(|mut block| unsafe { block.as_mut() })
    }

    /// Where element 0 of the allocation is; dangling without one.
    fn elements(&self) -> *mut T {
        match self.block {
            // SAFETY: the allocation goes on behind its Block with the elements.
            Some(block) => unsafe { block.add(1) }.as_ptr().cast(),
            None => NonNull::dangling().as_ptr(),
        }
    }

    /// How many elements it holds.
    pub fn len(&self) -> usize {
        self.header().map_or(0, |block| block.end - block.start)
    }

    /// Whether it holds no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many elements fit behind the last without an allocation.
    pub fn spare_capacity(&self) -> usize {
        self.header().map_or(0, |block| block.capacity - block.end)
    }

    /// The elements, front first.
    pub fn as_slice(&self) -> &[T] {
        let start = self.header().map_or(0, |block| block.start);
        // SAFETY: start lies within the allocation (or is 0 without one).
        let first = unsafe { self.elements().add(start) };
        // SAFETY: the elements start..end are initialised and borrowed from self.
        unsafe { ::core::slice::from_raw_parts(first, self.len()) }
    }

    /// The elements, front first.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        let start = self.header().map_or(0, |block| block.start);
        // SAFETY: start lies within the allocation (or is 0 without one).
        let first = unsafe { self.elements().add(start) };
        // SAFETY: the elements start..end are initialised and borrowed from self, mutably.
        unsafe { ::core::slice::from_raw_parts_mut(first, self.len()) }
    }

    /// The front element.
    pub fn front_mut(&mut self) -> Option<&mut T> {
        self.as_mut_slice().first_mut()
    }

    /// The element put in last.
    pub fn back_mut(&mut self) -> Option<&mut T> {
        self.as_mut_slice().last_mut()
    }

    /// Makes room for `additional` elements behind the last, at least doubling the
    /// memory when it must grow, so that a run of appends copies each element a
    /// bounded number of times.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the contents are unchanged.
    pub fn reserve(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        if additional <= self.spare_capacity() {
            return Ok(());
        }
        let (len, capacity) = self.header().map_or((0, 0), |block| (block.end - block.start, block.capacity));
        let needed = len.checked_add(additional).ok_or(OutOfMemory)?;
        self.move_to_front();
        // Consumed room is taken back without growing only when it is half of the
        // memory: a smaller gain would be eaten up by moving the rest each time.
        if needed <= capacity && len <= capacity / 2 {
            return Ok(());
        }
        let doubled = capacity.saturating_mul(2);
        if doubled > needed && self.reallocate(doubled).is_ok() { Ok(()) } else { self.reallocate(needed) }
    }

    /// Makes room for `additional` elements and no more than that.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the contents are unchanged.
    pub fn reserve_exact(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        if additional <= self.spare_capacity() {
            return Ok(());
        }
        let needed = self.len().checked_add(additional).ok_or(OutOfMemory)?;
        self.move_to_front();
        self.reallocate(needed)
    }

    /// Puts `value` behind the last element.
    ///
    /// # Errors
    /// [`OutOfMemory`]; `value` is then dropped.
    pub fn push(&mut self, value: T) -> Result<(), OutOfMemory> {
        self.reserve(1)?;
        let spare = self.spare_elements().first_mut().ok_or(OutOfMemory)?;
        spare.write(value);
        if let Some(block) = self.header_mut() {
            block.end += 1;
        }
        Ok(())
    }

    /// Takes out the front element.
    pub fn pop_front(&mut self) -> Option<T> {
        let front: *const T = self.front_mut()?;
        // SAFETY: front is an initialised element; moving `start` past it makes this the only
        // time that it is read.
        let value = unsafe { front.read() };
        self.skip(1);
        Some(value)
    }

    /// Frees the memory, dropping what is in it.
    pub fn release(&mut self) {
        *self = Self::new();
    }

    fn spare_elements(&mut self) -> &mut [MaybeUninit<T>] {
        let end = self.header().map_or(0, |block| block.end);
        // SAFETY: end lies within the allocation (or is 0 without one).
        let first_spare = unsafe { self.elements().add(end) };
        // SAFETY: end..capacity belongs to the allocation; MaybeUninit needs no initialisation.
        unsafe { ::core::slice::from_raw_parts_mut(first_spare.cast(), self.spare_capacity()) }
    }

    /// Moves the front past `count` elements without dropping them.
    fn skip(&mut self, count: usize) {
        if let Some(block) = self.header_mut() {
            block.start = block.start.saturating_add(count).min(block.end);
            if block.start == block.end {
                block.start = 0;
                block.end = 0;
            }
        }
    }

    /// Turns the room of consumed elements into spare room.
    pub fn move_to_front(&mut self) {
        let elements = self.elements();
        let Some(block) = self.header_mut() else { return };
        let (start, len) = (block.start, block.end - block.start);
        if start == 0 {
            return;
        }
        block.start = 0;
        block.end = len;
        // SAFETY: start lies within the allocation.
        let first = unsafe { elements.add(start) };
        // SAFETY: both ranges lie within the allocation; copy allows them to overlap.
        unsafe { ::core::ptr::copy(first, elements, len) };
    }

    /// Changes the allocation's capacity, which must not go below what is in use.
    fn reallocate(&mut self, capacity: usize) -> Result<(), OutOfMemory> {
        let bytes = capacity
            .checked_mul(size_of::<T>())
            .and_then(|bytes| bytes.checked_add(size_of::<Block>()))
            .filter(|bytes| isize::try_from(*bytes).is_ok())
            .ok_or(OutOfMemory)?;
        let old = self.block.map_or(null_mut(), |block| block.as_ptr().cast());
        // SAFETY: old is NULL or came from realloc; a failed realloc leaves it as it was.
        let memory = unsafe { libc::realloc(old, bytes) };
        let block = NonNull::new(memory.cast::<Block>()).ok_or(OutOfMemory)?;
        let (start, end) = match self.block {
            // SAFETY: realloc keeps the contents, of which the Block is the first.
            Some(_) => unsafe { block.as_ref() }.range(),
            None => (0, 0),
        };
        // SAFETY: the allocation is at least a Block large and aligned by malloc.
        unsafe { block.write(Block { start, end, capacity }) };
        self.block = Some(block);
        Ok(())
    }
}

impl Block {
    fn range(&self) -> (usize, usize) {
        (self.start, self.end)
    }
}

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
        unsafe { ::core::ptr::copy_nonoverlapping(elements.as_ptr(), room, elements.len()) };
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

    /// Gives memory back once most of a large buffer has been consumed, so that a
    /// backlog does not hold its peak until its last byte is gone. The rest is moved
    /// when it is a quarter at most, so each element is moved a bounded number of times.
    pub fn give_back_consumed(&mut self) {
        let Some(&Block { start, end, capacity }) = self.header() else { return };
        if start > WORTH_GIVING_BACK && start > capacity / 4 * 3 {
            self.move_to_front();
            // Without a smaller block the larger one serves as well.
            let _ = self.reallocate(end - start);
        }
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

impl<T> Default for Buffer<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for Buffer<T> {
    fn drop(&mut self) {
        let Some(block) = self.block else { return };
        let elements: *mut [T] = self.as_mut_slice();
        // SAFETY: the elements are initialised, and nobody reaches them after this.
        unsafe { elements.drop_in_place() };
        // SAFETY: the block came from realloc and is freed only here.
        unsafe { libc::free(block.as_ptr().cast()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn appends_and_consumes_like_a_vec() {
        let mut buffer = Buffer::new();
        let mut model: Vec<u8> = Vec::new();
        let mut seed = 12345_u32;
        for _ in 0..if cfg!(miri) { 100 } else { 2000 } {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let amount = (seed >> 24) as usize % 50;
            if seed & 0x100 == 0 {
                let bytes: Vec<u8> = (0..amount).map(|i| (seed as usize + i) as u8).collect();
                buffer.extend(&bytes).unwrap();
                model.extend(&bytes);
            } else {
                buffer.consume(amount);
                model.drain(..amount.min(model.len()));
            }
            assert_eq!(buffer.as_slice(), &model[..]);
            assert_eq!(buffer.len(), model.len());
        }
    }

    #[test]
    fn a_queue_gives_back_its_elements_in_order_and_drops_the_rest() {
        let witness = Rc::new(());
        let mut queue = Buffer::new();
        for number in 0..10 {
            queue.push((number, Rc::clone(&witness))).unwrap();
        }
        for expected in 0..4 {
            assert_eq!(queue.pop_front().unwrap().0, expected);
        }
        assert_eq!(queue.front_mut().unwrap().0, 4);
        assert_eq!(queue.back_mut().unwrap().0, 9);
        assert_eq!(Rc::strong_count(&witness), 7);
        drop(queue);
        assert_eq!(Rc::strong_count(&witness), 1);
    }

    #[test]
    fn consumed_room_of_a_large_buffer_is_given_back() {
        let mut buffer = Buffer::new();
        let large: Vec<u8> = (0..400_000_u32).map(|i| i as u8).collect();
        buffer.extend(&large).unwrap();
        buffer.consume(200_000);
        buffer.give_back_consumed();
        assert_eq!(buffer.len() + buffer.spare_capacity(), 200_000, "half is too little to move");
        buffer.consume(150_000);
        buffer.give_back_consumed();
        assert_eq!(buffer.spare_capacity(), 0);
        assert_eq!(buffer.as_slice(), &large[350_000..]);
    }

    #[test]
    fn an_impossible_size_is_out_of_memory_and_changes_nothing() {
        let mut buffer = Buffer::new();
        buffer.extend(b"kept").unwrap();
        assert_eq!(buffer.reserve(usize::MAX), Err(OutOfMemory));
        assert_eq!(buffer.reserve(usize::MAX / 2), Err(OutOfMemory));
        assert_eq!(buffer.reserve_exact(usize::MAX), Err(OutOfMemory));
        assert_eq!(buffer.as_slice(), b"kept");
        assert!(Buffer::<u64>::with_capacity(usize::MAX / 8).is_err());
    }

    #[test]
    fn an_empty_buffer_is_one_pointer_and_no_memory() {
        assert_eq!(size_of::<Buffer<u8>>(), size_of::<*const u8>());
        let mut buffer = Buffer::<u8>::new();
        assert!(buffer.as_slice().is_empty() && buffer.pop_front().is_none());
        assert_eq!(buffer.spare_capacity(), 0);
        buffer.extend(b"x").unwrap();
        buffer.release();
        assert_eq!(buffer.spare_capacity(), 0);
    }

    #[test]
    fn reserve_exact_takes_no_more_than_asked() {
        let mut buffer = Buffer::<u8>::new();
        buffer.reserve_exact(10).unwrap();
        assert_eq!(buffer.spare_capacity(), 10);
        buffer.extend(b"0123456789").unwrap();
        buffer.consume(4);
        buffer.reserve_exact(3).unwrap();
        assert_eq!(buffer.as_slice(), b"456789");
    }
}
