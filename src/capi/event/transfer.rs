//! Receiving and sending (contract 3.2 and 3.4).

use super::with;
use crate::abi::wslay_event_context_ptr;
use crate::callbacks::event::EventHandle;
use crate::capi::count;
use crate::error::{Error, status};
use crate::event;
use crate::mem::ForeignRoom;
use libc::{c_int, size_t, ssize_t};

/// Reads through the recv callback until that gives nothing, and reports what is
/// complete through the other callbacks. Answers Pings and Closes by queueing.
///
/// Returns 0, also when reading is disabled or the peer broke the protocol, which
/// queues a Close and disables reading. Otherwise reading is disabled as well, and the
/// result is `WSLAY_ERR_CALLBACK_FAILURE` if the recv callback failed or the peer sent a
/// malformed header (a Close is queued: send it, if the connection allows it), or
/// `WSLAY_ERR_NOMEM`; or `WSLAY_ERR_INVALID_ARGUMENT` for NULL. Inside itself it does
/// nothing and returns 0. (R1 to R11, C2)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_recv(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    let handle = unsafe { EventHandle::from_opaque(ctx) };
    status(handle.ok_or(Error::InvalidArgument).and_then(event::recv))
}

/// Sends what is queued through the send callback, until nothing waits or the callback
/// takes no more.
///
/// Returns 0, also when writing is disabled. A failing send, genmask or fragment
/// callback disables writing, and the result is `WSLAY_ERR_CALLBACK_FAILURE`;
/// `WSLAY_ERR_NOMEM` leaves it enabled; `WSLAY_ERR_INVALID_ARGUMENT` for NULL. May be
/// called inside receive callbacks. Inside itself or wslay_event_write() it does nothing
/// and returns 0. (S1 to S7, C1, C2)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_send(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    let handle = unsafe { EventHandle::from_opaque(ctx) };
    status(handle.ok_or(Error::InvalidArgument).and_then(event::send))
}

/// Puts into `buf` what wslay_event_send() would send, until it is full or nothing
/// waits; calls no send callback.
///
/// `buf` points to `buflen` bytes. A frame whose header does not fit is left for the
/// next call.
///
/// Returns how many bytes were written, or the errors of wslay_event_send(). An error
/// after bytes were written is returned by the next call, so that none are lost. May be
/// called inside receive callbacks. Inside itself or wslay_event_send() it does nothing
/// and returns 0. (S8, D8, D10)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_write(
    ctx: wslay_event_context_ptr,
    buf: *mut u8,
    buflen: size_t,
) -> ssize_t {
    // SAFETY: C vouches for the context.
    let handle = unsafe { EventHandle::from_opaque(ctx) };
    // SAFETY: C vouches for `buflen` bytes at `buf`.
    let room = unsafe { ForeignRoom::new(buf, buflen) };
    let (Some(handle), Some(room)) = (handle, room) else {
        return Error::InvalidArgument.code() as ssize_t;
    };
    event::write(handle, room).map_or_else(|error| error.code() as ssize_t, count)
}

/// Sets the context's error value, by which a recv or send callback that moved nothing
/// says why: `WSLAY_ERR_WOULDBLOCK` (or 0) to be asked again later, anything else for a
/// failure. The value stays until it is set anew, but is 0 when the message callback
/// runs. May be called inside callbacks. (E3)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_set_error(ctx: wslay_event_context_ptr, val: c_int) {
    // SAFETY: C vouches for the context.
    if let Some(handle) = unsafe { EventHandle::from_opaque(ctx) } {
        handle.set_error(val);
    }
}

/// Disables reading for good. May be called inside callbacks: what is being reported
/// is finished. (R11)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_shutdown_read(ctx: wslay_event_context_ptr) {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, (), |connection| connection.receiver().disable()) }
}

/// Disables writing for good. May be called inside callbacks. (Q1, S1)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_shutdown_write(ctx: wslay_event_context_ptr) {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, (), |connection| connection.sender.disable()) }
}
