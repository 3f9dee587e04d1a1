//! A server's responses.

use super::Problem;
use super::lines::{self, Decimal, END};
use crate::accept_key;
use crate::mem::{Buffer, OutOfMemory};

/// A response other than the one that opens a WebSocket. The connection ends with it.
pub struct Answer<'a> {
    pub status: u16,
    pub content_type: Option<&'a [u8]>,
    pub body: &'a [u8],
    /// Whether the request was a HEAD: the body is then measured and left out (RFC 9110
    /// section 9.3.2).
    pub to_head: bool,
}

/// Writes the response that opens a WebSocket (RFC 6455 section 4.2.2, item 5). `fields`
/// are whole header lines.
///
/// # Errors
/// [`OutOfMemory`].
pub fn open(
    accept: &[u8; accept_key::LENGTH],
    subprotocol: Option<&[u8]>,
    fields: &[u8],
) -> Result<Buffer<u8>, OutOfMemory> {
    let mut response = Buffer::new();
    let start = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    lines::append(&mut response, &[start, b"Sec-WebSocket-Accept: ", accept, END])?;
    if let Some(subprotocol) = subprotocol {
        lines::append(&mut response, &[b"Sec-WebSocket-Protocol: ", subprotocol, END])?;
    }
    lines::append(&mut response, &[fields, END])?;
    Ok(response)
}

/// Writes another response. `fields` are whole header lines.
///
/// # Errors
/// [`OutOfMemory`].
pub fn refuse(answer: &Answer<'_>, fields: &[u8]) -> Result<Buffer<u8>, OutOfMemory> {
    let mut response = Buffer::new();
    let status = Decimal::new(answer.status.into());
    lines::append(&mut response, &[b"HTTP/1.1 ", status.as_bytes(), b" ", reason(answer.status), END])?;
    lines::append(&mut response, &[required_fields(answer.status), fields])?;
    if let Some(content_type) = answer.content_type {
        lines::append(&mut response, &[b"Content-Type: ", content_type, END])?;
    }
    // A 304 would tell the length of what the client has already (RFC 9110 section 8.6).
    if !matches!(answer.status, 204 | 304) {
        let length = Decimal::new(answer.body.len());
        lines::append(&mut response, &[b"Content-Length: ", length.as_bytes(), END])?;
    }
    lines::append(&mut response, &[END, if answer.to_head { b"" } else { answer.body }])?;
    Ok(response)
}

/// Writes the response that tells a peer what it did wrong.
///
/// # Errors
/// [`OutOfMemory`].
pub fn tell(problem: Problem, to_head: bool) -> Result<Buffer<u8>, OutOfMemory> {
    let mut body = Buffer::new();
    lines::append(&mut body, &[problem.text.to_bytes(), b"\n"])?;
    let (status, body) = (problem.status, body.as_slice());
    refuse(&Answer { status, content_type: Some(b"text/plain"), body, to_head }, b"")
}

/// Whether a response of that status ends the exchange and can be written here.
pub fn is_final_status(status: u16) -> bool {
    (200..=599).contains(&status)
}

/// Whether a response of that status has a body (RFC 9110 section 6.4.1).
pub fn may_have_body(status: u16) -> bool {
    !matches!(status, 204 | 205 | 304)
}

/// The header lines that a status asks for, and the end of the connection.
fn required_fields(status: u16) -> &'static [u8] {
    match status {
        405 => b"Allow: GET\r\nConnection: close\r\n",
        426 => b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nConnection: close, Upgrade\r\n",
        _ => b"Connection: close\r\n",
    }
}

/// The reason phrase; it may be empty (RFC 9112 section 4).
fn reason(status: u16) -> &'static [u8] {
    match status {
        200 => b"OK",
        204 => b"No Content",
        301 => b"Moved Permanently",
        302 => b"Found",
        303 => b"See Other",
        304 => b"Not Modified",
        307 => b"Temporary Redirect",
        308 => b"Permanent Redirect",
        400 => b"Bad Request",
        401 => b"Unauthorized",
        403 => b"Forbidden",
        404 => b"Not Found",
        405 => b"Method Not Allowed",
        408 => b"Request Timeout",
        421 => b"Misdirected Request",
        426 => b"Upgrade Required",
        429 => b"Too Many Requests",
        431 => b"Request Header Fields Too Large",
        500 => b"Internal Server Error",
        503 => b"Service Unavailable",
        505 => b"HTTP Version Not Supported",
        _ => b"",
    }
}
