//! The only calls into C: one function for each callback.
//!
//! Each takes the callbacks as they are at that moment, because a callback may
//! replace them, and hands C nothing but memory of the calling Rust frame. What C
//! answers is checked here: nothing it says can make the rest of the crate touch
//! memory that is not its own.

use crate::abi::{
    wslay_event_fragmented_msg_callback, wslay_event_msg_source, wslay_event_on_frame_recv_chunk_arg,
    wslay_event_on_frame_recv_start_arg, wslay_event_on_msg_recv_arg, wslay_io_flags,
};
use crate::core::receiver::FrameStart;
use crate::event::EventHandle;
use crate::frame::FrameHandle;
use crate::mem::{Buffer, Fill};
use crate::random;
use ::core::cell::UnsafeCell;
use ::core::ptr::{NonNull, null};
use libc::{c_int, ssize_t};

/// What a callback that moves bytes did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// So many bytes, at least 1 and at most as many as it was offered.
    Bytes(usize),
    /// Nothing.
    Nothing,
    /// It claims more than it was offered (D5).
    TooMuch,
    /// There is no such callback (D13).
    NoCallback,
}

impl Moved {
    fn from_result(result: ssize_t, offered: usize) -> Self {
        match usize::try_from(result) {
            Err(_) | Ok(0) => Self::Nothing,
            Ok(count) if count <= offered => Self::Bytes(count),
            Ok(_) => Self::TooMuch,
        }
    }
}

/// Asks the program for input, at most `limit` bytes, behind what `input` holds.
pub fn event_recv(handle: EventHandle, input: &mut impl Fill, limit: usize) -> Moved {
    let Some(callback) = handle.callbacks().recv_callback else { return Moved::NoCallback };
    let spare = input.spare();
    let length = spare.len().min(limit);
    let to = spare.as_mut_ptr().cast();
    // SAFETY: the program gave this callback for this call; `to` is `length` writable bytes of the
    // calling frame's, which nothing else uses meanwhile.
    let result = unsafe { callback(handle.as_opaque(), to, length, 0, handle.user_data()) };
    let moved = Moved::from_result(result, length);
    if let Moved::Bytes(count) = moved {
        // SAFETY: count is at most the room, and the callback says that it stored them.
        unsafe { input.assume_filled(count) };
    }
    moved
}

/// Offers `bytes` to the program.
pub fn event_send(handle: EventHandle, bytes: &mut [u8]) -> Moved {
    let Some(callback) = handle.callbacks().send_callback else { return Moved::NoCallback };
    // SAFETY: the program gave this callback for this call; `bytes` belong to the calling frame.
    let result =
        unsafe { callback(handle.as_opaque(), bytes.as_mut_ptr(), bytes.len(), 0, handle.user_data()) };
    Moved::from_result(result, bytes.len())
}

/// A mask key from the program, or from the system where it gives none (D12).
pub fn event_genmask(handle: EventHandle) -> Option<[u8; 4]> {
    let Some(callback) = handle.callbacks().genmask_callback else { return random::mask_key() };
    let mut key = [0; 4];
    // SAFETY: the program gave this callback for this call; `key` is the calling frame's.
    let result = unsafe { callback(handle.as_opaque(), key.as_mut_ptr(), key.len(), handle.user_data()) };
    (result == 0).then_some(key)
}

/// Reports the start of a frame.
pub fn on_frame_recv_start(handle: EventHandle, start: &FrameStart) {
    let Some(callback) = handle.callbacks().on_frame_recv_start_callback else { return };
    let FrameStart { fin, rsv, opcode, payload_length } = *start;
    let arg = wslay_event_on_frame_recv_start_arg { fin: fin.into(), rsv, opcode, payload_length };
    // SAFETY: the program gave this callback for this call; `arg` is the calling frame's.
    unsafe { callback(handle.as_opaque(), &raw const arg, handle.user_data()) };
}

/// Reports a piece of payload.
pub fn on_frame_recv_chunk(handle: EventHandle, data: &mut [u8]) {
    let Some(callback) = handle.callbacks().on_frame_recv_chunk_callback else { return };
    let arg = wslay_event_on_frame_recv_chunk_arg { data: data.as_mut_ptr(), data_length: data.len() };
    // SAFETY: the program gave this callback for this call; `arg` and `data` are the calling
    // frame's.
    unsafe { callback(handle.as_opaque(), &raw const arg, handle.user_data()) };
}

