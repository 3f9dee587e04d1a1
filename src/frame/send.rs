//! `wslay_frame_send` and `wslay_frame_write` (contract F3, F4).

use crate::callbacks::Moved;
use crate::callbacks::frame::{self as callbacks, FrameHandle};
use crate::context::Activity;
use crate::core::frame::sender::{FrameDescription, FrameSender};
use crate::error::Error;
use crate::mem::{ForeignBytes, ForeignRoom};

/// A masked payload goes out in copies of at most this many bytes.
const MASKED_AT_ONCE: usize = 4096;

/// What the program hands over: what its frame is, and the payload bytes at hand.
pub struct Piece {
    /// Looked at when a frame starts, but for the payload's length.
    pub frame: FrameDescription,
    /// Whether the payload is to be masked.
    pub masked: bool,
    /// The payload bytes that come next.
    pub data: ForeignBytes,
}

impl Piece {
    /// F3.1 and D7, and at a frame's start F3.2.
    fn check(&self, handle: FrameHandle) -> Result<(), Error> {
        let length = self.data.len();
        if length as u64 > self.frame.payload_length {
            return Err(Error::InvalidArgument);
        }
        let (starts, fits) = handle
            .with(move |engine| (engine.sender.is_at_frame_start(), engine.sender.has_room_for(length)));
        if !fits {
            return Err(Error::InvalidArgument);
        }
        if starts { FrameSender::check(&self.frame) } else { Ok(()) }
    }

    /// At a frame's start: gets its mask key and begins it.
    fn begin_frame(&self, handle: FrameHandle) -> Result<(), Error> {
        if !handle.with(|engine| engine.sender.is_at_frame_start()) {
            return Ok(());
        }
        let key =
            if self.masked { Some(callbacks::genmask(handle).ok_or(Error::InvalidCallback)?) } else { None };
        handle.with(|engine| engine.sender.begin(&self.frame, key));
        Ok(())
    }
}

/// Sends the header and the piece; gives the number of payload bytes sent.
///
/// # Errors
/// As contract F2, F3, D7 and D13 say.
pub fn send(handle: FrameHandle, piece: &Piece) -> Result<usize, Error> {
    let _entered = handle.enter(Activity::Sending).ok_or(Error::WantWrite)?;
    piece.check(handle)?;
    piece.begin_frame(handle)?;
    if handle.is_freed() {
        return Err(Error::WantWrite);
    }
    send_header(handle, !piece.data.is_empty())?;
    if piece.data.is_empty() {
        return Ok(0);
    }
    if handle.is_freed() {
        return Err(Error::WantWrite);
    }
    if handle.with(|engine| engine.sender.is_masked()) {
        return send_masked(handle, piece.data);
    }
    let count = taken(callbacks::send(handle, piece.data, false))?;
    handle.with(|engine| engine.sender.payload_sent(count));
    Ok(count)
}

fn send_header(handle: FrameHandle, payload_follows: bool) -> Result<(), Error> {
    let (mut header, length) = handle.with(|engine| engine.sender.header_left());
    if length == 0 {
        return Ok(());
    }
    let header = header.get_mut(..length).unwrap_or_default();
    let count = taken(callbacks::send_own(handle, header, payload_follows))?;
    handle.with(|engine| engine.sender.header_sent(count));
    if count < length { Err(Error::WantWrite) } else { Ok(()) }
}

fn send_masked(handle: FrameHandle, mut data: ForeignBytes) -> Result<usize, Error> {
    let mut sent = 0;
    while !data.is_empty() && !handle.is_freed() {
        let mut copy = [0; MASKED_AT_ONCE];
        let length = data.len().min(copy.len());
        let copy = copy.get_mut(..length).unwrap_or_default();
        data.copy_to(copy);
        handle.with(|engine| engine.sender.mask(copy));
        match taken(callbacks::send_own(handle, copy, false)) {
            Ok(count) => {
                handle.with(|engine| engine.sender.payload_sent(count));
                data = data.skip(count);
                sent += count;
            }
            Err(Error::WantWrite) if sent > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}

/// F2, D13.
fn taken(moved: Moved) -> Result<usize, Error> {
    match moved {
        Moved::Bytes(count) => Ok(count),
        Moved::Nothing => Err(Error::WantWrite),
        Moved::TooMuch => Err(Error::InvalidCallback),
        Moved::NoCallback => Err(Error::CallbackFailure),
    }
}

/// Puts the header and the piece into `room`; gives how many bytes those are, and how
/// many of them are payload.
///
/// # Errors
/// As contract F3 and D7 say.
pub fn write(handle: FrameHandle, piece: &Piece, room: ForeignRoom) -> Result<(usize, usize), Error> {
    let Some(_entered) = handle.enter(Activity::Sending) else {
        return Ok((0, 0));
    };
    piece.check(handle)?;
    let starts = handle.with(|engine| engine.sender.is_at_frame_start());
    if starts && room.len() < FrameSender::header_length(&piece.frame, piece.masked) {
        return Ok((0, 0));
    }
    piece.begin_frame(handle)?;
    let (header, header_length) = handle.with(|engine| engine.sender.header_left());
    if handle.is_freed() || header_length > room.len() {
        return Ok((0, 0));
    }
    // The payload first: it may lie in the same memory, where the header is to go.
    let payload = room.skip(header_length);
    let length = piece.data.len().min(payload.len());
    payload.write_foreign(piece.data.first(length));
    room.write(header.get(..header_length).unwrap_or_default());
    handle.with(|engine| {
        payload.change(length, |bytes| engine.sender.mask(bytes));
        engine.sender.header_sent(header_length);
        engine.sender.payload_sent(length);
    });
    Ok((header_length + length, length))
}
