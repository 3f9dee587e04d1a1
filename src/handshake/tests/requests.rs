//! Requests, and what becomes of them: RFC 6455 section 4.2.1, RFC 9112 sections 2 to 5.

use super::*;
use crate::handshake::Outcome::{Bad, Http, WebSocket};

/// A request, and the outcome with the status of the response that is then ready.
pub struct Case {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub outcome: Outcome,
    pub status: u16,
}

const LINE: &str = "GET /chat HTTP/1.1";

fn case(name: &'static str, bytes: Vec<u8>, outcome: Outcome, status: u16) -> Case {
    Case { name, bytes, outcome, status }
}

fn start(line: &str) -> Vec<u8> {
    request_of(line, &[], &[])
}

/// The field of that name replaced by those lines.
fn instead(name: &str, lines: &[&str]) -> Vec<u8> {
    request_of(LINE, &[name], lines)
}

fn more(lines: &[&str]) -> Vec<u8> {
    request_of(LINE, &[], lines)
}

fn replaced(from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(start(LINE)).unwrap();
    assert!(text.contains(from));
    text.replace(from, to).into_bytes()
}

pub fn all() -> Vec<Case> {
    let mut all = start_lines();
    all.extend(lines());
    all.extend(hosts());
    all.extend(upgrades());
    all.extend(keys_and_versions());
    all.extend(subprotocols());
    all.extend(not_http());
    all
}

