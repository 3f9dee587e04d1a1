//! The exported functions of the event API (contract section 3).

use super::{bytes_of, count};
use crate::abi::{
    wslay_event_callbacks, wslay_event_context_ptr, wslay_event_fragmented_msg, wslay_event_msg,
};
use crate::callbacks::event::{EventEngine, EventHandle, FragmentSource};
use crate::core::Role;
use crate::core::close::MAX_REASON;
use crate::core::connection::Connection;
use crate::error::{Error, status};
use crate::event;
use crate::mem::{ForeignRoom, Owned};
use ::core::ptr::null_mut;
use libc::{c_int, c_void, size_t, ssize_t};

/// # Safety
/// As for the two functions below.
unsafe fn init(
    ctx: *mut wslay_event_context_ptr,
    callbacks: *const wslay_event_callbacks,
    user_data: *mut c_void,
    role: Role,
) -> c_int {
    if ctx.is_null() {
        return Error::InvalidArgument.code();
    }
    // SAFETY: C vouches that `callbacks` is NULL or points to the struct.
    let created = match unsafe { callbacks.as_ref() } {
        Some(callbacks) => {
            EventHandle::create(*callbacks, user_data, Connection::new(role)).map_err(Error::from)
        }
        None => Err(Error::InvalidArgument),
    };
    let (context, status) = match created {
        Ok(handle) => (handle.as_opaque(), 0),
        Err(error) => (null_mut(), error.code()),
    };
    // SAFETY: `ctx` is not NULL, and C vouches that it can be written.
    unsafe { ctx.write(context) };
    status
}

/// Uses the engine of a context, or gives `without` for NULL.
///
/// # Safety
/// `ctx` is NULL or a context from an init function, not freed.
unsafe fn with<R: 'static>(
    ctx: wslay_event_context_ptr,
    without: R,
    use_engine: impl FnOnce(&mut EventEngine) -> R,
) -> R {
    // SAFETY: the caller vouches for the context.
    match unsafe { EventHandle::from_opaque(ctx) } {
        Some(handle) => handle.with(use_engine),
        None => without,
    }
}

/// Makes a context for the server's end of a connection, whose opening handshake is
/// done.
///
/// `ctx` points to where the new context is stored (NULL on failure); free it with
/// wslay_event_context_free(). The callbacks are copied. `user_data` is handed to them
/// and never followed. One context is used by one thread at a time; different contexts
/// are independent.
///
/// Returns 0, `WSLAY_ERR_NOMEM`, or `WSLAY_ERR_INVALID_ARGUMENT` if a pointer other
/// than `user_data` is NULL. [E1, C3]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_context_server_init(
    ctx: *mut wslay_event_context_ptr,
    callbacks: *const wslay_event_callbacks,
    user_data: *mut c_void,
) -> c_int {
    // SAFETY: C vouches for the pointers.
    unsafe { init(ctx, callbacks, user_data, Role::Server) }
}

/// Makes a context for the client's end of a connection, which masks what it sends.
/// Otherwise as wslay_event_context_server_init(). [E1]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_context_client_init(
    ctx: *mut wslay_event_context_ptr,
    callbacks: *const wslay_event_callbacks,
    user_data: *mut c_void,
) -> c_int {
    // SAFETY: C vouches for the pointers.
    unsafe { init(ctx, callbacks, user_data, Role::Client) }
}

/// Frees a context and what is queued in it; does nothing for NULL.
///
/// Inside a callback the free takes effect when the outermost call on the context
/// returns, which then runs no further callback. [E1, C2]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_context_free(ctx: wslay_event_context_ptr) {
    // SAFETY: C vouches for the context.
    if let Some(handle) = unsafe { EventHandle::from_opaque(ctx) } {
        // SAFETY: C frees a context once.
        unsafe { handle.free() };
    }
}

/// Allows RSV bits in both directions.
///
/// `rsv` is `WSLAY_RSV1_BIT` or `WSLAY_RSV_NONE`, the default; other bits are ignored,
/// since RSV2 and RSV3 can never be allowed. May be called inside callbacks. [E2]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_config_set_allowed_rsv_bits(ctx: wslay_event_context_ptr, rsv: u8) {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, (), |connection| connection.set_allowed_rsv(rsv)) }
}

/// Switches the buffering of text and binary messages off (`val` not 0) or on (0, the
/// default).
///
/// Without it the program takes the payload from its chunk callback, and the message
/// callback gets none; control frames are buffered always. May be called inside
/// callbacks. [R5, R6]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_config_set_no_buffering(ctx: wslay_event_context_ptr, val: c_int) {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, (), |connection| connection.receiver().set_buffering(val == 0)) }
}

/// Sets the largest message that is accepted, in bytes; by default 2^31 - 1.
///
/// A larger one is answered with a Close of code 1009. Without buffering the limit
/// holds for each frame. May be called inside callbacks; it applies from the next
/// frame on. [R3]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_config_set_max_recv_msg_length(ctx: wslay_event_context_ptr, val: u64) {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, (), |connection| connection.receiver().set_max_message_length(val)) }
}

