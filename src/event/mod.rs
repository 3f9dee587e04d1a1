//! The event API: performs the steps of a connection through the program's
//! callbacks.
//!
//! No reference into the context is alive while a callback runs, and what a
//! callback is shown belongs to the function that calls it.

#![forbid(unsafe_code)]

mod recv;
mod send;

pub use recv::recv;
pub use send::{send, write};

use crate::abi::wslay_error;
use crate::callbacks::event::EventHandle;
use libc::c_int;

/// E3: whether a callback that moved nothing may be asked again later.
fn would_block(handle: EventHandle) -> bool {
    matches!(handle.error(), 0) || handle.error() == wslay_error::WSLAY_ERR_WOULDBLOCK as c_int
}
