//! The functions of `wslay/wslayx.h`: what wslay leaves to its users.

use super::{bytes_of, event};
use crate::abi::wslay_event_context_ptr;
use crate::accept_key;
use crate::error::Error;
use libc::{c_char, c_int, size_t};

/// Bytes that wslayx_accept_key() writes: 28 characters and a NUL.
pub const WSLAYX_ACCEPT_KEY_SIZE: usize = 29;

const _: () = assert!(WSLAYX_ACCEPT_KEY_SIZE == accept_key::LENGTH + 1);

/// Computes the value of `Sec-WebSocket-Accept` for a client's key.
///
/// `key` points to the `key_length` characters of the client's `Sec-WebSocket-Key`,
/// without white space around them; no NUL is needed. `accept` points to
/// `WSLAYX_ACCEPT_KEY_SIZE` bytes, which get the value as a string.
///
/// Returns 0, or `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL or the key is not
/// the base64 form of exactly 16 bytes, in which case the request deserves a 400;
/// `accept`, unless NULL, then holds the empty string. May be called anywhere, also
/// inside callbacks and from several threads at once. (RFC 6455 section 4.2)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_accept_key(
    key: *const c_char,
    key_length: size_t,
    accept: *mut c_char,
) -> c_int {
    if accept.is_null() {
        return Error::InvalidArgument.code();
    }
    // SAFETY: C vouches that a key that is not NULL has so many characters.
    let key = unsafe { bytes_of(key.cast(), key_length) };
    let (value, status) = match key.and_then(accept_key::accept_key) {
        Some(value) => (value, 0),
        None => ([0; accept_key::LENGTH], Error::InvalidArgument.code()),
    };
    let string = accept.cast::<u8>();
    if status == 0 {
        // SAFETY: C vouches for WSLAYX_ACCEPT_KEY_SIZE bytes at `accept`.
        unsafe { string.cast::<[u8; accept_key::LENGTH]>().write(value) };
    }
    let end = if status == 0 { accept_key::LENGTH } else { 0 };
    // SAFETY: `end` is below WSLAYX_ACCEPT_KEY_SIZE.
    let nul = unsafe { string.add(end) };
    // SAFETY: as above.
    unsafe { nul.write(0) };
    status
}

/// Whether a Close that the library itself raises (its answer to the peer's Close, and the
/// Closes of a protocol error, of invalid UTF-8, of a message that is too big, and of a
/// failed recv callback) goes out behind the messages queued before it.
///
/// `val` is 0 for no, as in wslay: the Close overtakes the data messages that wait, which
/// are then never sent, and drops the control messages. Anything else for yes: what was
/// queued before goes out first, so that a peer gets every answer that it is owed; the Close
/// waits for fragmented messages until their callbacks end them. It concerns Closes raised
/// from then on, and not those of wslay_event_queue_close().
///
/// `ctx` may be NULL. May be called inside callbacks. (S3; RFC 6455 section 5.5.1)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_event_config_set_close_after_queued(
    ctx: wslay_event_context_ptr,
    val: c_int,
) {
    // SAFETY: C vouches for the context.
    unsafe { event::with(ctx, (), |connection| connection.sender.set_close_after_queued(val != 0)) }
}