fn start_lines() -> Vec<Case> {
    vec![
        case("plain", start(LINE), WebSocket, 0),
        case("version 1.2 is read as 1.1", start("GET /chat HTTP/1.2"), WebSocket, 0),
        case("version 1.9", start("GET /chat HTTP/1.9"), WebSocket, 0),
        case("http URI", start("GET http://other.example/chat HTTP/1.1"), WebSocket, 0),
        case("https URI", start("GET HTTPS://other.example HTTP/1.1"), WebSocket, 0),
        case("ws URI", start("GET ws://other.example/chat HTTP/1.1"), Bad, 400),
        case("URI without host", start("GET http:///chat HTTP/1.1"), Bad, 400),
        case("URI with a user", start("GET http://me@other.example/ HTTP/1.1"), Bad, 400),
        case("no path", start("GET chat HTTP/1.1"), Bad, 400),
        case("GET *", start("GET * HTTP/1.1"), Bad, 400),
        case("GET of an authority", start("GET a.example:80 HTTP/1.1"), Bad, 400),
        case("fragment", start("GET /#top HTTP/1.1"), Bad, 400),
        case("not ASCII", start("GET /\u{e9} HTTP/1.1"), Bad, 400),
        case("POST", start("POST /chat HTTP/1.1"), Bad, 405),
        case("HEAD", start("HEAD /chat HTTP/1.1"), Bad, 405),
        case("get", start("get /chat HTTP/1.1"), Bad, 405),
        case("GETS", start("GETS /chat HTTP/1.1"), Bad, 405),
        case("method is no token", start("G(T /chat HTTP/1.1"), Bad, 400),
        case("space before the method", start(" GET /chat HTTP/1.1"), Bad, 400),
        case("no target", start("GET HTTP/1.1"), Bad, 400),
        case("empty target", start("GET  HTTP/1.1"), Bad, 400),
        case("two spaces before the target", start("GET  /chat HTTP/1.1"), Bad, 400),
        case("two spaces before the version", start("GET /chat  HTTP/1.1"), Bad, 400),
        case("space behind the version", start("GET /chat HTTP/1.1 "), Bad, 400),
        case("space in the target", start("GET /a b HTTP/1.1"), Bad, 400),
        case("tab in the target", start("GET /a\tb HTTP/1.1"), Bad, 400),
        case("tab for a space", start("GET\t/chat HTTP/1.1"), Bad, 400),
        case("no version", start("GET /chat"), Bad, 400),
        case("only a version", start("HTTP/1.1"), Bad, 400),
        case("HTTP/1", start("GET /chat HTTP/1"), Bad, 400),
        case("HTTP/1.1x", start("GET /chat HTTP/1.1x"), Bad, 400),
        case("HTTP/1.10", start("GET /chat HTTP/1.10"), Bad, 400),
        case("http/1.1", start("GET /chat http/1.1"), Bad, 400),
        case("HTTQ/1.1", start("GET /chat HTTQ/1.1"), Bad, 400),
        case("HTTP/0.9", start("GET /chat HTTP/0.9"), Bad, 505),
        case("HTTP/2.0", start("GET /chat HTTP/2.0"), Bad, 505),
        case("preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), Bad, 505),
        case("HTTP/1.0 has no Upgrade", start("GET /chat HTTP/1.0"), Http, 505),
        case("blank line first", [b"\r\n", &start(LINE)[..]].concat(), WebSocket, 0),
        case("two blank lines first", [b"\r\n\r\n", &start(LINE)[..]].concat(), Bad, 400),
    ]
}

fn lines() -> Vec<Case> {
    vec![
        case("unknown fields", more(&["X-A: any: thing", "X-B:", "X-C: \t ", "X-D:d\u{e9}"]), WebSocket, 0),
        case("no space behind the colon", replaced(": ", ":"), WebSocket, 0),
        case("space around values", replaced(": ", ": \t "), WebSocket, 0),
        case("space behind values", replaced("\r\nUp", " \t\r\nUp"), WebSocket, 0),
        case("names in lower case", replaced("Sec-WebSocket", "sec-websocket"), WebSocket, 0),
        case("names in upper case", replaced("Upgrade:", "UPGRADE:"), WebSocket, 0),
        case("space before a colon", replaced("Upgrade:", "Upgrade :"), Bad, 400),
        case("no colon", replaced("Host: ", "Host "), Bad, 400),
        case("no name", more(&[": x"]), Bad, 400),
        case("name is no token", more(&["X(Y): x"]), Bad, 400),
        case("name not ASCII", more(&["X\u{e9}: x"]), Bad, 400),
        case("continued line", replaced(": Upgrade", ": keep-alive,\r\n Upgrade"), Bad, 400),
        case("continued by a tab", more(&["X: a", "\tb"]), Bad, 400),
        case("space before the first name", replaced("Host:", " Host:"), Bad, 400),
        case("LF alone", more(&["X: a\nY: b"]), Bad, 400),
        case("LF alone in the start line", start("GET /\na HTTP/1.1"), Bad, 400),
        case("CR alone", more(&["X: a\rb"]), Bad, 400),
        case("CR CR LF", more(&["X: a\r"]), Bad, 400),
        case("LF for every CR LF", replaced("\r\n", "\n"), Bad, 400),
        case("NUL", more(&["X: a\0b"]), Bad, 400),
        case("DEL", more(&["X: a\x7fb"]), Bad, 400),
        case("escape", more(&["X: a\x1bb"]), Bad, 400),
    ]
}

fn hosts() -> Vec<Case> {
    vec![
        case("port", instead("Host", &["Host: a.example:9000"]), WebSocket, 0),
        case("IPv6", instead("Host", &["Host: [::1]:9000"]), WebSocket, 0),
        case("no Host", instead("Host", &[]), Bad, 400),
        case("empty Host", instead("Host", &["Host:"]), Bad, 400),
        case("two Hosts", more(&["Host: server.example.com"]), Bad, 400),
        case("two words", instead("Host", &["Host: a b"]), Bad, 400),
        case("list of hosts", instead("Host", &["Host: a, b"]), Bad, 400),
        case("user in Host", instead("Host", &["Host: me@a"]), Bad, 400),
        case("path in Host", instead("Host", &["Host: a/b"]), Bad, 400),
        case("plain request without Host", b"GET / HTTP/1.1\r\n\r\n".to_vec(), Bad, 400),
        case("HTTP/1.0 needs none", b"GET / HTTP/1.0\r\n\r\n".to_vec(), Http, 426),
        case("URI needs one, too", b"GET http://a/ HTTP/1.1\r\n\r\n".to_vec(), Bad, 400),
        case("one Origin", more(&["Origin: http://a.example"]), WebSocket, 0),
        case("two Origins", more(&["Origin: http://a.example", "Origin: null"]), Bad, 400),
    ]
}

fn upgrades() -> Vec<Case> {
    let upgrade = |lines| instead("Upgrade", lines);
    let connection = |lines| instead("Connection", lines);
    vec![
        case("WebSocket", upgrade(&["Upgrade: WebSocket"]), WebSocket, 0),
        case("list", upgrade(&["Upgrade: h2c , websocket"]), WebSocket, 0),
        case("repeated Upgrade", more(&["Upgrade: h2c"]), WebSocket, 0),
        case("keep-alive, UPGRADE", connection(&["Connection: keep-alive, UPGRADE"]), WebSocket, 0),
        case("empty elements", connection(&["Connection: ,, upgrade ,"]), WebSocket, 0),
        case("tabs in a list", connection(&["Connection: a\t,\tupgrade"]), WebSocket, 0),
        case(
            "repeated Connection",
            connection(&["Connection: keep-alive", "Connection: Upgrade"]),
            WebSocket,
            0,
        ),
        case("no Upgrade", upgrade(&[]), Http, 426),
        case("other Upgrade", upgrade(&["Upgrade: h2c"]), Http, 426),
        case("websockets", upgrade(&["Upgrade: websockets"]), Http, 426),
        case("web", upgrade(&["Upgrade: web"]), Http, 426),
        case("websocket/13", upgrade(&["Upgrade: websocket/13"]), Http, 426),
        case("POST without Upgrade", request_of("POST / HTTP/1.1", &["Upgrade"], &[]), Http, 405),
        case("OPTIONS *", request_of("OPTIONS * HTTP/1.1", &["Upgrade"], &[]), Http, 405),
        case("CONNECT", request_of("CONNECT a:80 HTTP/1.1", &["Upgrade"], &[]), Http, 405),
        case("no Connection", connection(&[]), Bad, 400),
        case("other Connection", connection(&["Connection: keep-alive"]), Bad, 400),
        case("no list", connection(&["Connection: keep-alive upgrade"]), Bad, 400),
        case("no body", more(&["Content-Length: 0"]), WebSocket, 0),
        case("body", more(&["Content-Length: 5"]), Bad, 400),
        case("length is no number", more(&["Content-Length: 0, 5"]), Bad, 400),
        case("two lengths", more(&["Content-Length: 0", "Content-Length: 5"]), Bad, 400),
        case("chunks", more(&["Transfer-Encoding: chunked"]), Bad, 400),
    ]
}

fn keys_and_versions() -> Vec<Case> {
    let version = |lines| instead("Sec-WebSocket-Version", lines);
    let key = |lines| instead("Sec-WebSocket-Key", lines);
    vec![
        case("no version of WebSocket", version(&[]), Bad, 426),
        case("version 8", version(&["Sec-WebSocket-Version: 8"]), Bad, 426),
        case("version 130", version(&["Sec-WebSocket-Version: 130"]), Bad, 426),
        case("version 013", version(&["Sec-WebSocket-Version: 013"]), Bad, 426),
        case("versions 13 and 8", version(&["Sec-WebSocket-Version: 13, 8"]), Bad, 426),
        case("two versions", more(&["Sec-WebSocket-Version: 13"]), Bad, 400),
        case("no key", key(&[]), Bad, 400),
        case("empty key", key(&["Sec-WebSocket-Key:"]), Bad, 400),
        case("two keys", more(&["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]), Bad, 400),
        case("15 bytes", key(&["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA"]), Bad, 400),
        case("17 bytes", key(&["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAA="]), Bad, 400),
        case("no base64", key(&["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!Q=="]), Bad, 400),
        case("no padding", key(&["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ"]), Bad, 400),
        case("other version, other key", key(&["Sec-WebSocket-Version: 14"]), Bad, 400),
        case(
            "a later version may have no key",
            request_of(LINE, &["Sec-WebSocket-Key", "Sec-WebSocket-Version"], &["Sec-WebSocket-Version: 14"]),
            Bad,
            426,
        ),
    ]
}

fn subprotocols() -> Vec<Case> {
    vec![
        case("one", more(&["Sec-WebSocket-Protocol: chat"]), WebSocket, 0),
        case("two", more(&["Sec-WebSocket-Protocol: chat ,, v2.chat,"]), WebSocket, 0),
        case("two lines", more(&["Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b"]), WebSocket, 0),
        case("case matters", more(&["Sec-WebSocket-Protocol: chat, Chat"]), WebSocket, 0),
        case("the same twice", more(&["Sec-WebSocket-Protocol: chat, v2, chat"]), Bad, 400),
        case(
            "the same in two lines",
            more(&["Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: a"]),
            Bad,
            400,
        ),
        case("no tokens", more(&["Sec-WebSocket-Protocol: chat v2"]), Bad, 400),
        case("quoted", more(&["Sec-WebSocket-Protocol: \"chat\""]), Bad, 400),
        case("none in the list", more(&["Sec-WebSocket-Protocol: ,"]), Bad, 400),
        case("extensions", more(&["Sec-WebSocket-Extensions: permessage-deflate"]), WebSocket, 0),
    ]
}

/// What is not HTTP is known before a blank line.
fn not_http() -> Vec<Case> {
    vec![
        case("TLS", b"\x16\x03\x01\x02\x00\x01".to_vec(), Bad, 400),
        case("SSH", b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(), Bad, 400),
        case("a word", b"hello\r\n".to_vec(), Bad, 400),
        case("HTTP/0.9", b"GET /\r\n".to_vec(), Bad, 400),
        case("a frame", b"\x81\x85\x01\x02\x03\x04".to_vec(), Bad, 400),
        case("a line end", b"\n".to_vec(), Bad, 400),
    ]
}

#[test]
fn each_request_gets_what_it_deserves() {
    for case in all() {
        let (server, outcome) = server_fed(&case.bytes);
        let status = status_of(server.output());
        assert_eq!((outcome, status), (case.outcome, case.status), "{}", case.name);
        assert_eq!(server.problem().is_some(), outcome != WebSocket, "{}", case.name);
    }
}

#[test]
fn an_incomplete_request_is_no_bad_one() {
    for case in all().iter().filter(|case| case.outcome == WebSocket) {
        for length in 0..case.bytes.len() {
            let (server, outcome) = server_fed(&case.bytes[..length]);
            assert_eq!(outcome, Outcome::Incomplete, "{} cut at {length}", case.name);
            assert!(server.output().is_empty() && server.method().is_none());
        }
    }
}

#[test]
fn fed_again_it_stays_what_it_was() {
    for case in all() {
        let (mut server, _) = server_fed(&case.bytes);
        let response = server.output().to_vec();
        for more in [&start(LINE)[..], b"", b"\r\n\r\n"] {
            assert_eq!(server.feed(more), Ok(case.outcome), "{}", case.name);
        }
        assert_eq!(server.output(), response, "{}", case.name);
    }
}