/// Replaces the callbacks, which are copied; NULL changes nothing. May be called inside
/// callbacks: the next one to run is then one of the new. [C1]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_config_set_callbacks(
    ctx: wslay_event_context_ptr,
    callbacks: *const wslay_event_callbacks,
) {
    // SAFETY: C vouches for the context.
    let handle = unsafe { EventHandle::from_opaque(ctx) };
    // SAFETY: C vouches that `callbacks` is NULL or points to the struct.
    if let (Some(handle), Some(callbacks)) = (handle, unsafe { callbacks.as_ref() }) {
        handle.set_callbacks(*callbacks);
    }
}

/// Reads through the recv callback until that gives nothing, and reports what is
/// complete through the other callbacks. Answers Pings and Closes by queueing.
///
/// Returns 0, also when reading is disabled or the peer broke the protocol, which
/// queues a Close and disables reading. Otherwise reading is disabled as well, and the
/// result is `WSLAY_ERR_CALLBACK_FAILURE` if the recv callback failed or the peer sent a
/// malformed header (a Close is queued: send it, if the connection allows it), or
/// `WSLAY_ERR_NOMEM`; or `WSLAY_ERR_INVALID_ARGUMENT` for NULL. Inside itself it does
/// nothing and returns 0. [R1 to R11, C2]
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
/// and returns 0. [S1 to S7, C1, C2]
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
/// and returns 0. [S8, D8, D10]
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

/// Queues a message of one frame without RSV bits: wslay_event_queue_msg_ex() with
/// `WSLAY_RSV_NONE`. [Q1 to Q4, Q7]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_queue_msg(
    ctx: wslay_event_context_ptr,
    arg: *const wslay_event_msg,
) -> c_int {
    // SAFETY: C vouches for the pointers.
    unsafe { wslay_event_queue_msg_ex(ctx, arg, 0) }
}

/// Queues a message of one frame.
///
/// The payload is copied. `rsv` is 0 or RSV bits that are allowed, none for a control
/// message. Control messages go out before data messages that wait.
///
/// Returns 0, or
/// - `WSLAY_ERR_NO_MORE_MSG` if writing is disabled or a Close was queued by
///   wslay_event_queue_close() or by the library;
/// - `WSLAY_ERR_INVALID_ARGUMENT` if a control message is longer than 125 bytes, for an
///   RSV bit that may not be set, or if a pointer is NULL where there is a length;
/// - `WSLAY_ERR_NOMEM`, and nothing is queued.
///
/// May be called inside callbacks. [Q1 to Q4, Q7]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_queue_msg_ex(
    ctx: wslay_event_context_ptr,
    arg: *const wslay_event_msg,
    rsv: u8,
) -> c_int {
    // SAFETY: C vouches that `arg` is NULL or points to the struct.
    let Some(message) = (unsafe { arg.as_ref() }) else {
        return Error::InvalidArgument.code();
    };
    // SAFETY: C vouches for the payload.
    let payload = unsafe { bytes_of(message.msg, message.msg_length) };
    let queue = |connection: &mut EventEngine| {
        let allowed_rsv = connection.allowed_rsv();
        let sender = &mut connection.sender;
        match payload {
            Some(payload) => sender.queue_message(message.opcode, rsv, allowed_rsv, payload),
            None if sender.is_queueable() => Err(Error::InvalidArgument),
            None => Err(Error::NoMoreMessages),
        }
    };
    // SAFETY: C vouches for the context.
    status(unsafe { with(ctx, Err(Error::InvalidArgument), queue) })
}

/// Queues a message whose payload a callback gives piece by piece, without RSV bits:
/// wslay_event_queue_fragmented_msg_ex() with `WSLAY_RSV_NONE`. [Q1, Q2, S5]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_queue_fragmented_msg(
    ctx: wslay_event_context_ptr,
    arg: *const wslay_event_fragmented_msg,
) -> c_int {
    // SAFETY: C vouches for the pointers.
    unsafe { wslay_event_queue_fragmented_msg_ex(ctx, arg, 0) }
}

/// Queues a message whose payload a callback gives piece by piece.
///
/// `arg` is copied with the source in it. The callback is asked, when the message's
/// turn has come, for at most 4096 bytes a frame.
///
/// Returns 0, `WSLAY_ERR_NO_MORE_MSG` as for wslay_event_queue_msg_ex(),
/// `WSLAY_ERR_INVALID_ARGUMENT` for a control opcode, an RSV bit that is not allowed, or
/// a NULL pointer or callback, or `WSLAY_ERR_NOMEM`. May be called inside callbacks.
/// [Q1, Q2, S5]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_queue_fragmented_msg_ex(
    ctx: wslay_event_context_ptr,
    arg: *const wslay_event_fragmented_msg,
    rsv: u8,
) -> c_int {
    // SAFETY: C vouches that `arg` is NULL or points to the struct.
    let Some(message) = (unsafe { arg.as_ref() }) else {
        return Error::InvalidArgument.code();
    };
    let queue = |connection: &mut EventEngine| {
        let allowed_rsv = connection.allowed_rsv();
        connection.sender.may_queue_fragmented(message.opcode, rsv, allowed_rsv)?;
        if message.read_callback.is_none() {
            return Err(Error::InvalidArgument);
        }
        let source = Owned::try_new(FragmentSource::new(message.source, message.read_callback))?;
        connection.sender.queue_fragmented(message.opcode, rsv, allowed_rsv, source)
    };
    // SAFETY: C vouches for the context.
    status(unsafe { with(ctx, Err(Error::InvalidArgument), queue) })
}

