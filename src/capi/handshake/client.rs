//! A client's end of the opening handshake.

#![allow(non_camel_case_types)]

use super::{Opaque, found, free, lend, read, store, string, string_of, with};
use crate::capi::bytes_of;
use crate::error::{Error, status};
use crate::handshake::client::ClientHandshake;
use crate::random;
use ::core::ptr::null;
use libc::{c_char, c_int, c_uint, size_t};

/// A client's end of one opening handshake; opaque.
///
/// It writes the request, is fed the bytes of the server until they make up a response,
/// and says whether that opens the WebSocket. It does no I/O, calls no callback, and
/// holds memory in proportion to the two heads, and to the bytes behind the response
/// until they are read. All its functions may be called inside the callbacks of an event
/// context. One handshake is used by one thread at a time.
pub struct wslayx_client_handshake {
    _opaque: [u8; 0],
}

/// What wslayx_client_handshake_feed() has found.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum wslayx_response {
    /// The head of the response has not ended: feed more.
    WSLAYX_RESPONSE_INCOMPLETE = 0,
    /// The WebSocket is open: the connection is ready for an event context.
    WSLAYX_RESPONSE_WEBSOCKET = 1,
    /// A well-formed HTTP response that opens none: its status and headers say why, such
    /// as 401 with WWW-Authenticate, or 302 with Location.
    WSLAYX_RESPONSE_HTTP = 2,
    /// Not a response that can be taken: the connection is to be closed.
    WSLAYX_RESPONSE_BAD = 3,
}

impl Opaque for wslayx_client_handshake {
    type Handshake = ClientHandshake;
}

/// Makes a handshake and begins its request, with a key from the operating system's
/// random source.
///
/// `handshake` points to where it is stored (NULL on failure); free it with
/// wslayx_client_handshake_free(). The strings are copied. `host` is the value of Host:
/// the server's name or address (IPv6 in brackets), and the port if it is not the
/// scheme's own, such as "localhost:9000". `target` is path and query, such as
/// "/chat?room=1", with everything in it encoded as in a URI. `subprotocols` is a comma
/// separated list of those to offer, the preferred first, or NULL for none.
///
/// Returns 0; `WSLAY_ERR_INVALID_ARGUMENT` if another pointer is NULL or a string has
/// characters that cannot stand there, such as a space or a line break, or a subprotocol
/// twice; `WSLAY_ERR_CALLBACK_FAILURE` if the system has no random bytes; or
/// `WSLAY_ERR_NOMEM`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_init(
    handshake: *mut *mut wslayx_client_handshake,
    host: *const c_char,
    target: *const c_char,
    subprotocols: *const c_char,
) -> c_int {
    // SAFETY: C vouches for the string.
    let host = unsafe { string_of(host) };
    // SAFETY: as above.
    let target = unsafe { string_of(target) };
    // SAFETY: as above.
    let subprotocols = unsafe { string_of(subprotocols) };
    let create = || {
        let (Some(host), Some(target)) = (host, target) else { return Err(Error::InvalidArgument) };
        let nonce = random::handshake_nonce().ok_or(Error::CallbackFailure)?;
        ClientHandshake::new(host, target, subprotocols.unwrap_or_default(), nonce)
    };
    // SAFETY: C vouches that `handshake` is NULL or can be written.
    unsafe { store(handshake, create) }
}

/// Frees a handshake, and with it all strings and bytes that it gave out; does nothing
/// for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_free(handshake: *mut wslayx_client_handshake) {
    // SAFETY: C frees a handshake once.
    unsafe { free(handshake) };
}

/// Sets how many bytes the head of the response may have, up to and with its blank line,
/// and together with the interim responses before it; by default 16384. A longer one is
/// bad. Call it before the first byte is fed; for a NULL handshake it does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_config_set_max_head_length(
    handshake: *mut wslayx_client_handshake,
    length: size_t,
) {
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, (), |handshake| handshake.limits_mut().head_length = length) };
}

/// Sets how many header lines the response may have; by default 100. A response with more
/// is bad. Call it before the first byte is fed; for a NULL handshake it does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_config_set_max_header_count(
    handshake: *mut wslayx_client_handshake,
    count: size_t,
) {
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, (), |handshake| handshake.limits_mut().field_count = count) };
}

/// Adds a header to the request, such as Origin, Authorization or Cookie.
///
/// `name` and `value` are strings, which are copied. The headers that the library writes
/// itself cannot be added: Connection, Content-Length, Host, Transfer-Encoding, Upgrade,
/// and those of the handshake but Sec-WebSocket-Extensions, by which a program offers
/// extensions that it handles itself (see wslay_event_config_set_allowed_rsv_bits()).
///
/// Returns 0; `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL, the name is no token or
/// one of the above, the value has a control character other than a tab (such as a line
/// break) or white space at its ends, or wslayx_client_handshake_output() was called
/// before; or `WSLAY_ERR_NOMEM`. Unless it returns 0, nothing is added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_add_header(
    handshake: *mut wslayx_client_handshake,
    name: *const c_char,
    value: *const c_char,
) -> c_int {
    // SAFETY: C vouches for the string.
    let name = unsafe { string_of(name) };
    // SAFETY: as above.
    let value = unsafe { string_of(value) };
    let (Some(name), Some(value)) = (name, value) else { return Error::InvalidArgument.code() };
    let add = |handshake: &mut ClientHandshake| status(handshake.add_field(name, value));
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, Error::InvalidArgument.code(), add) }
}

