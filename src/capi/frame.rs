//! The exported functions of the frame API (contract section 2).

use super::{count, store};
use crate::abi::{wslay_frame_callbacks, wslay_frame_context_ptr, wslay_frame_iocb};
use crate::callbacks::frame::FrameHandle;
use crate::core::frame::FrameEngine;
use crate::core::frame::sender::FrameDescription;
use crate::error::Error;
use crate::frame::{self, Piece};
use crate::mem::{ForeignBytes, ForeignRoom};
use ::core::ptr::NonNull;
use libc::{c_int, c_void, size_t, ssize_t};

/// Makes a context for the frame API.
///
/// `ctx` points to where the new context is stored (NULL on failure); free it with
/// wslay_frame_context_free(). The callbacks are copied. `user_data` is handed to them
/// and never followed.
///
/// Returns 0, `WSLAY_ERR_NOMEM`, or `WSLAY_ERR_INVALID_ARGUMENT` if a pointer other
/// than `user_data` is NULL. (F1)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_frame_context_init(
    ctx: *mut wslay_frame_context_ptr,
    callbacks: *const wslay_frame_callbacks,
    user_data: *mut c_void,
) -> c_int {
    // SAFETY: C vouches that `callbacks` is NULL or points to the struct.
    let callbacks = unsafe { callbacks.as_ref() };
    let create = || {
        let callbacks = callbacks.ok_or(Error::InvalidArgument)?;
        Ok(FrameHandle::create(*callbacks, user_data, FrameEngine::new()?)?)
    };
    // SAFETY: C vouches that `ctx` is NULL or can be written.
    unsafe { store(ctx, create) }
}

/// Frees a context; does nothing for NULL.
///
/// Inside one of the context's callbacks the free takes effect when the call that runs
/// the callback returns. (F1, C2)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_frame_context_free(ctx: wslay_frame_context_ptr) {
    // SAFETY: C vouches for the context.
    if let Some(handle) = unsafe { FrameHandle::from_opaque(ctx) } {
        // SAFETY: C frees a context once.
        unsafe { handle.free() };
    }
}

/// What C hands over to be sent.
///
/// # Safety
/// `iocb` is NULL or points to the struct, whose `data` points to `data_length` bytes.
unsafe fn piece_of(iocb: *const wslay_frame_iocb) -> Option<Piece> {
    // SAFETY: the caller vouches for the struct.
    let iocb = unsafe { iocb.as_ref() }?;
    let frame = FrameDescription {
        fin: iocb.fin & 1 != 0,
        rsv: iocb.rsv,
        opcode: iocb.opcode,
        payload_length: iocb.payload_length,
    };
    // SAFETY: the caller vouches for the data.
    let data = unsafe { ForeignBytes::new(iocb.data, iocb.data_length) }?;
    Some(Piece { frame, masked: iocb.mask != 0, data })
}

/// Sends a frame, or the next piece of one.
///
/// At a frame's start `fin`, `rsv`, `opcode`, `payload_length` and `mask` of `iocb` say
/// what it is; `data` and `data_length` are the payload bytes at hand, of which there
/// may be none. Move them on by the result and call again until `payload_length` bytes
/// are out: that ends the frame.
///
/// Returns how many payload bytes were sent, or
/// - `WSLAY_ERR_WANT_WRITE` if the send callback took less than the header, or nothing
///   of the payload: call again with the same piece;
/// - `WSLAY_ERR_INVALID_ARGUMENT` if `data_length` is above `payload_length` or above
///   what is left of it, if `payload_length` is above 2^63 - 1 or, in a control frame,
///   above 125, or if a pointer is NULL;
/// - `WSLAY_ERR_INVALID_CALLBACK` if the send callback claims more bytes than it was
///   given, or the genmask callback fails;
/// - `WSLAY_ERR_CALLBACK_FAILURE` if there is no send callback.
///
/// Inside the context's own send callback it does nothing and returns
/// `WSLAY_ERR_WANT_WRITE`. (F2, F3, D7)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_frame_send(
    ctx: wslay_frame_context_ptr,
    iocb: *mut wslay_frame_iocb,
) -> ssize_t {
    // SAFETY: C vouches for the context.
    let handle = unsafe { FrameHandle::from_opaque(ctx) };
    // SAFETY: C vouches for the struct and its data.
    let piece = unsafe { piece_of(iocb) };
    let (Some(handle), Some(piece)) = (handle, piece) else {
        return Error::InvalidArgument.code() as ssize_t;
    };
    frame::send(handle, &piece).map_or_else(|error| error.code() as ssize_t, count)
}

