//! The opening handshake in `wslay/wslayx.h`.
//!
//! No callback runs in these functions, so a context is borrowed for the length of the
//! call, and only then.

mod client;
mod server;

pub use client::*;
pub use server::*;

use crate::error::Error;
use crate::mem::{Owned, can_exist};
use ::core::ffi::CStr;
use ::core::ptr::{NonNull, null, null_mut};
use libc::{c_char, c_int, size_t};

/// Stores a new context, or NULL, in `*to`; `O` is its opaque name.
///
/// # Safety
/// `to` is NULL or can be written.
unsafe fn store<O, T>(to: *mut *mut O, created: impl FnOnce() -> Result<T, Error>) -> c_int {
    if to.is_null() {
        return Error::InvalidArgument.code();
    }
    let (context, status) = match created().and_then(|value| Ok(Owned::try_new(value)?)) {
        Ok(owned) => (owned.into_raw().as_ptr().cast(), 0),
        Err(error) => (null_mut(), error.code()),
    };
    // SAFETY: the caller vouches for it.
    unsafe { to.write(context) };
    status
}

/// # Safety
/// `context` is NULL or comes from [`store`] with the same `T`; nobody uses it again.
unsafe fn free<O, T>(context: *mut O) {
    if let Some(value) = NonNull::new(context.cast::<T>()) {
        // SAFETY: the caller vouches for it.
        drop(unsafe { Owned::from_raw(value) });
    }
}

/// The string that C gives; nothing for NULL.
///
/// # Safety
/// `string` is NULL or ends in a NUL, and nobody writes it while it is in use.
unsafe fn string_of<'a>(string: *const c_char) -> Option<&'a [u8]> {
    if string.is_null() {
        return None;
    }
    // SAFETY: the caller vouches for it.
    Some(unsafe { CStr::from_ptr(string) }.to_bytes())
}

/// What C gets for a string that may be missing.
fn string_or_null(string: Option<&CStr>) -> *const c_char {
    string.map_or(null(), CStr::as_ptr)
}

/// Where bytes for C lie, with their number in `*length`; NULL if there are none.
///
/// # Safety
/// `length` is NULL or can be written.
unsafe fn lend(bytes: &[u8], length: *mut size_t) -> *const u8 {
    if !length.is_null() {
        // SAFETY: the caller vouches for it.
        unsafe { length.write(bytes.len()) };
    }
    if bytes.is_empty() { null() } else { bytes.as_ptr() }
}

/// Copies what fits of `bytes` to C's memory; gives how much that is.
///
/// # Safety
/// `to` is NULL or points to `room` bytes that can be written.
unsafe fn copy_out(bytes: &[u8], to: *mut u8, room: size_t) -> size_t {
    let length = bytes.len().min(room);
    if length == 0 || !can_exist(to, length) {
        return 0;
    }
    // SAFETY: the caller vouches for the memory, which is C's own.
    unsafe { to.copy_from_nonoverlapping(bytes.as_ptr(), length) };
    length
}
