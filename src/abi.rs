//! The C types of wslay's ABI, and the source of `wslay/wslay.h`.
//!
//! Names, values, field order and layout are fixed by contract section 1; the
//! assertions at the end hold the layouts in place. Nothing here has behaviour.

#![allow(non_camel_case_types)]

use libc::{c_int, c_void, size_t, ssize_t};

/// Error codes. Functions that return `int` or `ssize_t` give one of these on
/// failure.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum wslay_error {
    /// The frame API needs bytes that the recv callback did not give: call again
    /// when there are more.
    WSLAY_ERR_WANT_READ = -100,
    /// The frame API has bytes that the send callback did not take: call again when
    /// it can.
    WSLAY_ERR_WANT_WRITE = -101,
    /// The peer sent a malformed frame header.
    WSLAY_ERR_PROTO = -200,
    /// An argument is not acceptable.
    WSLAY_ERR_INVALID_ARGUMENT = -300,
    /// A callback of the frame API broke its contract.
    WSLAY_ERR_INVALID_CALLBACK = -301,
    /// A Close is queued or sent, or writing is disabled: no message can be queued.
    WSLAY_ERR_NO_MORE_MSG = -302,
    /// A callback of the event API failed, or a callback that is needed is NULL, or the
    /// peer of an event context sent a malformed frame header.
    WSLAY_ERR_CALLBACK_FAILURE = -400,
    /// Set by a callback through wslay_event_set_error(): nothing could be moved
    /// now, try later.
    WSLAY_ERR_WOULDBLOCK = -401,
    /// Memory could not be had.
    WSLAY_ERR_NOMEM = -500,
}

/// Close codes (RFC 6455 section 7.4.1).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum wslay_status_code {
    /// The purpose of the connection is fulfilled.
    WSLAY_CODE_NORMAL_CLOSURE = 1000,
    /// The endpoint goes away: a server shuts down, a page is left.
    WSLAY_CODE_GOING_AWAY = 1001,
    /// The peer broke the protocol.
    WSLAY_CODE_PROTOCOL_ERROR = 1002,
    /// The endpoint cannot take this type of data.
    WSLAY_CODE_UNSUPPORTED_DATA = 1003,
    /// Stands for a Close without a code. Never sent.
    WSLAY_CODE_NO_STATUS_RCVD = 1005,
    /// Stands for a connection without a Close. Never sent.
    WSLAY_CODE_ABNORMAL_CLOSURE = 1006,
    /// The payload does not fit the message's type: a text was not UTF-8.
    WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA = 1007,
    /// The message goes against a policy of the endpoint.
    WSLAY_CODE_POLICY_VIOLATION = 1008,
    /// The message is too big for the endpoint.
    WSLAY_CODE_MESSAGE_TOO_BIG = 1009,
    /// The client needs an extension that the server did not agree to.
    WSLAY_CODE_MANDATORY_EXT = 1010,
    /// The server met a condition that it cannot handle.
    WSLAY_CODE_INTERNAL_SERVER_ERROR = 1011,
    /// Stands for a failed TLS handshake. Never sent.
    WSLAY_CODE_TLS_HANDSHAKE = 1015,
}

/// Flags handed to send callbacks.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum wslay_io_flags {
    /// The bytes are a frame's header whose payload follows.
    WSLAY_MSG_MORE = 1,
}

/// Frame opcodes (RFC 6455 section 5.2).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum wslay_opcode {
    /// A further fragment of the message under way.
    WSLAY_CONTINUATION_FRAME = 0,
    /// A text message, in UTF-8.
    WSLAY_TEXT_FRAME = 1,
    /// A binary message.
    WSLAY_BINARY_FRAME = 2,
    /// The closing handshake.
    WSLAY_CONNECTION_CLOSE = 8,
    /// Asks the peer for a Pong.
    WSLAY_PING = 9,
    /// Answers a Ping.
    WSLAY_PONG = 10,
}

/// Sends bytes for the frame API.
///
/// `data` points to `len` bytes, valid during the call. `flags` is 0 or a
/// combination of `enum wslay_io_flags`. `user_data` is the pointer given to
/// wslay_frame_context_init(). Returns how many bytes were taken, at most `len`; 0
/// or less when none could be. (F2)
pub type wslay_frame_send_callback = Option<
    unsafe extern "C" fn(data: *const u8, len: size_t, flags: c_int, user_data: *mut c_void) -> ssize_t,
