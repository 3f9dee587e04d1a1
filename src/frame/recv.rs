//! `wslay_frame_recv` (contract F5).

use crate::callbacks::Moved;
use crate::callbacks::frame::{self as callbacks, FrameHandle};
use crate::context::Activity;
use crate::core::frame::receiver::{FrameReceiveStep, Stage};
use crate::core::header::Header;
use crate::error::Error;
use ::core::ptr::NonNull;

/// A piece of a frame, lying in the context until the next call on it.
pub struct ReceivedPiece {
    /// The frame's header.
    pub header: Header,
    /// The piece's first byte.
    pub data: NonNull<u8>,
    /// How many bytes it has.
    pub length: usize,
}

/// Parses on, asking the recv callback once for each stage that lacks bytes.
///
/// # Errors
/// [`Error::WantRead`], [`Error::Protocol`], [`Error::InvalidCallback`] (D5),
/// [`Error::CallbackFailure`] (D13).
pub fn recv(handle: FrameHandle) -> Result<ReceivedPiece, Error> {
    let _entered = handle.enter(Activity::Receiving).ok_or(Error::WantRead)?;
    handle.with(|engine| engine.receiver.take_back_piece());
    let mut asked_for: Option<Stage> = None;
    loop {
        match handle.with(|engine| engine.receiver.next()).map_err(|_| Error::Protocol)? {
            FrameReceiveStep::Piece(piece) => {
                let data = handle.with(move |engine| {
                    let bytes = engine.receiver.input.as_mut_slice().get_mut(piece.payload);
                    NonNull::from(bytes.unwrap_or_default())
                });
                return Ok(ReceivedPiece { header: piece.header, data: data.cast(), length: data.len() });
            }
            FrameReceiveStep::NeedInput(stage) if asked_for == Some(stage) => return Err(Error::WantRead),
            FrameReceiveStep::NeedInput(stage) => {
                asked_for = Some(stage);
                read_input(handle)?;
            }
        }
        if handle.is_freed() {
            return Err(Error::WantRead);
        }
    }
}

fn read_input(handle: FrameHandle) -> Result<(), Error> {
    let mut input = handle.with(|engine| engine.receiver.lend_input());
    let moved = callbacks::recv(handle, &mut input);
    handle.with(move |engine| engine.receiver.input = input);
    match moved {
        Moved::Bytes(_) => Ok(()),
        Moved::Nothing => Err(Error::WantRead),
        Moved::TooMuch => Err(Error::InvalidCallback),
        Moved::NoCallback => Err(Error::CallbackFailure),
    }
}
