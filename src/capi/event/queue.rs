//! Queueing messages (contract 3.3).

use super::with;
use crate::abi::{wslay_event_context_ptr, wslay_event_fragmented_msg, wslay_event_msg};
use crate::callbacks::event::{EventEngine, FragmentSource};
use crate::capi::bytes_of;
use crate::core::close::MAX_REASON;
use crate::error::{Error, status};
use crate::mem::Owned;
use libc::{c_int, size_t};

/// Queues a message of one frame without RSV bits: wslay_event_queue_msg_ex() with
/// `WSLAY_RSV_NONE`. (Q1 to Q4, Q7)
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
/// May be called inside callbacks. (Q1 to Q4, Q7)
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
    let queue = |connection: &mut EventEngine| match payload {
        Some(payload) => connection.queue_message(message.opcode, rsv, payload),
        None if connection.sender.is_queueable() => Err(Error::InvalidArgument),
        None => Err(Error::NoMoreMessages),
    };
    // SAFETY: C vouches for the context.
    status(unsafe { with(ctx, Err(Error::InvalidArgument), queue) })
}

/// Queues a message whose payload a callback gives piece by piece, without RSV bits:
/// wslay_event_queue_fragmented_msg_ex() with `WSLAY_RSV_NONE`. (Q1, Q2, S5)
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
/// (Q1, Q2, S5)
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
        let allowed_rsv = connection.receiver().allowed_rsv();
        connection.sender.queue_fragmented(message.opcode, rsv, allowed_rsv, || {
            if message.read_callback.is_none() {
                return Err(Error::InvalidArgument);
            }
            Ok(Owned::try_new(FragmentSource::new(message.source, message.read_callback))?)
        })
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
/// length, or `WSLAY_ERR_NOMEM`. May be called inside callbacks. (Q1, Q2, Q5, S3)
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