>;

/// Receives bytes for the frame API.
///
/// Stores at most `len` bytes (at least 1) into `buf`, which is valid during the
/// call. `flags` is 0. Returns how many were stored; 0 or less when there are none. A
/// result above `len` makes the call fail with `WSLAY_ERR_INVALID_CALLBACK`. (F2, D5)
pub type wslay_frame_recv_callback =
    Option<unsafe extern "C" fn(buf: *mut u8, len: size_t, flags: c_int, user_data: *mut c_void) -> ssize_t>;

/// Makes a mask key for the frame API.
///
/// Stores `len` (4) unpredictable bytes into `buf`. Returns 0, or anything else on
/// failure. Where no such callback is given, keys come from the operating system's
/// random source. (F3, D12)
pub type wslay_frame_genmask_callback =
    Option<unsafe extern "C" fn(buf: *mut u8, len: size_t, user_data: *mut c_void) -> c_int>;

/// The callbacks of a frame context. A NULL send or recv callback makes the calls
/// that need it fail with `WSLAY_ERR_CALLBACK_FAILURE`. (D13)
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wslay_frame_callbacks {
    /// Needed by wslay_frame_send().
    pub send_callback: wslay_frame_send_callback,
    /// Needed by wslay_frame_recv().
    pub recv_callback: wslay_frame_recv_callback,
    /// Needed to send masked frames; may be NULL.
    pub genmask_callback: wslay_frame_genmask_callback,
}

/// A frame, or a piece of one.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wslay_frame_iocb {
    /// 1 in the last frame of a message, else 0.
    pub fin: u8,
    /// RSV bits: `WSLAY_RSV1_BIT` and so on.
    pub rsv: u8,
    /// Opcode, 0 to 15: `enum wslay_opcode`.
    pub opcode: u8,
    /// Length of the whole payload in bytes, 0 to 2^63 - 1.
    pub payload_length: u64,
    /// Not 0 if the payload is masked.
    pub mask: u8,
    /// A piece of the payload. When sending, memory of the caller, read during the
    /// call; when receiving, memory of the context, valid until the next call on it.
    pub data: *const u8,
    /// Bytes at `data`.
    pub data_length: size_t,
}

/// The state of the frame API; opaque.
pub struct wslay_frame_context {
    _opaque: [u8; 0],
}

/// A frame context, from wslay_frame_context_init() to wslay_frame_context_free().
pub type wslay_frame_context_ptr = *mut wslay_frame_context;

/// The state of the event API; opaque.
pub struct wslay_event_context {
    _opaque: [u8; 0],
}

/// An event context, from its init function to wslay_event_context_free().
pub type wslay_event_context_ptr = *mut wslay_event_context;

/// A received message. (R7)
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wslay_event_on_msg_recv_arg {
    /// RSV bits of the first frame.
    pub rsv: u8,
    /// Opcode of the first frame.
    pub opcode: u8,
    /// The message, valid during the callback. NULL if it is empty, and with
    /// wslay_event_config_set_no_buffering() for text and binary messages.
    pub msg: *const u8,
    /// Bytes at `msg`.
    pub msg_length: size_t,
    /// The code in a Close, 0 if it has none or the message is no Close.
    pub status_code: u16,
}

/// Called when a message has been received.
///
/// `arg` and what it points to are valid during the call. Any function but
/// wslay_event_recv() may be called on `ctx`; freeing it takes effect when the
/// outermost call on it returns. (R7, C1, C2)
pub type wslay_event_on_msg_recv_callback = Option<
    unsafe extern "C" fn(
        ctx: wslay_event_context_ptr,
        arg: *const wslay_event_on_msg_recv_arg,
        user_data: *mut c_void,
    ),
>;

/// The start of a received frame. (R4)
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wslay_event_on_frame_recv_start_arg {
    /// 1 in the last frame of a message, else 0.
    pub fin: u8,
    /// RSV bits.
    pub rsv: u8,
    /// Opcode.
    pub opcode: u8,
    /// Length of the payload in bytes.
    pub payload_length: u64,
}

