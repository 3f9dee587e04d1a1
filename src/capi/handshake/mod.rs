//! The opening handshake in `wslay/wslayx.h`.
//!
//! No callback runs in these functions, so a context is borrowed for the length of the
//! call, and only then.

mod client;
mod server;

pub use client::*;
pub use server::*;

use crate::error::Error;
use crate::handshake::{Outcome, Rest};
use crate::mem::{Owned, can_exist};
use ::core::ffi::CStr;
use ::core::ptr::{NonNull, null, null_mut};
use libc::{c_char, c_int, size_t};

/// An opaque name for C, and what its pointers lead to.
trait Opaque {
    type Handshake;
}

/// Stores a new handshake, or NULL, in `*to`.
///
/// # Safety
/// `to` is NULL or can be written.
unsafe fn store<O: Opaque>(to: *mut *mut O, created: impl FnOnce() -> Result<O::Handshake, Error>) -> c_int {
    if to.is_null() {
        return Error::InvalidArgument.code();
    }
    let (handshake, status) = match created().and_then(|value| Ok(Owned::try_new(value)?)) {
        Ok(owned) => (owned.into_raw().as_ptr().cast(), 0),
        Err(error) => (null_mut(), error.code()),
    };
    // SAFETY: the caller vouches for it.
    unsafe { to.write(handshake) };
    status
}

/// # Safety
/// `handshake` is NULL or comes from [`store`], and nobody uses it again.
unsafe fn free<O: Opaque>(handshake: *mut O) {
    if let Some(value) = NonNull::new(handshake.cast::<O::Handshake>()) {
        // SAFETY: the caller vouches for it.
        drop(unsafe { Owned::from_raw(value) });
    }
}

/// Runs `body` with the handshake, or gives `without` for NULL.
///
/// # Safety
/// `handshake` is NULL or comes from [`store`], and nobody frees it or uses it elsewhere during
/// `'a`, for which the caller may keep what `body` gives.
unsafe fn with<'a, O: Opaque<Handshake: 'a>, R>(
    handshake: *mut O,
    without: R,
    body: impl FnOnce(&'a mut O::Handshake) -> R,
) -> R {
    // SAFETY: the caller vouches for the handshake during 'a.
    match unsafe { handshake.cast::<O::Handshake>().as_mut() } {
        Some(handshake) => body(handshake),
        None => without,
    }
}

/// The string that `get` finds; NULL if it finds none, or for NULL.
///
/// # Safety
/// As for [`with`].
unsafe fn string<O: Opaque>(
    handshake: *mut O,
    get: impl FnOnce(&O::Handshake) -> Option<&CStr>,
) -> *const c_char {
    // SAFETY: the caller vouches for the handshake.
    unsafe { with(handshake, null(), |handshake| get(handshake).map_or(null(), CStr::as_ptr)) }
}

/// What a feed function returns: the numbers of `wslayx_request` are those of
/// `wslayx_response`.
fn found(fed: Result<Outcome, Error>) -> c_int {
    const {
        assert!(
            wslayx_request::WSLAYX_REQUEST_INCOMPLETE as c_int
                == wslayx_response::WSLAYX_RESPONSE_INCOMPLETE as c_int
        );
        assert!(
            wslayx_request::WSLAYX_REQUEST_WEBSOCKET as c_int
                == wslayx_response::WSLAYX_RESPONSE_WEBSOCKET as c_int
        );
        assert!(
            wslayx_request::WSLAYX_REQUEST_HTTP as c_int == wslayx_response::WSLAYX_RESPONSE_HTTP as c_int
        );
        assert!(wslayx_request::WSLAYX_REQUEST_BAD as c_int == wslayx_response::WSLAYX_RESPONSE_BAD as c_int);
    }
    match fed {
        Ok(Outcome::Incomplete) => wslayx_request::WSLAYX_REQUEST_INCOMPLETE as c_int,
        Ok(Outcome::WebSocket) => wslayx_request::WSLAYX_REQUEST_WEBSOCKET as c_int,
        Ok(Outcome::Http) => wslayx_request::WSLAYX_REQUEST_HTTP as c_int,
        Ok(Outcome::Bad) => wslayx_request::WSLAYX_REQUEST_BAD as c_int,
        Err(error) => error.code(),
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

/// Moves what fits of `rest` to C's memory; gives how much that is.
///
/// # Safety
/// `to` is NULL or points to `room` bytes that can be written.
unsafe fn read(rest: &mut Rest, to: *mut u8, room: size_t) -> size_t {
    let bytes = rest.as_slice();
    let length = bytes.len().min(room);
    if length == 0 || !can_exist(to, length) {
        return 0;
    }
    // SAFETY: the caller vouches for the memory, which is C's own.
    unsafe { to.copy_from_nonoverlapping(bytes.as_ptr(), length) };
    rest.consume(length);
    length
}