/// Queues a Close; after that no message can be queued, and those that wait are not
/// sent.
///
/// `status_code` 0 queues an empty Close; other codes go out as given, followed by the
/// `reason_length` bytes (0 to 123, UTF-8) at `reason`, which are copied.
///
/// Returns 0, `WSLAY_ERR_NO_MORE_MSG` as for wslay_event_queue_msg_ex(),
/// `WSLAY_ERR_INVALID_ARGUMENT` for a longer reason or a NULL pointer where there is a
/// length, or `WSLAY_ERR_NOMEM`. May be called inside callbacks. [Q1, Q2, Q5, S3]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_queue_close(
    ctx: wslay_event_context_ptr,
    status_code: u16,
    reason: *const u8,
    reason_length: size_t,
) -> c_int {
    let reason = if status_code == 0 && reason_length <= MAX_REASON {
        Some(&[][..])
    } else {
        // SAFETY: C vouches for the reason.
        unsafe { bytes_of(reason, reason_length) }
    };
    let queue = |connection: &mut EventEngine| {
        let sender = &mut connection.sender;
        match reason {
            Some(reason) => sender.queue_close(status_code, reason),
            None if sender.is_queueable() => Err(Error::InvalidArgument),
            None => Err(Error::NoMoreMessages),
        }
    };
    // SAFETY: C vouches for the context.
    status(unsafe { with(ctx, Err(Error::InvalidArgument), queue) })
}

/// Sets the context's error value, by which a recv or send callback that moved nothing
/// says why: `WSLAY_ERR_WOULDBLOCK` (or 0) to be asked again later, anything else for a
/// failure. The value stays until it is set anew, but is 0 when the message callback
/// runs. May be called inside callbacks. [E3]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_set_error(ctx: wslay_event_context_ptr, val: c_int) {
    // SAFETY: C vouches for the context.
    if let Some(handle) = unsafe { EventHandle::from_opaque(ctx) } {
        handle.set_error(val);
    }
}

/// 1 if wslay_event_recv() has something to do once there is input: reading is enabled.
/// 0 otherwise, and for NULL. May be called inside callbacks. [S9]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_want_read(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.wants_read().into()) }
}

/// 1 if wslay_event_send() has something to do: writing is enabled and a message waits,
/// be it a fragmented one that has no data now. 0 otherwise, and for NULL. May be called
/// inside callbacks. [S9]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_want_write(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.wants_write().into()) }
}

/// Disables reading for good. May be called inside callbacks: what is being reported
/// is finished. [R11]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_shutdown_read(ctx: wslay_event_context_ptr) {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, (), |connection| connection.receiver().disable()) }
}

/// Disables writing for good. May be called inside callbacks. [Q1, S1]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_shutdown_write(ctx: wslay_event_context_ptr) {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, (), |connection| connection.sender.disable()) }
}

/// 1 if reading is enabled, else 0; 0 for NULL. May be called inside callbacks. [E1]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_read_enabled(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.wants_read().into()) }
}

/// 1 if writing is enabled, else 0; 0 for NULL. May be called inside callbacks. [E1]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_write_enabled(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.is_enabled().into()) }
}

/// 1 if a Close was received, else 0; 0 for NULL. May be called inside callbacks. [R8]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_close_received(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.close_received().into()) }
}

/// 1 if a Close is wholly sent, else 0; 0 for NULL. May be called inside callbacks. [S6]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_close_sent(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.close_sent().into()) }
}

/// The code of the Close that was received: 1005 if it had none, 1006 before one comes;
/// 0 for NULL. May be called inside callbacks. [E1, R8]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_status_code_received(ctx: wslay_event_context_ptr) -> u16 {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.status_received()) }
}

/// The code of the Close that was sent: 1005 if it had none, 1006 before one is out; 0
/// for NULL. May be called inside callbacks. [E1, S6]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_status_code_sent(ctx: wslay_event_context_ptr) -> u16 {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.status_sent()) }
}

/// How many messages are queued and not wholly sent; 0 for NULL. May be called inside
/// callbacks. [Q6]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_queued_msg_count(ctx: wslay_event_context_ptr) -> size_t {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.queued_count()) }
}

/// How many payload bytes the queued messages have together, fragmented ones counting
/// nothing; 0 for NULL. May be called inside callbacks. [Q6]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_queued_msg_length(ctx: wslay_event_context_ptr) -> size_t {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.queued_length()) }
}