/// Called when a frame begins: its header and its first payload byte, if it has
/// one, are there. `arg` is valid during the call. (R4)
pub type wslay_event_on_frame_recv_start_callback = Option<
    unsafe extern "C" fn(
        ctx: wslay_event_context_ptr,
        arg: *const wslay_event_on_frame_recv_start_arg,
        user_data: *mut c_void,
    ),
>;

/// A piece of a received frame's payload. (R4)
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wslay_event_on_frame_recv_chunk_arg {
    /// The bytes, unmasked; valid during the callback.
    pub data: *const u8,
    /// Bytes at `data`; 0 for a frame without payload.
    pub data_length: size_t,
}

/// Called for each piece of a frame's payload, in order, and once for a frame
/// without payload. How a payload is cut depends on what the recv callback gave.
/// `arg` and what it points to are valid during the call. (R4)
pub type wslay_event_on_frame_recv_chunk_callback = Option<
    unsafe extern "C" fn(
        ctx: wslay_event_context_ptr,
        arg: *const wslay_event_on_frame_recv_chunk_arg,
        user_data: *mut c_void,
    ),
>;

/// Called when a frame has been received to its end. (R4)
pub type wslay_event_on_frame_recv_end_callback =
    Option<unsafe extern "C" fn(ctx: wslay_event_context_ptr, user_data: *mut c_void)>;

/// Receives bytes for wslay_event_recv().
///
/// Stores at most `len` bytes (at least 1) into `buf`, which is valid during the
/// call. `flags` is 0. Returns how many were stored. When there are none now, it sets
/// `WSLAY_ERR_WOULDBLOCK` with wslay_event_set_error() and returns -1. On end of input
/// or an error it sets `WSLAY_ERR_CALLBACK_FAILURE` and returns -1. A result of 0 is
/// the same as -1: the error value says what it means, so do not hand on the 0 that
/// recv() gives at the end of input. A result above `len` counts as a failure.
/// (R1, R2, D5)
pub type wslay_event_recv_callback = Option<
    unsafe extern "C" fn(
        ctx: wslay_event_context_ptr,
        buf: *mut u8,
        len: size_t,
        flags: c_int,
        user_data: *mut c_void,
    ) -> ssize_t,
>;

/// Sends bytes for wslay_event_send().
///
/// `data` points to `len` bytes (at least 1), valid during the call; they may be any
/// number of frames. `flags` is 0 or a combination of `enum wslay_io_flags`. Returns
/// how many bytes were taken. When none can be now, it sets `WSLAY_ERR_WOULDBLOCK`
/// with wslay_event_set_error() and returns -1; on an error it sets
/// `WSLAY_ERR_CALLBACK_FAILURE` and returns -1. A result of 0 is the same as -1. What
/// the callback queues or disables takes effect behind the bytes that it was offered,
/// as far as it takes them. (S4, S10, S11)
pub type wslay_event_send_callback = Option<
    unsafe extern "C" fn(
        ctx: wslay_event_context_ptr,
        data: *const u8,
        len: size_t,
        flags: c_int,
        user_data: *mut c_void,
    ) -> ssize_t,
>;

/// Makes a mask key for a client's frame.
///
/// Stores `len` (4) unpredictable bytes into `buf`. Returns 0, or anything else on
/// failure, which disables writing. Where no such callback is given, keys come from
/// the operating system's random source. (S4, S7, D12)
pub type wslay_event_genmask_callback = Option<
    unsafe extern "C" fn(
        ctx: wslay_event_context_ptr,
        buf: *mut u8,
        len: size_t,
        user_data: *mut c_void,
    ) -> c_int,
>;

/// The callbacks of an event context. Those for received frames and messages and
/// for mask keys may be NULL. A NULL recv or send callback makes the calls that
/// need it fail with `WSLAY_ERR_CALLBACK_FAILURE`. (D12, D13)
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wslay_event_callbacks {
    /// Needed by wslay_event_recv().
    pub recv_callback: wslay_event_recv_callback,
    /// Needed by wslay_event_send().
    pub send_callback: wslay_event_send_callback,
    /// Needed by clients; may be NULL.
    pub genmask_callback: wslay_event_genmask_callback,
    /// May be NULL.
    pub on_frame_recv_start_callback: wslay_event_on_frame_recv_start_callback,
    /// May be NULL.
    pub on_frame_recv_chunk_callback: wslay_event_on_frame_recv_chunk_callback,
    /// May be NULL.
    pub on_frame_recv_end_callback: wslay_event_on_frame_recv_end_callback,
    /// May be NULL.
    pub on_msg_recv_callback: wslay_event_on_msg_recv_callback,
}