/// Reports the end of a frame.
pub fn on_frame_recv_end(handle: EventHandle) {
    let Some(callback) = handle.callbacks().on_frame_recv_end_callback else { return };
    // SAFETY: the program gave this callback for this call.
    unsafe { callback(handle.as_opaque(), handle.user_data()) };
}

/// Reports a message; E3: the error value is 0 then.
pub fn on_msg_recv(handle: EventHandle, rsv: u8, opcode: u8, status_code: u16, payload: &mut [u8]) {
    let Some(callback) = handle.callbacks().on_msg_recv_callback else { return };
    handle.set_error(0);
    let msg = if payload.is_empty() { null() } else { payload.as_mut_ptr().cast_const() };
    let arg = wslay_event_on_msg_recv_arg { rsv, opcode, msg, msg_length: payload.len(), status_code };
    // SAFETY: the program gave this callback for this call; `arg` and `payload` are the calling
    // frame's.
    unsafe { callback(handle.as_opaque(), &raw const arg, handle.user_data()) };
}

/// What a fragmented message's callback did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fragment {
    /// It stored bytes, or none at the message's end; `last` ends the message.
    Read {
        /// `*eof`.
        last: bool,
    },
    /// It has nothing now.
    Stalled,
    /// It failed or claims more than it was offered (D5).
    Failed,
}

/// A fragmented message's source and callback: the library's one copy (S5).
pub struct FragmentSource {
    source: UnsafeCell<wslay_event_msg_source>,
    read_callback: wslay_event_fragmented_msg_callback,
}

impl FragmentSource {
    /// A message that the program wants to have sent.
    pub const fn new(
        source: wslay_event_msg_source,
        read_callback: wslay_event_fragmented_msg_callback,
    ) -> Self {
        Self { source: UnsafeCell::new(source), read_callback }
    }
}

/// Asks a fragmented message for its next bytes, at most `limit`, behind what
/// `frame` holds.
///
/// # Safety
/// `source` is alive until this returns.
pub unsafe fn read_fragment(
    handle: EventHandle,
    source: NonNull<FragmentSource>,
    frame: &mut Buffer<u8>,
    limit: usize,
) -> Fragment {
    // SAFETY: the source is alive. The reference is shared, and what the program may write to lies
    // in a cell.
    let FragmentSource { source, read_callback } = unsafe { source.as_ref() };
    let Some(callback) = *read_callback else { return Fragment::Failed };
    let spare = frame.spare();
    let length = spare.len().min(limit);
    let to = spare.as_mut_ptr().cast();
    let mut eof: c_int = 0;
    // SAFETY: the program gave this callback for this message; `to` and `eof` are the calling
    // frame's, and the source stays where it is until the message is done.
    let result =
        unsafe { callback(handle.as_opaque(), to, length, source.get(), &raw mut eof, handle.user_data()) };
    match (result, Moved::from_result(result, length)) {
        (..0, _) | (_, Moved::TooMuch) => return Fragment::Failed,
        // SAFETY: count is at most the room, and the callback says that it stored them.
        (_, Moved::Bytes(count)) => unsafe { frame.assume_filled(count) },
        _ if eof == 0 => return Fragment::Stalled,
        _ => {}
    }
    Fragment::Read { last: eof != 0 }
}

/// Asks the program for input of the frame API.
pub fn frame_recv(handle: FrameHandle, input: &mut impl Fill) -> Moved {
    let Some(callback) = handle.callbacks().recv_callback else { return Moved::NoCallback };
    let spare = input.spare();
    let length = spare.len();
    let to = spare.as_mut_ptr().cast();
    // SAFETY: as in event_recv.
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
///
/// # Safety
/// `data` points to `length` readable bytes.
pub unsafe fn frame_send(handle: FrameHandle, data: *const u8, length: usize, more: bool) -> Moved {
    let Some(callback) = handle.callbacks().send_callback else { return Moved::NoCallback };
    let flags = if more { wslay_io_flags::WSLAY_MSG_MORE as c_int } else { 0 };
    // SAFETY: the program gave this callback for this call; the caller vouches for the bytes.
    let result = unsafe { callback(data, length, flags, handle.user_data()) };
    Moved::from_result(result, length)
}

/// A mask key for the frame API.
pub fn frame_genmask(handle: FrameHandle) -> Option<[u8; 4]> {
    let Some(callback) = handle.callbacks().genmask_callback else { return random::mask_key() };
    let mut key = [0; 4];
    // SAFETY: the program gave this callback for this call; `key` is the calling frame's.
    let result = unsafe { callback(key.as_mut_ptr(), key.len(), handle.user_data()) };
    (result == 0).then_some(key)
}
