//! What a context can be asked.

use super::with;
use crate::abi::wslay_event_context_ptr;
use libc::{c_int, size_t};

/// 1 if wslay_event_recv() has something to do once there is input: reading is enabled.
/// 0 otherwise, and for NULL. May be called inside callbacks. (S9)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_want_read(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.receiver().is_enabled().into()) }
}

/// 1 if wslay_event_send() has something to do: writing is enabled and a message waits,
/// be it a fragmented one that has no data now. 0 otherwise, and for NULL. May be called
/// inside callbacks. (S9)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_want_write(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.wants_write().into()) }
}

/// 1 if reading is enabled, else 0; 0 for NULL. May be called inside callbacks. (E1)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_read_enabled(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.receiver().is_enabled().into()) }
}

/// 1 if writing is enabled, else 0; 0 for NULL. May be called inside callbacks. (E1)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_write_enabled(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.is_enabled().into()) }
}

/// 1 if a Close was received, else 0; 0 for NULL. May be called inside callbacks. (R8)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_close_received(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.receiver().close_received().into()) }
}

/// 1 if a Close is wholly sent, else 0; 0 for NULL. May be called inside callbacks. (S6)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_close_sent(ctx: wslay_event_context_ptr) -> c_int {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.close_sent().into()) }
}

/// The code of the Close that was received: 1005 if it had none, 1006 before one comes;
/// 0 for NULL. May be called inside callbacks. (E1, R8)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_status_code_received(ctx: wslay_event_context_ptr) -> u16 {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.receiver().status_received()) }
}

/// The code of the Close that was sent: 1005 if it had none, 1006 before one is out; 0
/// for NULL. May be called inside callbacks. (E1, S6)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_status_code_sent(ctx: wslay_event_context_ptr) -> u16 {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.status_sent()) }
}

/// How many messages are queued and not wholly sent; 0 for NULL. May be called inside
/// callbacks. (Q6)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_queued_msg_count(ctx: wslay_event_context_ptr) -> size_t {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.queued_count()) }
}

/// How many payload bytes the queued messages have together, fragmented ones counting
/// nothing; 0 for NULL. May be called inside callbacks. (Q6)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_get_queued_msg_length(ctx: wslay_event_context_ptr) -> size_t {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, 0, |connection| connection.sender.queued_length()) }
}
