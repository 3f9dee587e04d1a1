//! A growable run of elements that can be consumed from its front.
//!
//! It serves as byte buffer (`Buffer<u8>`: messages, encoded frames) and as queue.
//! The handle is one pointer: length and capacity live in the allocation, so an
//! empty buffer costs eight bytes in a context that holds many of them.

mod bytes;
mod kept;
#[cfg(test)]
mod tests;

use super::OutOfMemory;
use ::core::marker::PhantomData;
use ::core::mem::{MaybeUninit, align_of, size_of};
use ::core::ptr::NonNull;

/// What stands before the elements in an allocation. Elements `start..end` are
/// initialised, the others up to `capacity` are not.
struct Block {
    start: usize,
    end: usize,
    capacity: usize,
    note: Note,
    /// The buffer and each [`Kept`] that share the allocation; the last one frees it.
    owners: u32,
}

/// What a buffer's owner keeps beside the elements, in their allocation: a context that has
/// many buffers and few elements so stays small. The default without an allocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Up to the owner.
    pub first: usize,
    /// Up to the owner.
    pub second: usize,
    /// Up to the owner.
    pub flag: bool,
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
        // SAFETY: a block is initialised when allocated, and lives as long as it has an owner, as self
        // is. No reference to it leaves the methods of Buffer, and what shares it writes to it only
        // in `disown`, which none of them calls while it has one.
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

    /// Whether it has memory, of whatever capacity.
    pub fn is_allocated(&self) -> bool {
        self.block.is_some()
    }

    /// Whether it holds no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the owner noted last.
    pub fn note(&self) -> Note {
        self.header().map_or(Note::default(), |block| block.note)
    }

    /// Keeps `note` as long as there is an allocation, however that grows.
    pub fn set_note(&mut self, note: Note) {
        if let Some(block) = self.header_mut() {
            block.note = note;
        }
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

    /// Where the elements begin. Unlike a slice's, the pointer stays good for reading while
    /// slices of the buffer come and go, as long as the elements stay where they are.
    pub fn as_ptr(&self) -> *const T {
        let start = self.header().map_or(0, |block| block.start);
        // SAFETY: start lies within the allocation (or is 0 without one).
        unsafe { self.elements().add(start) }
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
    #[inline]
    pub fn reserve(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        if additional <= self.spare_capacity() { Ok(()) } else { self.grow(additional) }
    }

    #[cold]
    fn grow(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        let (len, capacity) = self.header().map_or((0, 0), |block| (block.end - block.start, block.capacity));
        let needed = len.checked_add(additional).ok_or(OutOfMemory)?;
        let doubled = capacity.saturating_mul(2);
        if self.is_kept() {
            let copied = self.copy_to_new_block(needed.max(doubled));
            return copied.or_else(|_| self.copy_to_new_block(needed));
        }
        self.move_to_front();
        // Consumed room is taken back without growing only when it is half of the
        // memory: a smaller gain would be eaten up by moving the rest each time.
        if needed <= capacity && len <= capacity / 2 {
            return Ok(());
        }
        if doubled > needed && self.reallocate(doubled).is_ok() { Ok(()) } else { self.reallocate(needed) }
    }

    /// Makes room for `additional` elements and no more than that, but for a little room
    /// of consumed elements at the front.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the contents are unchanged.
    pub fn reserve_exact(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        if additional <= self.spare_capacity() {
            return Ok(());
        }
        let needed = self.len().checked_add(additional).ok_or(OutOfMemory)?;
        if self.is_kept() {
            return self.copy_to_new_block(needed);
        }
        let consumed = self.header().map_or(0, |block| block.start);
        if consumed > needed / 8 {
            self.move_to_front();
            return self.reallocate(needed);
        }
        self.reallocate(consumed.checked_add(needed).ok_or(OutOfMemory)?)
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
            if block.start == block.end && block.owners == 1 {
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
        debug_assert!(block.owners == 1, "kept elements stay where they are");
        // SAFETY: start lies within the allocation.
        let first = unsafe { elements.add(start) };
        // SAFETY: both ranges lie within the allocation; copy allows them to overlap.
        unsafe { ::core::ptr::copy(first, elements, len) };
    }

    /// Changes the allocation's capacity, which must not go below what is in use; nobody
    /// else owns the allocation.
    fn reallocate(&mut self, capacity: usize) -> Result<(), OutOfMemory> {
        let bytes = capacity
            .checked_mul(size_of::<T>())
            .and_then(|bytes| bytes.checked_add(size_of::<Block>()))
            .filter(|bytes| isize::try_from(*bytes).is_ok())
            .ok_or(OutOfMemory)?;
        let memory = match self.block {
            // SAFETY: malloc may be called with any size.
            None => unsafe { libc::malloc(bytes) },
            // SAFETY: the block came from here; a failed realloc leaves it as it was.
            Some(block) => unsafe { libc::realloc(block.as_ptr().cast(), bytes) },
        };
        let block = NonNull::new(memory.cast::<Block>()).ok_or(OutOfMemory)?;
        let (start, end, note) = match self.block {
            // SAFETY: realloc keeps the contents, of which the Block is the first.
            Some(_) => unsafe { block.as_ref() }.contents(),
            None => (0, 0, Note::default()),
        };
        // SAFETY: the allocation is at least a Block large and aligned by malloc.
        unsafe { block.write(Block { start, end, capacity, note, owners: 1 }) };
        self.block = Some(block);
        Ok(())
    }
}

impl Block {
    fn contents(&self) -> (usize, usize, Note) {
        (self.start, self.end, self.note)
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
        // SAFETY: the elements are initialised, and nobody reaches them after this: only bytes are
        // kept, which need no drop.
        unsafe { elements.drop_in_place() };
        // SAFETY: this buffer is one of the allocation's owners, and is one no more.
        unsafe { kept::disown(block) };
    }
}