/// What of the request is to be sent: a pointer to `*length` bytes, or NULL and 0 when
/// all is sent. The first call completes the request.
///
/// The pointer is valid until the next call of wslayx_client_handshake_sent() or
/// wslayx_client_handshake_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_output(
    handshake: *mut wslayx_client_handshake,
    length: *mut size_t,
) -> *const u8 {
    // SAFETY: C vouches for the handshake.
    let output = unsafe { with(handshake, &[][..], |handshake| handshake.output()) };
    // SAFETY: C vouches that `length` is NULL or can be written.
    unsafe { lend(output, length) }
}

/// Says that the first `length` bytes of wslayx_client_handshake_output() were sent.
///
/// Returns 0, or `WSLAY_ERR_INVALID_ARGUMENT` if `handshake` is NULL or there are fewer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_sent(
    handshake: *mut wslayx_client_handshake,
    length: size_t,
) -> c_int {
    let sent = |handshake: &mut ClientHandshake| status(handshake.sent(length));
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, Error::InvalidArgument.code(), sent) }
}

/// Takes what was read from the server: all of it, in pieces of any size.
///
/// `data` points to `length` bytes, which are copied as far as they are needed. Interim
/// responses (100, 103) are passed over. Bytes behind the head of the response are kept
/// for wslayx_client_handshake_read(), also those of later calls; behind a bad response
/// they are dropped.
///
/// Returns a value of `enum wslayx_response`, which stays the same once it is not
/// `WSLAYX_RESPONSE_INCOMPLETE`; `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL (`data`
/// may be, when `length` is 0); or `WSLAY_ERR_NOMEM`, after which the handshake can only
/// be freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_feed(
    handshake: *mut wslayx_client_handshake,
    data: *const u8,
    length: size_t,
) -> c_int {
    // SAFETY: C vouches for the bytes.
    let Some(data) = (unsafe { bytes_of(data, length) }) else { return Error::InvalidArgument.code() };
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, Error::InvalidArgument.code(), |handshake| found(handshake.feed(data))) }
}

/// The status of the response, such as 101 or 403; 0 before its head is complete, and
/// when it could not be taken apart.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_get_status(
    handshake: *mut wslayx_client_handshake,
) -> c_uint {
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, 0, |handshake| handshake.status().map_or(0, c_uint::from)) }
}

/// The subprotocol that the server has chosen, one of those offered; NULL if none.
///
/// This and the strings of the functions below end in a NUL and live until the handshake
/// is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_get_subprotocol(
    handshake: *mut wslayx_client_handshake,
) -> *const c_char {
    // SAFETY: C vouches for the handshake.
    unsafe { string(handshake, ClientHandshake::subprotocol) }
}

/// The value of a header, without the white space around it.
///
/// `name` is compared without regard to case; where it occurs in several lines, `index`
/// counts them from 0. NULL if there is no such line.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_get_header(
    handshake: *mut wslayx_client_handshake,
    name: *const c_char,
    index: size_t,
) -> *const c_char {
    // SAFETY: C vouches for the string.
    let Some(name) = (unsafe { string_of(name) }) else { return null() };
    // SAFETY: C vouches for the handshake.
    unsafe { string(handshake, |handshake| handshake.field(name, index)) }
}

/// What is wrong with a bad response, in English, for a log; NULL if nothing is. It holds
/// nothing of what the server sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_get_problem(
    handshake: *mut wslayx_client_handshake,
) -> *const c_char {
    // SAFETY: C vouches for the handshake.
    unsafe { string(handshake, |handshake| handshake.problem()) }
}

/// Takes the bytes that came behind the head of the response: the server's first frames,
/// or the body of another response.
///
/// Copies up to `length` of them to `buf` and returns how many, 0 when none are left or
/// `handshake` is NULL. The recv callback of an event context calls it before it reads
/// from the connection, so that no byte is lost; and since these bytes do not make the
/// connection readable, wslay_event_recv() is to be called once as soon as the context is
/// there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_client_handshake_read(
    handshake: *mut wslayx_client_handshake,
    buf: *mut u8,
    length: size_t,
) -> size_t {
    let read_rest = |handshake: &mut ClientHandshake| {
        // SAFETY: C vouches that `buf` points to `length` bytes that can be written.
        unsafe { read(&mut handshake.rest, buf, length) }
    };
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, 0, read_rest) }
}
