//! The event API: performs the steps of a connection through the program's
//! callbacks.
//!
//! No reference into the context is alive while a callback runs, and what a
//! callback is shown belongs to the function that calls it.

mod recv;
mod send;

pub use recv::recv;
pub use send::{send, write};

use crate::abi::{wslay_error, wslay_event_callbacks};
use crate::callbacks::FragmentSource;
use crate::context::Handle;
use crate::core::connection::Connection;
use crate::mem::Owned;
use libc::c_int;

/// The engine of an event context.
pub type EventEngine = Connection<Owned<FragmentSource>>;
/// An event context.
pub type EventHandle = Handle<wslay_event_callbacks, EventEngine>;

/// E3: whether a callback that moved nothing may be asked again later.
fn would_block(handle: EventHandle) -> bool {
    matches!(handle.error(), 0) || handle.error() == wslay_error::WSLAY_ERR_WOULDBLOCK as c_int
}
