//! `wslay_event_send` and `wslay_event_write`: put out what is queued (contract S).

use super::would_block;
use crate::callbacks::Moved;
use crate::callbacks::event::{self as callbacks, EnteredEvent, EventHandle, Fragment};
use crate::context::Activity;
use crate::core::sender::{Batch, MAX_FRAGMENT, SendStep};
use crate::error::Error;
use crate::mem::ForeignRoom;

/// Sends until nothing waits or the send callback takes no more.
///
/// # Errors
/// [`Error::CallbackFailure`] (S4, S5) and [`Error::NoMemory`].
pub fn send(handle: EventHandle) -> Result<(), Error> {
    let Some(entered) = handle.enter(Activity::Sending) else {
        return Ok(());
    };
    while let Some(batch) = next_batch(&entered).inspect_err(|error| give_up(handle, *error))? {
        let moved = callbacks::send(handle, &batch);
        let offered = batch.len();
        let taken = if let Moved::Bytes(count) = moved { count } else { 0 };
        let refused = taken < offered;
        handle.with(move |connection| connection.sender.sent(batch, taken, refused));
        if handle.is_freed() {
            return Ok(());
        }
        match moved {
            Moved::Bytes(_) if refused => return Ok(()),
            Moved::Bytes(_) if handle.with(|connection| connection.sender.is_idle()) => return Ok(()),
            Moved::Bytes(_) => {}
            Moved::Nothing if would_block(handle) => return Ok(()),
            Moved::Nothing | Moved::TooMuch | Moved::NoCallback => {
                handle.with(|connection| connection.sender.disable());
                return Err(Error::CallbackFailure);
            }
        }
    }
    Ok(())
}

/// A failed callback disables writing once it is reported; missing memory does not.
fn give_up(handle: EventHandle, error: Error) {
    if error == Error::CallbackFailure {
        handle.with(|connection| connection.sender.failure_reported());
    }
}

/// Puts into `room` what [`send`] would send; gives the number of bytes (S8).
///
/// # Errors
/// [`Error::CallbackFailure`] (S5, D10) and [`Error::NoMemory`], when no byte was put
/// there before; otherwise the next call gives the error.
pub fn write(handle: EventHandle, mut room: ForeignRoom) -> Result<usize, Error> {
    let Some(entered) = handle.enter(Activity::Sending) else {
        return Ok(0);
    };
    let mut written = 0;
    while !room.is_empty() {
        let batch = match next_batch(&entered) {
            Ok(Some(batch)) => batch,
            Ok(None) => break,
            Err(_) if written > 0 => break,
            Err(error) => {
                give_up(handle, error);
                return Err(error);
            }
        };
        let count = batch.fitting(room.len());
        let bytes = batch.bytes();
        let all = count == bytes.len();
        room.write(bytes.get(..count).unwrap_or_default());
        room = room.skip(count);
        written += count;
        handle.with(move |connection| connection.sender.sent(batch, count, false));
        if !all {
            break;
        }
    }
    Ok(written)
}

/// The next bytes to put out, with all that must be asked for before; nothing when
/// nothing can be sent now.
#[inline]
fn next_batch(entered: &EnteredEvent) -> Result<Option<Batch>, Error> {
    match entered.handle().with(|connection| connection.sender.next_ready()) {
        Some(batch) => Ok(Some(batch)),
        None => take_steps(entered),
    }
}

#[inline(never)]
fn take_steps(entered: &EnteredEvent) -> Result<Option<Batch>, Error> {
    let handle = entered.handle();
    loop {
        match handle.with(|connection| connection.sender.next()) {
            SendStep::Idle => return Ok(None),
            SendStep::NoMemory => return Err(Error::NoMemory),
            SendStep::Failed => return Err(Error::CallbackFailure),
            SendStep::Transmit(batch) => return Ok(Some(batch)),
            SendStep::NeedMaskKey => {
                let key = callbacks::genmask(handle);
                handle.with(|connection| match key {
                    Some(key) => connection.sender.mask(key),
                    None => connection.sender.fail(),
                });
            }
            SendStep::NeedFragment => {
                if !read_fragment(entered)? {
                    return Ok(None);
                }
            }
        }
        if handle.is_freed() {
            return Ok(None);
        }
    }
}

/// Asks the fragmented message whose turn it is for its next frame; false if it has
/// none now.
fn read_fragment(entered: &EnteredEvent) -> Result<bool, Error> {
    let handle = entered.handle();
    let mut frame = handle.with(|connection| connection.sender.fragment_memory())?;
    match callbacks::read_fragment(entered, &mut frame, MAX_FRAGMENT) {
        Fragment::Read { last } => {
            handle.with(move |connection| connection.sender.fragment_read(frame, last))
        }
        Fragment::Stalled => {
            handle.with(move |connection| connection.sender.fragment_stalled(frame));
            return Ok(false);
        }
        Fragment::Failed => handle.with(|connection| connection.sender.fail()),
    }
    Ok(true)
}
