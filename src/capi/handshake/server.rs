//! A server's end of the opening handshake.

#![allow(non_camel_case_types)]

use super::{Opaque, found, free, lend, read, store, string, string_of, with};
use crate::capi::bytes_of;
use crate::error::{Error, status};
use crate::handshake::server::ServerHandshake;
use ::core::ptr::null;
use libc::{c_char, c_int, c_uint, size_t};

/// A server's end of one opening handshake; opaque.
///
/// It is fed the bytes of a client until they make up an HTTP request, says what that
/// request is, and writes the response. It does no I/O, calls no callback, and holds
/// memory in proportion to the head of the request, to the bytes behind it until they are
/// read, and to the response until it is sent. All its functions may be called inside the
/// callbacks of an event context. One handshake is used by one thread at a time.
pub struct wslayx_server_handshake {
    _opaque: [u8; 0],
}

/// What wslayx_server_handshake_feed() has found.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum wslayx_request {
    /// The head of the request has not ended: feed more.
    WSLAYX_REQUEST_INCOMPLETE = 0,
    /// A request for a WebSocket, as RFC 6455 section 4.2.1 wants it: call
    /// wslayx_server_handshake_accept() or wslayx_server_handshake_respond().
    WSLAYX_REQUEST_WEBSOCKET = 1,
    /// A well-formed HTTP request that asks for no WebSocket. A response that refuses
    /// it is ready to be sent (426 for a GET, 405 for others); a program that serves
    /// HTTP, too, replaces it by wslayx_server_handshake_respond().
    WSLAYX_REQUEST_HTTP = 2,
    /// Not a request that can be taken. A response that says why is ready to be sent
    /// (400, 405, 426, 431 or 505); then the connection is to be closed.
    WSLAYX_REQUEST_BAD = 3,
}

impl Opaque for wslayx_server_handshake {
    type Handshake = ServerHandshake;
}

/// Makes a handshake, waiting for the first byte of a request.
///
/// `handshake` points to where it is stored (NULL on failure); free it with
/// wslayx_server_handshake_free(). Returns 0, `WSLAY_ERR_NOMEM`, or
/// `WSLAY_ERR_INVALID_ARGUMENT` if `handshake` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_init(handshake: *mut *mut wslayx_server_handshake) -> c_int {
    // SAFETY: C vouches that `handshake` is NULL or can be written.
    unsafe { store(handshake, || Ok(ServerHandshake::new())) }
}

/// Frees a handshake, and with it all strings and bytes that it gave out; does nothing
/// for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_free(handshake: *mut wslayx_server_handshake) {
    // SAFETY: C frees a handshake once.
    unsafe { free(handshake) };
}

/// Sets how many bytes the head of the request may have, up to and with its blank line;
/// by default 16384. A longer one is answered with 431. Call it before the first byte is
/// fed; for a NULL handshake it does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_config_set_max_head_length(
    handshake: *mut wslayx_server_handshake,
    length: size_t,
) {
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, (), |handshake| handshake.limits_mut().head_length = length) };
}

/// Sets how many header lines the request may have; by default 100. More are answered
/// with 431. Call it before the first byte is fed; for a NULL handshake it does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_config_set_max_header_count(
    handshake: *mut wslayx_server_handshake,
    count: size_t,
) {
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, (), |handshake| handshake.limits_mut().field_count = count) };
}

/// Takes what was read from the client: all of it, in pieces of any size.
///
/// `data` points to `length` bytes, which are copied as far as they are needed. Bytes
/// behind the head of the request are kept for wslayx_server_handshake_read(), also those
/// of later calls; behind a bad request they are dropped.
///
/// Returns a value of `enum wslayx_request`, which stays the same once it is not
/// `WSLAYX_REQUEST_INCOMPLETE`; `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL (`data`
/// may be, when `length` is 0); or `WSLAY_ERR_NOMEM`, after which the handshake can only
/// be freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_feed(
    handshake: *mut wslayx_server_handshake,
    data: *const u8,
    length: size_t,
) -> c_int {
    // SAFETY: C vouches for the bytes.
    let Some(data) = (unsafe { bytes_of(data, length) }) else { return Error::InvalidArgument.code() };
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, Error::InvalidArgument.code(), |handshake| found(handshake.feed(data))) }
}

