//! A request, cut in any way, comes to the same outcome; it is taken for a WebSocket
//! exactly if a judge built on httparse says so; and what the program sees of it is what
//! httparse sees.
//!
//! The fuzzer's bytes: how many piece sizes follow, the sizes, and what the client sends.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::ffi::CString;
use wslay_fuzz::handshake::*;
use wslay_fuzz::heap_in_use;

/// All that a program can see, whatever the pieces were.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    found: i32,
    request: [Option<Vec<u8>>; 4],
    subprotocols: Vec<Vec<u8>>,
    problem: Option<Vec<u8>>,
    output: Vec<u8>,
    rest: Vec<u8>,
}

fn see(server: &mut Server, found: i32, room: usize) -> Seen {
    Seen {
        found,
        request: server.request(),
        subprotocols: server.subprotocols(),
        problem: server.problem(),
        output: server.output(),
        rest: server.read_all(room),
    }
}

struct Head<'a> {
    request: httparse::Request<'a, 'a>,
    length: usize,
}

fn is_host(host: &[u8]) -> bool {
    let other = b"-._~%!$&'()*+;=:[]";
    !host.is_empty() && host.iter().all(|byte| byte.is_ascii_alphanumeric() || other.contains(byte))
}

/// The host in the target, if that is an absolute URI, and the target without it.
fn split_target(head: &Head) -> (Option<Vec<u8>>, Vec<u8>) {
    let target = head.request.path.unwrap();
    let scheme = ["http://", "https://"]
        .into_iter()
        .find(|scheme| target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let Some(scheme) = scheme else { return (None, target.into()) };
    let rest = &target[scheme.len()..];
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let slash = if rest[end..].starts_with('/') { "" } else { "/" };
    (Some(rest[..end].into()), format!("{slash}{}", &rest[end..]).into())
}

/// What a well-formed request comes to: RFC 6455 section 4.2.1.
fn judge(head: &Head) -> i32 {
    let headers = &head.request.headers;
    let sole = |name| match values(headers, name)[..] {
        [value] => Some(value),
        _ => None,
    };
    let lists = |name, element: &str| {
        elements(headers, name).iter().any(|listed| listed.eq_ignore_ascii_case(element.as_bytes()))
    };
    let is_get = head.request.method == Some("GET");
    let old = head.request.version == Some(0);
    let host = sole("Host").is_some_and(is_host) || (old && values(headers, "Host").is_empty());
    let (uri_host, resource) = split_target(head);
    let resource = resource.starts_with(b"/") && !resource.contains(&b'#');
    let sound = host && uri_host.as_deref().is_none_or(is_host) && (resource || !is_get);
    if !sound || values(headers, "Origin").len() > 1 {
        return BAD;
    }
    if old || !lists("Upgrade", "websocket") {
        return HTTP;
    }
    let key = sole("Sec-WebSocket-Key").unwrap_or_default();
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
    let key = key.len() == 24 && key.ends_with(b"==") && key[..22].iter().all(is_digit);
    let offered = elements(headers, "Sec-WebSocket-Protocol");
    let distinct = offered.iter().collect::<std::collections::HashSet<_>>().len() == offered.len();
    let subprotocols = distinct
        && offered.len() <= 100
        && offered.iter().all(|name| is_token(name))
        && offered.is_empty() == values(headers, "Sec-WebSocket-Protocol").is_empty();
    let body = values(headers, "Content-Length").iter().any(|length| *length != b"0")
        || !values(headers, "Transfer-Encoding").is_empty();
    let good = is_get
        && lists("Connection", "upgrade")
        && sole("Sec-WebSocket-Version") == Some(b"13")
        && key
        && subprotocols
        && !body;
    if good { WEBSOCKET } else { BAD }
}

/// That the library has found what httparse and the judge say.
fn compare(server: &Server, stream: &[u8], seen: &Seen) {
    let mut headers = [httparse::EMPTY_HEADER; 101];
    let mut request = httparse::Request::new(&mut headers);
    let parsed = request.parse(stream);
    let Ok(httparse::Status::Complete(length)) = parsed else {
        // What httparse does not take opens nothing, but that it knows no HTTP/1.2.
        assert!(seen.found == BAD || seen.found == INCOMPLETE || has_higher_version(stream));
        return;
    };
    let blank = stream.starts_with(b"\r\n\r\n") || stream.starts_with(b"\n");
    let target = request.path.unwrap();
    let sound = has_sound_bytes(&stream[..length])
        && !blank
        && length <= 16384
        && request.headers.len() <= 100
        && target.bytes().all(|byte| byte.is_ascii_graphic());
    if !sound {
        assert_eq!(seen.found, BAD);
        return;
    }
    let head = Head { request, length };
    assert_eq!(seen.found, judge(&head), "{:?}", head.request);
    if seen.found != BAD {
        compare_parts(server, &head, stream, seen);
    }
}

fn compare_parts(server: &Server, head: &Head, stream: &[u8], seen: &Seen) {
    let headers = &head.request.headers;
    let [method, target, host, _] = &seen.request;
    assert_eq!(method.as_deref(), head.request.method.map(str::as_bytes));
    let (uri_host, resource) = split_target(head);
    let field = values(headers, "Host").first().map(|value| value.to_vec());
    assert_eq!((target, host), (&Some(resource), &uri_host.or(field)));
    assert_eq!(seen.rest, stream[head.length..]);
    for header in headers.iter() {
        let name = CString::new(header.name).unwrap();
        let same = values(headers, header.name);
        let shown: Vec<_> = (0..same.len()).map(|index| server.header(&name, index).unwrap()).collect();
        assert_eq!(shown, same);
        assert_eq!(server.header(&name, same.len()), None);
    }
    if seen.found == WEBSOCKET {
        assert_eq!(seen.subprotocols, elements(headers, "Sec-WebSocket-Protocol"));
    }
}

/// That a response is one, of which httparse sees the whole.
fn check_response(response: &[u8], statuses: &[u16]) {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut parsed = httparse::Response::new(&mut headers);
    let Ok(httparse::Status::Complete(length)) = parsed.parse(response) else {
        panic!("{:?}", String::from_utf8_lossy(response));
    };
    assert!(has_sound_bytes(&response[..length]) && statuses.contains(&parsed.code.unwrap()));
    if parsed.code != Some(101) {
        assert_eq!(values(parsed.headers, "Content-Length").len(), 1);
    }
}

fn check_answers(server: &mut Server, seen: &Seen) {
    match seen.found {
        INCOMPLETE => assert!(seen.output.is_empty() && seen.problem.is_none()),
        WEBSOCKET => {
            assert!(seen.output.is_empty() && seen.problem.is_none());
            assert_ne!(server.accept(Some(b"not offered")), 0);
            assert_eq!(server.accept(seen.subprotocols.last().map(Vec::as_slice)), 0);
            check_response(&server.output(), &[101]);
        }
        HTTP => {
            check_response(&seen.output, &[405, 426, 505]);
            assert_ne!(server.accept(None), 0);
            assert_eq!(server.respond(200, b"page"), 0);
            check_response(&server.output(), &[200]);
        }
        _ => check_response(&seen.output, &[400, 405, 426, 431, 505]),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&count, rest)) = bytes.split_first() else { return };
    let (sizes, stream) = rest.split_at(usize::from(count % 8).min(rest.len()));
    let heap = heap_in_use();
    let mut whole = Server::new();
    let found = whole.feed(stream);
    let held = heap_in_use().saturating_sub(heap);
    assert!(held <= 8192 + 40 * stream.len(), "{held} bytes for {}", stream.len());
    let seen = see(&mut whole, found, 1000);
    let mut pieces = Server::new();
    let found = pieces.feed_in_pieces(stream, sizes);
    assert_eq!(see(&mut pieces, found, 1 + usize::from(count) / 8), seen);
    compare(&whole, stream, &seen);
    check_answers(&mut whole, &seen);
});
