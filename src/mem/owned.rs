//! One value in memory of its own, with an address that never changes.
//!
//! Unlike a reference or a `Box`, moving an [`Owned`] says nothing about who else
//! may look at the value: C may keep using a pointer to it meanwhile.

use super::OutOfMemory;
use ::core::marker::PhantomData;
use ::core::mem::{align_of, size_of};
use ::core::ptr::NonNull;

/// What malloc aligns to at least: C says for every type, this is one. (The crate libc
/// does not know `max_align_t` on every target.)
const MALLOC_ALIGNMENT: usize = align_of::<u64>();

/// A value allocated by `malloc`, dropped and freed with its owner.
pub struct Owned<T> {
    value: NonNull<T>,
    owns: PhantomData<T>,
}

impl<T> Owned<T> {
    /// Moves `value` into memory of its own.
    ///
    /// # Errors
    /// [`OutOfMemory`]; `value` is then dropped.
    pub fn try_new(value: T) -> Result<Self, OutOfMemory> {
        const {
            assert!(size_of::<T>() > 0 && align_of::<T>() <= MALLOC_ALIGNMENT);
        }
        // SAFETY: malloc may be called with any size; the assertion above keeps it above 0.
        let memory = unsafe { libc::malloc(size_of::<T>()) };
        let value_at = NonNull::new(memory.cast::<T>()).ok_or(OutOfMemory)?;
        // SAFETY: fresh memory of T's size, aligned for T by the assertion above.
        unsafe { value_at.write(value) };
        Ok(Self { value: value_at, owns: PhantomData })
    }

    /// The value's address, valid until the owner is dropped.
    pub fn as_ptr(&self) -> NonNull<T> {
        self.value
    }

    /// Gives up ownership: the value lives until [`Owned::from_raw`] takes it back.
    pub fn into_raw(self) -> NonNull<T> {
        let value = self.value;
        ::core::mem::forget(self);
        value
    }

    /// Takes back what [`Owned::into_raw`] gave up.
    ///
    /// # Safety
    /// `value` comes from `into_raw`, and nobody else takes it back.
    pub unsafe fn from_raw(value: NonNull<T>) -> Self {
        Self { value, owns: PhantomData }
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the value was written by try_new and is dropped only here.
        unsafe { self.value.drop_in_place() };
        // SAFETY: the memory came from malloc in try_new and is freed only here.
        unsafe { libc::free(self.value.as_ptr().cast()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn drops_its_value_once_and_keeps_its_address() {
        let witness = Rc::new(());
        let owned = Owned::try_new(Rc::clone(&witness)).unwrap();
        let address = owned.as_ptr();
        let moved = owned;
        assert_eq!(moved.as_ptr(), address);
        let raw = moved.into_raw();
        assert_eq!(Rc::strong_count(&witness), 2);
        // SAFETY: raw comes from into_raw just above.
        drop(unsafe { Owned::from_raw(raw) });
        assert_eq!(Rc::strong_count(&witness), 1);
    }
}
