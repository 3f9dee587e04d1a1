//! The exported functions of the event API (contract section 3).

mod context;
mod queue;
mod state;
mod transfer;

pub use context::*;
pub use queue::*;
pub use state::*;
pub use transfer::*;

use crate::abi::wslay_event_context_ptr;
use crate::callbacks::event::{EventEngine, EventHandle};

/// Uses the engine of a context, or gives `without` for NULL.
///
/// # Safety
/// `ctx` is NULL or a context from an init function, not freed.
pub(super) unsafe fn with<R: 'static>(
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