/// Puts into `buf` what wslay_frame_send() would send; calls no send callback.
///
/// `buf` points to `buflen` bytes. `pwpayloadlen` points to where the number of payload
/// bytes written is stored. The two functions may be mixed, also within a frame.
///
/// Returns how many bytes of header and payload were written: 0 if the header does not
/// fit, and then no frame has begun. Errors are `WSLAY_ERR_INVALID_ARGUMENT` and, from
/// the genmask callback, `WSLAY_ERR_INVALID_CALLBACK`, as for wslay_frame_send(). (F4, D8)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_frame_write(
    ctx: wslay_frame_context_ptr,
    iocb: *mut wslay_frame_iocb,
    buf: *mut u8,
    buflen: size_t,
    pwpayloadlen: *mut size_t,
) -> ssize_t {
    // SAFETY: C vouches for the context.
    let handle = unsafe { FrameHandle::from_opaque(ctx) };
    // SAFETY: C vouches for the struct and its data.
    let piece = unsafe { piece_of(iocb) };
    // SAFETY: C vouches for `buflen` bytes at `buf`.
    let room = unsafe { ForeignRoom::new(buf, buflen) };
    let payload_length = NonNull::new(pwpayloadlen);
    let (Some(handle), Some(piece), Some(room), Some(payload_length)) = (handle, piece, room, payload_length)
    else {
        return Error::InvalidArgument.code() as ssize_t;
    };
    let result = frame::write(handle, &piece, room);
    let of_payload = result.map_or(0, |(_, of_payload)| of_payload);
    // SAFETY: C vouches that it can be written.
    unsafe { payload_length.write(of_payload) };
    result.map_or_else(|error| error.code() as ssize_t, |(written, _)| count(written))
}

/// Receives a frame, or the next piece of one.
///
/// Each stage of a frame (two bytes, extended length, mask key, payload) that lacks
/// bytes asks the recv callback once. With payload at hand, or for a frame without any,
/// all fields of `iocb` are filled in: `data` and `data_length` are the payload bytes
/// at hand, unmasked, which belong to the context and are valid until the next call on
/// it; the frame ends when `payload_length` bytes have come.
///
/// Returns `data_length`, or, leaving `iocb` as it was,
/// - `WSLAY_ERR_WANT_READ` if the stage still lacks bytes: call again;
/// - `WSLAY_ERR_PROTO` if the header is malformed, after which the connection cannot be
///   read on;
/// - `WSLAY_ERR_INVALID_CALLBACK` if the recv callback claims more bytes than it was
///   asked for;
/// - `WSLAY_ERR_CALLBACK_FAILURE` if there is no recv callback;
/// - `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL.
///
/// RSV bits, opcodes and missing masks are not judged. Inside the context's own recv
/// callback it does nothing and returns `WSLAY_ERR_WANT_READ`. (F2, F5, F6)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslay_frame_recv(
    ctx: wslay_frame_context_ptr,
    iocb: *mut wslay_frame_iocb,
) -> ssize_t {
    // SAFETY: C vouches for the context.
    let handle = unsafe { FrameHandle::from_opaque(ctx) };
    let Some(handle) = handle.filter(|_| !iocb.is_null()) else {
        return Error::InvalidArgument.code() as ssize_t;
    };
    let piece = match frame::recv(handle) {
        Ok(piece) => piece,
        Err(error) => return error.code() as ssize_t,
    };
    let header = piece.header;
    let received = wslay_frame_iocb {
        fin: header.fin.into(),
        rsv: header.rsv,
        opcode: header.opcode,
        payload_length: header.payload_length,
        mask: header.mask_key.is_some().into(),
        data: piece.data.as_ptr().cast_const(),
        data_length: piece.length,
    };
    // SAFETY: `iocb` is not NULL, and C vouches that it can be written.
    unsafe { iocb.write(received) };
    count(piece.length)
}
