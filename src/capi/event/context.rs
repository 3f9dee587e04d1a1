//! Making, configuring and freeing event contexts (contract 3.1).

use super::with;
use crate::abi::{wslay_event_callbacks, wslay_event_context_ptr};
use crate::callbacks::event::EventHandle;
use crate::capi::store;
use crate::core::Role;
use crate::core::connection::Connection;
use crate::error::Error;
use libc::{c_int, c_void};

/// # Safety
/// As for the two functions below.
unsafe fn init(
    ctx: *mut wslay_event_context_ptr,
    callbacks: *const wslay_event_callbacks,
    user_data: *mut c_void,
    role: Role,
) -> c_int {
    // SAFETY: C vouches that `callbacks` is NULL or points to the struct.
    let callbacks = unsafe { callbacks.as_ref() };
    let create = || {
        let callbacks = callbacks.ok_or(Error::InvalidArgument)?;
        Ok(EventHandle::create(*callbacks, user_data, Connection::new(role))?)
    };
    // SAFETY: C vouches that `ctx` is NULL or can be written.
    unsafe { store(ctx, create) }
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
/// than `user_data` is NULL. (E1, C3)
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
/// Otherwise as wslay_event_context_server_init(). (E1)
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
/// returns, which then runs no further callback. (E1, C2)
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
/// since RSV2 and RSV3 can never be allowed. May be called inside callbacks. (E2)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_config_set_allowed_rsv_bits(ctx: wslay_event_context_ptr, rsv: u8) {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, (), |connection| connection.receiver().set_allowed_rsv(rsv)) }
}

/// Switches the buffering of text and binary messages off (`val` not 0) or on (0, the
/// default).
///
/// Without it the program takes the payload from its chunk callback, and the message
/// callback gets none; control frames are buffered always. May be called inside
/// callbacks. (R5, R6)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_config_set_no_buffering(ctx: wslay_event_context_ptr, val: c_int) {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, (), |connection| connection.receiver().set_buffering(val == 0)) }
}

/// Sets the largest message that is accepted, in bytes; by default 2^31 - 1.
///
/// A larger one is answered with a Close of code 1009. A control frame is judged by
/// the same limit, alone. Without buffering the limit holds for each frame. May be called inside callbacks; it applies from the next
/// frame on. (R3)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_event_config_set_max_recv_msg_length(ctx: wslay_event_context_ptr, val: u64) {
    // SAFETY: C vouches for the context.
    unsafe { with(ctx, (), |connection| connection.receiver().set_max_message_length(val)) }
}

/// Replaces the callbacks, which are copied; NULL changes nothing. May be called inside
/// callbacks: the next one to run is then one of the new. (C1)
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
