//! The exported functions of contract 1.1 and of the extension header.
//!
//! Each checks the pointers that C gives, turns them into Rust values, and calls
//! one function of the layers below. The comments are the text of the C headers, so
//! they speak to C programmers; what a pointer must be is their safety section.

// The C documentation of each function says what its pointers must be.
#![allow(clippy::missing_safety_doc)]

pub mod event;
pub mod extensions;
pub mod frame;
pub mod handshake;

use crate::context::Handle;
use crate::error::Error;
use crate::mem::can_exist;
use ::core::ptr::null_mut;
use ::core::slice;
use libc::c_int;

/// Stores a new context, or NULL, in `*ctx`, and gives what its init function returns.
///
/// # Safety
/// `ctx` is NULL or can be written.
unsafe fn store<O, C: Copy, E>(
    ctx: *mut *mut O,
    created: impl FnOnce() -> Result<Handle<C, E>, Error>,
) -> c_int {
    if ctx.is_null() {
        return Error::InvalidArgument.code();
    }
    let (context, status) = match created() {
        Ok(handle) => (handle.as_opaque(), 0),
        Err(error) => (null_mut(), error.code()),
    };
    // SAFETY: the caller vouches for it.
    unsafe { ctx.write(context) };
    status
}

/// The bytes that C describes by a pointer and a length; nothing if the pointer is
/// NULL and the length is not 0, or if no such memory can exist.
///
/// # Safety
/// If not NULL, `data` points to `length` bytes that nobody writes while the slice is
/// in use.
unsafe fn bytes_of<'a>(data: *const u8, length: usize) -> Option<&'a [u8]> {
    if length == 0 {
        return Some(&[]);
    }
    if !can_exist(data, length) {
        return None;
    }
    // SAFETY: the caller vouches for the memory; the length fits a slice.
    Some(unsafe { slice::from_raw_parts(data, length) })
}

/// A count of bytes as C's `ssize_t`: they all lie in one piece of memory, so it fits.
fn count(bytes: usize) -> libc::ssize_t {
    libc::ssize_t::try_from(bytes).unwrap_or(libc::ssize_t::MAX)
}