/// The method of the request, such as "GET".
///
/// This and the strings of the functions below end in a NUL, live until the handshake is
/// freed, and are NULL while the request is incomplete. After a bad request they are
/// there as far as its head could be taken apart.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_get_method(
    handshake: *mut wslayx_server_handshake,
) -> *const c_char {
    // SAFETY: C vouches for the handshake.
    unsafe { string(handshake, ServerHandshake::method) }
}

/// The target of the request, undecoded: path and query, such as "/chat?room=1". Of an
/// absolute http or https URI these are what is left. In a request for a WebSocket it
/// begins with a slash.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_get_target(
    handshake: *mut wslayx_server_handshake,
) -> *const c_char {
    // SAFETY: C vouches for the handshake.
    unsafe { string(handshake, ServerHandshake::target) }
}

/// The host that the request is for, with the port if one was given: the value of Host,
/// or what an absolute URI as target says. Not NULL in a request for a WebSocket.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_get_host(
    handshake: *mut wslayx_server_handshake,
) -> *const c_char {
    // SAFETY: C vouches for the handshake.
    unsafe { string(handshake, ServerHandshake::host) }
}

/// The value of Origin, or NULL. Browsers always send it, and a server that acts on
/// their users' authority must look at it (RFC 6455 section 10.2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_get_origin(
    handshake: *mut wslayx_server_handshake,
) -> *const c_char {
    // SAFETY: C vouches for the handshake.
    unsafe { string(handshake, |handshake| handshake.field(b"Origin", 0)) }
}

/// Subprotocol number `index`, from 0, of those that the client offers, which it prefers
/// in this order; NULL behind the last. No two are the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_get_subprotocol(
    handshake: *mut wslayx_server_handshake,
    index: size_t,
) -> *const c_char {
    // SAFETY: C vouches for the handshake.
    unsafe { string(handshake, |handshake| handshake.subprotocol(index)) }
}

/// The value of a header, without the white space around it.
///
/// `name` is compared without regard to case; where it occurs in several lines, `index`
/// counts them from 0. NULL if there is no such line.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_get_header(
    handshake: *mut wslayx_server_handshake,
    name: *const c_char,
    index: size_t,
) -> *const c_char {
    // SAFETY: C vouches for the string.
    let Some(name) = (unsafe { string_of(name) }) else { return null() };
    // SAFETY: C vouches for the handshake.
    unsafe { string(handshake, |handshake| handshake.field(name, index)) }
}

/// What is wrong with the request, in English, for a log; NULL if nothing is. It holds
/// nothing of what the client sent. After `WSLAYX_REQUEST_HTTP` it says why the request
/// is refused by default.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_get_problem(
    handshake: *mut wslayx_server_handshake,
) -> *const c_char {
    // SAFETY: C vouches for the handshake.
    unsafe { string(handshake, |handshake| handshake.problem()) }
}

/// Adds a header to the response that wslayx_server_handshake_accept() or
/// wslayx_server_handshake_respond() is going to write.
///
/// `name` and `value` are strings, which are copied. The headers that the library writes
/// itself cannot be added: Connection, Content-Length, Host, Transfer-Encoding, Upgrade,
/// and those of the handshake but Sec-WebSocket-Extensions, which a program adds that
/// handles an offered extension itself (see wslay_event_config_set_allowed_rsv_bits()).
///
/// Returns 0; `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL, the name is no token or
/// one of the above, the value has a control character other than a tab (such as a line
/// break) or white space at its ends, or the response is decided; or `WSLAY_ERR_NOMEM`.
/// Unless it returns 0, nothing is added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_add_header(
    handshake: *mut wslayx_server_handshake,
    name: *const c_char,
    value: *const c_char,
) -> c_int {
    // SAFETY: C vouches for the string.
    let name = unsafe { string_of(name) };
    // SAFETY: as above.
    let value = unsafe { string_of(value) };
    let (Some(name), Some(value)) = (name, value) else { return Error::InvalidArgument.code() };
    let add = |handshake: &mut ServerHandshake| status(handshake.add_field(name, value));
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, Error::InvalidArgument.code(), add) }
}

