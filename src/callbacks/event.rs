//! The callbacks of the event API.

use super::Moved;
use crate::abi::{
    wslay_event_callbacks, wslay_event_fragmented_msg_callback, wslay_event_msg_source,
    wslay_event_on_frame_recv_chunk_arg, wslay_event_on_frame_recv_start_arg, wslay_event_on_msg_recv_arg,
};
use crate::context::{Entered, Handle};
use crate::core::connection::Connection;
use crate::core::receiver::FrameStart;
use crate::core::sender::Batch;
use crate::mem::{Buffer, Fill, Owned};
use crate::random;
use ::core::cell::UnsafeCell;
use ::core::ops::Range;
use ::core::ptr::null;
use libc::c_int;

#[cfg(doc)]
use crate::core::sender::Sender;

/// The engine of an event context.
pub type EventEngine = Connection<Owned<FragmentSource>>;
/// An event context.
pub type EventHandle = Handle<wslay_event_callbacks, EventEngine>;
/// An idle connection is this one allocation: with the allocator's header 256 bytes.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(EventHandle::SIZE + 8 <= 256);

/// A call under way on an event context.
pub type EnteredEvent = Entered<wslay_event_callbacks, EventEngine>;

/// Asks the program for input, at most `limit` bytes, behind what `input` holds.
pub fn recv(handle: EventHandle, input: &mut impl Fill, limit: usize) -> Moved {
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

/// Asks the program for input, at most `limit` bytes, behind what was lent to
/// [`Sender::lend_shown`].
pub fn recv_into_shown(handle: EventHandle, limit: usize) -> Moved {
    let Some(callback) = handle.callbacks().recv_callback else { return Moved::NoCallback };
    // What the program queues meanwhile moves nothing.
    let (kept, to, length) = handle.with(|connection| {
        let memory = connection.sender.shown().memory_mut();
        let kept = memory.keep(0..0);
        let spare = memory.spare();
        (kept, spare.as_mut_ptr(), spare.len().min(limit))
    });
    // SAFETY: the program gave this callback for this call; `to` is `length` writable bytes behind
    // those that were lent, where `kept` keeps them, and nothing uses them meanwhile: frames are
    // made of what was lent alone.
    let result = unsafe { callback(handle.as_opaque(), to.cast(), length, 0, handle.user_data()) };
    drop(kept);
    let moved = Moved::from_result(result, length);
    if let Moved::Bytes(count) = moved {
        handle.with(|connection| {
            // SAFETY: count is at most the room, which is as it was: only this and what `recv` does
            // when no callback runs append to it. The callback says that it stored them.
            unsafe { connection.sender.shown().memory_mut().assume_filled(count) }
        });
    }
    moved
}

/// Offers the bytes of `batch` to the program. Where they are a message that the program is
/// being shown, it may look at both: no slice of them is alive meanwhile.
pub fn send(handle: EventHandle, batch: &Batch) -> Moved {
    let Some(callback) = handle.callbacks().send_callback else { return Moved::NoCallback };
    let (frames, start) = batch.place();
    let (bytes, length) = (frames.as_ptr().wrapping_add(start), batch.bytes().len());
    // SAFETY: the program gave this callback for this call; the bytes belong to the batch, which
    // is the calling frame's.
    let result = unsafe { callback(handle.as_opaque(), bytes, length, 0, handle.user_data()) };
    Moved::from_result(result, length)
}

/// A mask key from the program, or from the system where it gives none (D12).
pub fn genmask(handle: EventHandle) -> Option<[u8; 4]> {
    let Some(callback) = handle.callbacks().genmask_callback else { return random::mask_key() };
    let mut key = [0; 4];
    // SAFETY: the program gave this callback for this call; `key` is the calling frame's.
    let result = unsafe { callback(handle.as_opaque(), key.as_mut_ptr(), key.len(), handle.user_data()) };
    (result == 0).then_some(key)
}

/// Whether any of the three callbacks below is there.
pub fn wants_frame_reports(handle: EventHandle) -> bool {
    let callbacks = handle.callbacks();
    callbacks.on_frame_recv_start_callback.is_some()
        || callbacks.on_frame_recv_chunk_callback.is_some()
        || callbacks.on_frame_recv_end_callback.is_some()
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
    // SAFETY: the piece is borrowed until this returns.
    unsafe { report_chunk(handle, data.as_mut_ptr(), data.len()) }
}

/// Reports a piece of payload that is `range` of what was lent to [`Sender::lend_shown`].
pub fn on_shown_frame_recv_chunk(handle: EventHandle, range: Range<usize>) {
    let kept = handle.with(|connection| connection.sender.shown().memory_mut().keep(range));
    // SAFETY: as in `on_shown_msg_recv`.
    unsafe { report_chunk(handle, kept.as_ptr(), kept.len()) }
}

/// # Safety
/// The `data_length` bytes at `data` stay there, and nobody writes them, until this returns.
unsafe fn report_chunk(handle: EventHandle, data: *const u8, data_length: usize) {
    let Some(callback) = handle.callbacks().on_frame_recv_chunk_callback else { return };
    let arg = wslay_event_on_frame_recv_chunk_arg { data, data_length };
    // SAFETY: the program gave this callback for this call, and the caller vouches for what it is
    // shown.
    unsafe { callback(handle.as_opaque(), &raw const arg, handle.user_data()) };
}

/// Reports the end of a frame.
pub fn on_frame_recv_end(handle: EventHandle) {
    let Some(callback) = handle.callbacks().on_frame_recv_end_callback else { return };
    // SAFETY: the program gave this callback for this call.
    unsafe { callback(handle.as_opaque(), handle.user_data()) };
}

/// Reports a message with its `payload`.
#[inline]
pub fn on_msg_recv(handle: EventHandle, rsv: u8, opcode: u8, status_code: u16, payload: &mut [u8]) {
    let (start, length) = (payload.as_mut_ptr().cast_const(), payload.len());
    let msg = if length == 0 { null() } else { start };
    let arg = wslay_event_on_msg_recv_arg { rsv, opcode, msg, msg_length: length, status_code };
    // SAFETY: the payload is borrowed until this returns.
    unsafe { report_message(handle, &arg) }
}

/// Reports a message whose payload is `range` of what was lent to [`Sender::lend_shown`].
pub fn on_shown_msg_recv(handle: EventHandle, rsv: u8, opcode: u8, status_code: u16, range: Range<usize>) {
    let kept = handle.with(|connection| connection.sender.shown().memory_mut().keep(range));
    let msg = if kept.is_empty() { null() } else { kept.as_ptr() };
    let arg = wslay_event_on_msg_recv_arg { rsv, opcode, msg, msg_length: kept.len(), status_code };
    // SAFETY: `kept` keeps the payload in place until after the call, and of what was lent only
    // bytes are written that are not being shown.
    unsafe { report_message(handle, &arg) };
}

/// E3: the error value is 0 when a message is reported.
///
/// # Safety
/// The payload in `arg` stays there, and nobody writes it, until this returns.
#[inline]
unsafe fn report_message(handle: EventHandle, arg: &wslay_event_on_msg_recv_arg) {
    let Some(callback) = handle.callbacks().on_msg_recv_callback else { return };
    handle.set_error(0);
    // SAFETY: the program gave this callback for this call, and the caller vouches for what it is
    // shown.
    unsafe { callback(handle.as_opaque(), arg, handle.user_data()) };
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

/// Asks the fragmented message whose turn it is for its next bytes, at most `limit`,
/// behind what `frame` holds. `sending` is the call that sends them.
pub fn read_fragment(sending: &EnteredEvent, frame: &mut Buffer<u8>, limit: usize) -> Fragment {
    let handle = sending.handle();
    let source = handle.with(|connection| connection.sender.current_source().map(Owned::as_ptr));
    let Some(source) = source else { return Fragment::Stalled };
    // SAFETY: the source is freed when its message has been sent, which only a call that has entered
    // the context for sending does, or with the context, which waits for `sending`. The reference
    // is shared, and what the program may write to lies in a cell.
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
