//! Whether a request asks for a WebSocket, and does so as RFC 6455 section 4.2.1 wants it.

use super::fields::Head;
use super::lines::append;
use super::start_line::RequestLine;
use super::syntax;
use super::{Failure, Problem};
use crate::accept_key::{self, accept_key};
use crate::mem::Buffer;

const TWO_HOSTS: Problem = Problem::bad(c"more than one Host");
const NO_HOST: Problem = Problem::bad(c"no Host, or one that is no host");
const NO_RESOURCE: Problem = Problem::bad(c"the target is no path and no http URI");
const TWO_ORIGINS: Problem = Problem::bad(c"more than one Origin");
const NOT_GET: Problem = Problem::new(405, c"the method is not GET");
const NO_CONNECTION: Problem = Problem::bad(c"Connection does not list Upgrade");
const TWO_VERSIONS: Problem = Problem::bad(c"more than one Sec-WebSocket-Version");
const OTHER_VERSION: Problem = Problem::new(426, c"Sec-WebSocket-Version is not 13");
const BAD_KEY: Problem = Problem::bad(c"Sec-WebSocket-Key is not 16 bytes in base64");
const HAS_BODY: Problem = Problem::bad(c"a body in a request for a WebSocket");
const BAD_SUBPROTOCOL: Problem = Problem::bad(c"Sec-WebSocket-Protocol is no list of different tokens");
const TOO_MANY_SUBPROTOCOLS: Problem = Problem::new(431, c"too many subprotocols");
/// HTTP/1.0 has no Upgrade (RFC 9110 section 7.8).
const HTTP_1_0: Problem = Problem::new(505, c"HTTP/1.0 has no WebSockets");
const NO_UPGRADE: Problem = Problem::new(426, c"only WebSockets are served here");

/// The comparison of each with each stays cheap.
const SUBPROTOCOLS_MAX: usize = 100;

/// A request's head.
pub struct Request {
    pub line: RequestLine,
    pub head: Head,
}

impl Request {
    fn is_get(&self) -> bool {
        self.head.bytes(self.line.method) == b"GET"
    }
}

/// What a well-formed request is.
pub enum Kind {
    /// One for a WebSocket. The value answers its key.
    WebSocket { accept: [u8; accept_key::LENGTH], subprotocols: Buffer<u8> },
    /// Another HTTP request, and why a server that serves WebSockets alone refuses it.
    Http(Problem),
}

/// Says what `request` is.
///
/// # Errors
/// What is wrong with it.
pub fn judge(request: &Request) -> Result<Kind, Failure> {
    check_http(request)?;
    let head = &request.head;
    let upgrades = head.lists(b"Upgrade", b"websocket");
    if !upgrades || request.line.is_http_1_0 {
        return Ok(Kind::Http(match (request.is_get(), upgrades) {
            (false, _) => NOT_GET,
            (true, true) => HTTP_1_0,
            (true, false) => NO_UPGRADE,
        }));
    }
    if !request.is_get() {
        return Err(NOT_GET.into());
    }
    if !head.lists(b"Connection", b"upgrade") {
        return Err(NO_CONNECTION.into());
    }
    check_version(head)?;
    let accept = head.sole_value(b"Sec-WebSocket-Key").and_then(accept_key).ok_or(BAD_KEY)?;
    check_no_body(head)?;
    Ok(Kind::WebSocket { accept, subprotocols: subprotocols(head)? })
}

/// What is asked of any request.
fn check_http(request: &Request) -> Result<(), Problem> {
    let Request { head, line } = request;
    match head.count(b"Host") {
        0 if line.is_http_1_0 => {}
        0 | 1 if head.sole_value(b"Host").is_some_and(syntax::is_host) => {}
        0 | 1 => return Err(NO_HOST),
        _ => return Err(TWO_HOSTS),
    }
    if !line.authority.is_none_or(|authority| syntax::is_host(head.bytes(authority))) {
        return Err(NO_HOST);
    }
    if request.is_get() && !syntax::is_resource(head.bytes(line.target)) {
        return Err(NO_RESOURCE);
    }
    if head.count(b"Origin") > 1 { Err(TWO_ORIGINS) } else { Ok(()) }
}

/// RFC 6455 section 4.2.1, item 6, and 4.4. It is judged before what another version
/// might have defined otherwise.
fn check_version(head: &Head) -> Result<(), Problem> {
    const NAME: &[u8] = b"Sec-WebSocket-Version";
    match head.sole_value(NAME) {
        Some(b"13") => Ok(()),
        None if head.count(NAME) > 1 => Err(TWO_VERSIONS),
        _ => Err(OTHER_VERSION),
    }
}

/// A body would be taken for frames.
fn check_no_body(head: &Head) -> Result<(), Problem> {
    let empty = head.values(b"Content-Length").all(|length| length == b"0");
    if empty && head.count(b"Transfer-Encoding") == 0 { Ok(()) } else { Err(HAS_BODY) }
}

/// The subprotocols offered, each with a NUL behind it (RFC 6455 section 4.1, item 10).
fn subprotocols(head: &Head) -> Result<Buffer<u8>, Failure> {
    const NAME: &[u8] = b"Sec-WebSocket-Protocol";
    let (mut offered, mut count) = (Buffer::new(), 0);
    for value in head.values(NAME) {
        for subprotocol in syntax::elements(value) {
            if count == SUBPROTOCOLS_MAX {
                return Err(TOO_MANY_SUBPROTOCOLS.into());
            }
            count += 1;
            let again = offered.as_slice().split(|&byte| byte == 0).any(|other| other == subprotocol);
            if again || !syntax::is_token(subprotocol) {
                return Err(BAD_SUBPROTOCOL.into());
            }
            append(&mut offered, &[subprotocol, b"\0"])?;
        }
    }
    if offered.is_empty() && head.count(NAME) > 0 { Err(BAD_SUBPROTOCOL.into()) } else { Ok(offered) }
}