/// Accepts a request for a WebSocket: writes the response that opens it.
///
/// `subprotocol` is one of those that the client offers, or NULL for none. No extension
/// is accepted. When the response is sent, the connection is ready for an event context.
///
/// Returns 0; `WSLAY_ERR_INVALID_ARGUMENT` if the last feed did not return
/// `WSLAYX_REQUEST_WEBSOCKET`, the response is decided, or the subprotocol was not
/// offered; or `WSLAY_ERR_NOMEM`. Unless it returns 0, nothing is written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_accept(
    handshake: *mut wslayx_server_handshake,
    subprotocol: *const c_char,
) -> c_int {
    // SAFETY: C vouches for the string.
    let subprotocol = unsafe { string_of(subprotocol) };
    let accept = |handshake: &mut ServerHandshake| status(handshake.accept(subprotocol));
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, Error::InvalidArgument.code(), accept) }
}

/// Writes an HTTP response, by which the connection ends: a refusal, or whatever else a
/// request that asks for no WebSocket is to get. It replaces the response of the library
/// as long as nothing of that was sent.
///
/// `status_code` is from 200 to 599. `content_type` is the value of Content-Type, or NULL for
/// none. `body` points to `length` bytes, which are copied; 204, 205 and 304 have none,
/// and the response to a HEAD tells their number alone. The headers Connection (close)
/// and, but for 204 and 304, Content-Length are added, for 405 also Allow, and for 426
/// Upgrade and Sec-WebSocket-Version. The request may still be incomplete, say to tell a slow client
/// 408; it is given up and counts as bad.
///
/// Returns 0; `WSLAY_ERR_INVALID_ARGUMENT` if `handshake` is NULL, an argument is none of
/// the above, or the response is decided or on its way; or `WSLAY_ERR_NOMEM`. Unless it
/// returns 0, nothing is written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_respond(
    handshake: *mut wslayx_server_handshake,
    status_code: c_uint,
    content_type: *const c_char,
    body: *const u8,
    length: size_t,
) -> c_int {
    // SAFETY: C vouches for the string.
    let content_type = unsafe { string_of(content_type) };
    // SAFETY: C vouches for the bytes.
    let body = unsafe { bytes_of(body, length) };
    let (Ok(code), Some(body)) = (u16::try_from(status_code), body) else {
        return Error::InvalidArgument.code();
    };
    let respond = |handshake: &mut ServerHandshake| status(handshake.respond(code, content_type, body));
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, Error::InvalidArgument.code(), respond) }
}

/// What of the response is to be sent: a pointer to `*length` bytes, or NULL and 0 when
/// there is nothing to send, now or any more.
///
/// The pointer is valid until the next call that writes a response, of
/// wslayx_server_handshake_sent(), or of wslayx_server_handshake_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_output(
    handshake: *mut wslayx_server_handshake,
    length: *mut size_t,
) -> *const u8 {
    // SAFETY: C vouches for the handshake.
    let output = unsafe { with(handshake, &[][..], |handshake| handshake.output()) };
    // SAFETY: C vouches that `length` is NULL or can be written.
    unsafe { lend(output, length) }
}

/// Says that the first `length` bytes of wslayx_server_handshake_output() were sent.
///
/// Returns 0, or `WSLAY_ERR_INVALID_ARGUMENT` if `handshake` is NULL or there are fewer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_sent(
    handshake: *mut wslayx_server_handshake,
    length: size_t,
) -> c_int {
    let sent = |handshake: &mut ServerHandshake| status(handshake.sent(length));
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, Error::InvalidArgument.code(), sent) }
}

/// Takes the bytes that came behind the head of the request: the client's first frames,
/// or the body of another request.
///
/// Copies up to `length` of them to `buf` and returns how many, 0 when none are left or
/// `handshake` is NULL. The recv callback of an event context calls it before it reads
/// from the connection, so that no byte is lost; and since these bytes do not make the
/// connection readable, wslay_event_recv() is to be called once as soon as the context is
/// there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wslayx_server_handshake_read(
    handshake: *mut wslayx_server_handshake,
    buf: *mut u8,
    length: size_t,
) -> size_t {
    let read_rest = |handshake: &mut ServerHandshake| {
        // SAFETY: C vouches that `buf` points to `length` bytes that can be written.
        unsafe { read(&mut handshake.rest, buf, length) }
    };
    // SAFETY: C vouches for the handshake.
    unsafe { with(handshake, 0, read_rest) }
}