/// A message to queue.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wslay_event_msg {
    /// Opcode: `enum wslay_opcode`.
    pub opcode: u8,
    /// The payload, copied when queued. May be NULL if `msg_length` is 0.
    pub msg: *const u8,
    /// Bytes at `msg`; at most 125 in a control message.
    pub msg_length: size_t,
}

/// Where a fragmented message comes from: whatever the program wants to find in
/// its callback.
#[repr(C)]
#[derive(Clone, Copy)]
pub union wslay_event_msg_source {
    /// A file descriptor.
    pub fd: c_int,
    /// A pointer; the library never follows it.
    pub data: *mut c_void,
}

/// Gives the next bytes of a fragmented message.
///
/// Stores at most `len` bytes into `buf`, which is valid during the call. `source`
/// points to the library's copy of the source given when the message was queued: the
/// same address for the whole message. Sets `*eof`, 0 on entry, to not 0 when the
/// message ends with these bytes. Returns how many bytes were stored; 0 without
/// `*eof` when there are none now; less than 0 on an error, which disables writing, as
/// does a result above `len`: the call that sends then gives
/// `WSLAY_ERR_CALLBACK_FAILURE`. (S5, D5)
pub type wslay_event_fragmented_msg_callback = Option<
    unsafe extern "C" fn(
        ctx: wslay_event_context_ptr,
        buf: *mut u8,
        len: size_t,
        source: *const wslay_event_msg_source,
        eof: *mut c_int,
        user_data: *mut c_void,
    ) -> ssize_t,
>;

/// A message to queue whose payload a callback gives piece by piece, each of which
/// goes out as a frame.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wslay_event_fragmented_msg {
    /// Opcode, not of a control message.
    pub opcode: u8,
    /// Copied when queued.
    pub source: wslay_event_msg_source,
    /// Must not be NULL.
    pub read_callback: wslay_event_fragmented_msg_callback,
}

/// Contract 1.3.
#[cfg(target_pointer_width = "64")]
const _: () = {
    use ::core::mem::{offset_of, size_of};

    assert!(size_of::<wslay_frame_callbacks>() == 24);
    assert!(size_of::<wslay_frame_iocb>() == 40);
    assert!(offset_of!(wslay_frame_iocb, rsv) == 1);
    assert!(offset_of!(wslay_frame_iocb, opcode) == 2);
    assert!(offset_of!(wslay_frame_iocb, payload_length) == 8);
    assert!(offset_of!(wslay_frame_iocb, mask) == 16);
    assert!(offset_of!(wslay_frame_iocb, data) == 24);
    assert!(offset_of!(wslay_frame_iocb, data_length) == 32);
    assert!(size_of::<wslay_event_callbacks>() == 56);
    assert!(size_of::<wslay_event_on_msg_recv_arg>() == 32);
    assert!(offset_of!(wslay_event_on_msg_recv_arg, opcode) == 1);
    assert!(offset_of!(wslay_event_on_msg_recv_arg, msg) == 8);
    assert!(offset_of!(wslay_event_on_msg_recv_arg, msg_length) == 16);
    assert!(offset_of!(wslay_event_on_msg_recv_arg, status_code) == 24);
    assert!(size_of::<wslay_event_on_frame_recv_start_arg>() == 16);
    assert!(offset_of!(wslay_event_on_frame_recv_start_arg, payload_length) == 8);
    assert!(size_of::<wslay_event_on_frame_recv_chunk_arg>() == 16);
    assert!(size_of::<wslay_event_msg>() == 24);
    assert!(offset_of!(wslay_event_msg, msg) == 8);
    assert!(size_of::<wslay_event_msg_source>() == 8);
    assert!(size_of::<wslay_event_fragmented_msg>() == 24);
    assert!(offset_of!(wslay_event_fragmented_msg, source) == 8);
    assert!(offset_of!(wslay_event_fragmented_msg, read_callback) == 16);
};
