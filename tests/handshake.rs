//! Both ends of the opening handshake through the C functions, as a C program calls them:
//! Miri looks on.

#![allow(clippy::multiple_unsafe_ops_per_block)]

use std::ffi::{CStr, c_char};
use std::ptr::{null, null_mut};
use wslay::capi::handshake::*;

/// A string of the library's; nothing for NULL.
///
/// # Safety
/// `string` is NULL or lives as long as it is used.
unsafe fn string<'a>(string: *const c_char) -> Option<&'a CStr> {
    // SAFETY: the caller vouches for it.
    (!string.is_null()).then(|| unsafe { CStr::from_ptr(string) })
}

/// A handshake's output and what takes it away, of either end.
type Output<T> = unsafe extern "C" fn(*mut T, *mut usize) -> *const u8;
type Sent<T> = unsafe extern "C" fn(*mut T, usize) -> i32;

/// Gives what is to be sent to `receive`, `piece` bytes at a time.
fn send<T>(from: *mut T, output: Output<T>, sent: Sent<T>, piece: usize, mut receive: impl FnMut(&[u8])) {
    loop {
        let mut length = 0;
        // SAFETY: the handshake is alive.
        let bytes = unsafe { output(from, &raw mut length) };
        if bytes.is_null() {
            return;
        }
        let count = length.min(piece);
        // SAFETY: the library vouches for the bytes until `sent` is called.
        receive(unsafe { std::slice::from_raw_parts(bytes, count) });
        // SAFETY: the handshake is alive.
        assert_eq!(unsafe { sent(from, count) }, 0);
    }
}

fn new_server() -> *mut wslayx_server_handshake {
    let mut server = null_mut();
    // SAFETY: the pointer can be written.
    assert_eq!(unsafe { wslayx_server_handshake_init(&raw mut server) }, 0);
    server
}

fn feed_server(server: *mut wslayx_server_handshake, bytes: &[u8]) -> i32 {
    // SAFETY: the handshake is alive, and the bytes are there.
    unsafe { wslayx_server_handshake_feed(server, bytes.as_ptr(), bytes.len()) }
}

#[test]
fn strings_live_until_the_free() {
    let server = new_server();
    let request = b"GET http://b.example/x HTTP/1.1\r\nHost: a\r\nX-A: b\r\nUpgrade: websocket\r\n\
        Connection: upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat\r\n\r\nframes";
    request.iter().for_each(|byte| assert!(feed_server(server, &[*byte]) >= 0));
    // SAFETY: the handshake is alive, and what it gives lives as long.
    unsafe {
        let host = string(wslayx_server_handshake_get_host(server));
        let target = string(wslayx_server_handshake_get_target(server));
        let subprotocol = string(wslayx_server_handshake_get_subprotocol(server, 0));
        let header = string(wslayx_server_handshake_get_header(server, c"x-a".as_ptr(), 0));
        assert_eq!(feed_server(server, &[0; 1000]), wslayx_request::WSLAYX_REQUEST_WEBSOCKET as i32);
        assert_eq!(wslayx_server_handshake_accept(server, subprotocol.unwrap().as_ptr()), 0);
        let (output, sent) = (wslayx_server_handshake_output, wslayx_server_handshake_sent);
        let mut response = Vec::new();
        send(server, output, sent, 9, |bytes| response.extend_from_slice(bytes));
        assert!(response.starts_with(b"HTTP/1.1 101 "));
        let mut rest = [0; 2000];
        assert_eq!(wslayx_server_handshake_read(server, rest.as_mut_ptr(), 2000), 1006);
        assert!(rest.starts_with(b"frames\0"));
        assert_eq!(wslayx_server_handshake_read(server, rest.as_mut_ptr(), 2000), 0);
        assert_eq!((host, target), (Some(c"b.example"), Some(c"/x")));
        assert_eq!((subprotocol, header), (Some(c"chat"), Some(c"b")));
        wslayx_server_handshake_free(server);
    }
}

#[test]
fn the_two_ends_agree() {
    let server = new_server();
    let mut client = null_mut();
    let (host, target, subprotocols) = (c"a.example".as_ptr(), c"/".as_ptr(), c"chat, v2".as_ptr());
    // SAFETY: the strings are there, and the pointer can be written.
    let status = unsafe { wslayx_client_handshake_init(&raw mut client, host, target, subprotocols) };
    assert_eq!(status, 0);
    let (output, sent) = (wslayx_client_handshake_output, wslayx_client_handshake_sent);
    // SAFETY: the client is alive, and the strings are there.
    assert_eq!(unsafe { wslayx_client_handshake_add_header(client, c"Cookie".as_ptr(), c"a=b".as_ptr()) }, 0);
    send(client, output, sent, 50, |bytes| assert!(feed_server(server, bytes) >= 0));
    // SAFETY: both are alive, and the strings are there.
    unsafe {
        assert_eq!(wslayx_server_handshake_accept(server, c"v3".as_ptr()), -300);
        assert_eq!(wslayx_server_handshake_accept(server, c"v2".as_ptr()), 0);
        let (output, sent) = (wslayx_server_handshake_output, wslayx_server_handshake_sent);
        send(server, output, sent, 50, |bytes| {
            assert!(wslayx_client_handshake_feed(client, bytes.as_ptr(), bytes.len()) >= 0);
        });
        assert_eq!(wslayx_client_handshake_get_status(client), 101);
        assert_eq!(string(wslayx_client_handshake_get_subprotocol(client)), Some(c"v2"));
        assert_eq!(string(wslayx_client_handshake_get_problem(client)), None);
        wslayx_client_handshake_free(client);
        wslayx_server_handshake_free(server);
    }
}

#[test]
fn answers_to_other_requests() {
    let server = new_server();
    let found = feed_server(server, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(found, wslayx_request::WSLAYX_REQUEST_HTTP as i32);
    let page = b"<p>hello";
    // SAFETY: the handshake is alive, and the bytes and strings are there.
    unsafe {
        let add = |value: &CStr| wslayx_server_handshake_add_header(server, c"X-A".as_ptr(), value.as_ptr());
        assert_eq!((add(c"a\r\nX-B: b"), add(c"b")), (-300, 0));
        let respond =
            |body, length| wslayx_server_handshake_respond(server, 200, c"text/html".as_ptr(), body, length);
        assert_eq!(respond(null(), 1), -300);
        assert_eq!(respond(page.as_ptr(), page.len()), 0);
        assert_eq!(wslayx_server_handshake_sent(server, 1000), -300);
        wslayx_server_handshake_free(server);
        wslayx_server_handshake_free(null_mut());
    }
}

#[test]
fn the_body_may_be_taken_from_the_response_that_it_replaces() {
    let server = new_server();
    feed_server(server, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    // SAFETY: the handshake is alive, and the bytes and strings are there.
    unsafe {
        let mut length = 0;
        let ready = wslayx_server_handshake_output(server, &raw mut length);
        assert_eq!(wslayx_server_handshake_respond(server, 404, null(), ready.add(length - 5), 5), 0);
        let response = wslayx_server_handshake_output(server, &raw mut length);
        assert_eq!(std::slice::from_raw_parts(response.add(length - 9), 9), b"\r\n\r\nhere\n");
        wslayx_server_handshake_free(server);
    }
}
