//! Memory that belongs to the program and stays in its hands.
//!
//! The program may look at it or write to it inside any callback, and two pieces of it
//! may overlap, so no reference to it is ever kept: it is reached by copying, or for
//! the length of one closure.

use ::core::ptr::{copy, slice_from_raw_parts_mut};

/// Whether C may say that `length` bytes lie at `start`: NULL has none, and no memory is
/// larger than `isize::MAX`.
pub fn can_exist(start: *const u8, length: usize) -> bool {
    length == 0 || !start.is_null() && isize::try_from(length).is_ok()
}

/// Bytes of the program's that the library reads.
#[derive(Clone, Copy)]
pub struct ForeignBytes {
    start: *const u8,
    length: usize,
}

impl ForeignBytes {
    /// The `length` bytes at `start`; nothing if the pointer is NULL and the length is
    /// not 0, or if no such memory can exist.
    ///
    /// # Safety
    /// If not NULL, `start` points to that many readable bytes for as long as this or a
    /// copy of it is in use.
    pub unsafe fn new(start: *const u8, length: usize) -> Option<Self> {
        can_exist(start, length).then_some(Self { start, length })
    }

    /// How many they are.
    pub fn len(self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.length == 0
    }

    /// Where they begin; may be NULL if there are none.
    pub fn as_ptr(self) -> *const u8 {
        self.start
    }

    /// All but the first `count`.
    pub fn skip(self, count: usize) -> Self {
        let count = count.min(self.length);
        Self { start: self.start.wrapping_add(count), length: self.length - count }
    }

    /// The first `length`, or fewer if there are fewer.
    pub fn first(self, length: usize) -> Self {
        Self { length: length.min(self.length), ..self }
    }

    /// Copies as many as `to` has room for.
    pub fn copy_to(self, to: &mut [u8]) {
        // SAFETY: `new` vouches for the bytes read, and `to` for those written.
        unsafe { copy(self.start, to.as_mut_ptr(), to.len().min(self.length)) };
    }
}

/// Room of the program's that the library writes to.
#[derive(Clone, Copy)]
pub struct ForeignRoom {
    start: *mut u8,
    length: usize,
}

impl ForeignRoom {
    /// The `length` bytes at `start`; nothing if the pointer is NULL and the length is
    /// not 0, or if no such memory can exist.
    ///
    /// # Safety
    /// If not NULL, `start` points to that many writable bytes for as long as this or a
    /// copy of it is in use.
    pub unsafe fn new(start: *mut u8, length: usize) -> Option<Self> {
        can_exist(start, length).then_some(Self { start, length })
    }

    /// How many bytes it takes.
    pub fn len(self) -> usize {
        self.length
    }

    /// Whether it takes none.
    pub fn is_empty(self) -> bool {
        self.length == 0
    }

    /// All but the first `count` bytes.
    pub fn skip(self, count: usize) -> Self {
        let count = count.min(self.length);
        Self { start: self.start.wrapping_add(count), length: self.length - count }
    }

    /// Writes as much of `bytes` as fits.
    pub fn write(self, bytes: &[u8]) {
        // SAFETY: `new` vouches for the bytes written, and `bytes` for those read.
        unsafe { copy(bytes.as_ptr(), self.start, bytes.len().min(self.length)) };
    }

    /// Writes as much of `bytes` as fits; the two may overlap.
    pub fn write_foreign(self, bytes: ForeignBytes) {
        // SAFETY: `new` vouches for both.
        unsafe { copy(bytes.start, self.start, bytes.length.min(self.length)) };
    }

    /// Changes the first `length` bytes (all, if there are fewer), which were written
    /// before. `change` must not call C.
    pub fn change(self, length: usize, change: impl FnOnce(&mut [u8])) {
        let length = length.min(self.length);
        if length == 0 {
            return;
        }
        // SAFETY: `new` vouches for the bytes, and nobody else uses them during the closure, which
        // does not call C.
        change(unsafe { &mut *slice_from_raw_parts_mut(self.start, length) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr::null;

    #[test]
    fn moves_overlapping_bytes_and_stays_within_them() {
        let mut memory = *b"abcdef..";
        let start = memory.as_mut_ptr();
        // SAFETY: both lie within `memory`, which outlives them.
        let bytes = unsafe { ForeignBytes::new(start, 6) }.unwrap();
        // SAFETY: as above.
        let room = unsafe { ForeignRoom::new(start, 8) }.unwrap();
        room.skip(2).write_foreign(bytes);
        room.write(b"12");
        room.change(3, |bytes| bytes.reverse());
        let mut copied = [0; 3];
        bytes.skip(4).copy_to(&mut copied);
        assert_eq!((&memory, &copied), (b"a21bcdef", b"cd\0"));
        assert_eq!((room.skip(9).len(), bytes.first(2).len()), (0, 2));
    }

    #[test]
    fn null_is_memory_only_without_a_length() {
        // SAFETY: nothing is read.
        assert!(unsafe { ForeignBytes::new(null(), 1) }.is_none());
        // SAFETY: nothing is read.
        let none = unsafe { ForeignBytes::new(null(), 0) }.unwrap();
        none.copy_to(&mut []);
        assert!(none.is_empty());
    }
}
