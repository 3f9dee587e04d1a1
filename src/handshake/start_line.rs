//! The first line of a request and of a response (RFC 9112 sections 3 and 4).

use super::Problem;
use super::fields::{Head, Part};
use super::syntax;

const NOT_HTTP: Problem = Problem::bad(c"the first line is none of HTTP");
const OTHER_VERSION: Problem = Problem::new(505, c"not HTTP/1");

/// The parts of a request line, as C strings.
#[derive(Clone, Copy)]
pub struct RequestLine {
    pub method: Part,
    /// The target as it came, or path and query of an absolute URI.
    pub target: Part,
    /// The authority of an absolute URI.
    pub authority: Option<Part>,
    /// HTTP/1.0, which has no Upgrade.
    pub is_http_1_0: bool,
}

/// Takes a request line apart.
///
/// # Errors
/// What makes it none, or one of another version.
pub fn request_line(head: &mut Head, line: Part) -> Result<RequestLine, Problem> {
    let bytes = head.bytes(line);
    let method_length = bytes.iter().position(|&byte| byte == b' ').ok_or(NOT_HTTP)?;
    let (before_version, version) = bytes.split_last_chunk::<9>().ok_or(NOT_HTTP)?;
    let Some(b" ") = version.get(..1) else { return Err(NOT_HTTP) };
    let minor = minor_version(version.get(1..).unwrap_or_default())?;
    let (method, target) = before_version.split_at_checked(method_length).ok_or(NOT_HTTP)?;
    let Some((b' ', target)) = target.split_first() else { return Err(NOT_HTTP) };
    if !syntax::is_token(method) || target.is_empty() || !target.iter().all(u8::is_ascii_graphic) {
        return Err(NOT_HTTP);
    }
    let method = Part { start: line.start, end: line.start + method_length };
    let target = Part { start: method.end + 1, end: method.end + 1 + target.len() };
    head.terminate(method);
    let (authority, target) = split_absolute(head, target);
    head.terminate(target);
    Ok(RequestLine { method, target, authority, is_http_1_0: minor == b'0' })
}

/// The minor version's digit. Those above 1 are read as 1 (RFC 9110 section 2.5).
fn minor_version(version: &[u8]) -> Result<u8, Problem> {
    match version {
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor] if minor.is_ascii_digit() => Ok(*minor),
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            Err(OTHER_VERSION)
        }
        _ => Err(NOT_HTTP),
    }
}

/// Splits an absolute `http` or `https` URI into authority and resource name (RFC 9112
/// section 3.2.2); any other target stays whole. The authority is moved over the two
/// slashes before it, which makes room for a NUL, and for a path where there is none.
fn split_absolute(head: &mut Head, target: Part) -> (Option<Part>, Part) {
    let uri = head.bytes_mut(target);
    let scheme = [&b"http://"[..], b"https://"]
        .into_iter()
        .find(|scheme| uri.get(..scheme.len()).is_some_and(|start| syntax::is_same(start, scheme)));
    let Some(scheme) = scheme else { return (None, target) };
    let behind_scheme = uri.get(scheme.len()..).unwrap_or_default();
    let length = behind_scheme.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(behind_scheme.len());
    let start = scheme.len() - 2;
    let mut resource = scheme.len() + length;
    for at in start..start + length {
        if let [to, _, from] = uri.get_mut(at..at + 3).unwrap_or_default() {
            *to = *from;
        }
    }
    if uri.get(resource) != Some(&b'/') {
        resource -= 1;
        if let Some(slash) = uri.get_mut(resource) {
            *slash = b'/';
        }
    }
    let authority = Part { start: target.start + start, end: target.start + start + length };
    head.terminate(authority);
    (Some(authority), Part { start: target.start + resource, end: target.end })
}

/// Takes a status line apart; gives the status.
///
/// # Errors
/// What makes it none, or one of another version.
pub fn status_line(head: &Head, line: Part) -> Result<u16, Problem> {
    let (version, rest) = head.bytes(line).split_at_checked(8).ok_or(NOT_HTTP)?;
    let minor = minor_version(version)?;
    let [b' ', hundreds @ b'1'..=b'9', tens @ b'0'..=b'9', ones @ b'0'..=b'9', reason @ ..] = rest else {
        return Err(NOT_HTTP);
    };
    let digit = |digit: &u8| u16::from(digit - b'0');
    let status = digit(hundreds) * 100 + digit(tens) * 10 + digit(ones);
    match (reason, minor, status) {
        ([] | [b' ', ..], b'1'.., _) | ([] | [b' ', ..], _, 200..) => Ok(status),
        _ => Err(NOT_HTTP),
    }
}
