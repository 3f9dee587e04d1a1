//! The callbacks of the frame API.

use super::Moved;
use crate::abi::{wslay_frame_callbacks, wslay_io_flags};
use crate::context::Handle;
use crate::core::frame::FrameEngine;
use crate::mem::{Fill, ForeignBytes};
use crate::random;
use libc::c_int;

/// A frame context.
pub type FrameHandle = Handle<wslay_frame_callbacks, FrameEngine>;

/// Asks the program for input of the frame API.
pub fn recv(handle: FrameHandle, input: &mut impl Fill) -> Moved {
    let Some(callback) = handle.callbacks().recv_callback else { return Moved::NoCallback };
    let spare = input.spare();
    let length = spare.len();
    let to = spare.as_mut_ptr().cast();
    // SAFETY: the program gave this callback for this call; `to` is `length` writable bytes of the
    // calling frame's, which nothing else uses meanwhile.
    let result = unsafe { callback(to, length, 0, handle.user_data()) };
    let moved = Moved::from_result(result, length);
    if let Moved::Bytes(count) = moved {
        // SAFETY: count is at most the room, and the callback says that it stored them.
        unsafe { input.assume_filled(count) };
    }
    moved
}

/// Offers bytes of the frame API to the program; `more` says that they are a header
/// whose payload follows.
pub fn send(handle: FrameHandle, bytes: ForeignBytes, more: bool) -> Moved {
    let Some(callback) = handle.callbacks().send_callback else { return Moved::NoCallback };
    let flags = if more { wslay_io_flags::WSLAY_MSG_MORE as c_int } else { 0 };
    // SAFETY: the program gave this callback for this call; the bytes are the program's own, or
    // those of `send_own`.
    let result = unsafe { callback(bytes.as_ptr(), bytes.len(), flags, handle.user_data()) };
    Moved::from_result(result, bytes.len())
}

/// As [`send`], for bytes of the calling Rust frame.
pub fn send_own(handle: FrameHandle, bytes: &mut [u8], more: bool) -> Moved {
    // SAFETY: the bytes are borrowed until this returns.
    let bytes = unsafe { ForeignBytes::new(bytes.as_mut_ptr(), bytes.len()) };
    bytes.map_or(Moved::Nothing, |bytes| send(handle, bytes, more))
}

/// A mask key for the frame API.
pub fn genmask(handle: FrameHandle) -> Option<[u8; 4]> {
    let Some(callback) = handle.callbacks().genmask_callback else { return random::mask_key() };
    let mut key = [0; 4];
    // SAFETY: the program gave this callback for this call; `key` is the calling frame's.
    let result = unsafe { callback(key.as_mut_ptr(), key.len(), handle.user_data()) };
    (result == 0).then_some(key)
}
