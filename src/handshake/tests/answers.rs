//! What a server may answer, and what is then sent.

use super::*;
use crate::error::Error::InvalidArgument;

fn websocket(lines: &[&str]) -> ServerHandshake {
    server_fed(&request_of("GET / HTTP/1.1", &[], lines)).0
}

fn plain(line: &str) -> ServerHandshake {
    server_fed(&request_of(line, &["Upgrade", "Connection"], &[])).0
}

fn text(server: &ServerHandshake) -> &str {
    std::str::from_utf8(server.output()).unwrap()
}

#[test]
fn accepting_opens_the_websocket() {
    let mut server = websocket(&["Sec-WebSocket-Protocol: chat, v2"]);
    assert!(server.output().is_empty());
    server.add_field(b"X-A", b"b c").unwrap();
    server.accept(Some(b"v2")).unwrap();
    let expected = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {ACCEPT}\r\nSec-WebSocket-Protocol: v2\r\nX-A: b c\r\n\r\n"
    );
    assert_eq!(text(&server), expected);
}

#[test]
fn the_response_is_sent_in_pieces() {
    let mut server = websocket(&[]);
    server.accept(None).unwrap();
    let whole = server.output().to_vec();
    let mut sent = Vec::new();
    while !server.output().is_empty() {
        sent.push(server.output()[0]);
        assert_eq!(server.sent(server.output().len() + 1), Err(InvalidArgument));
        server.sent(1).unwrap();
        server.sent(0).unwrap();
    }
    assert_eq!(sent, whole);
    assert_eq!(server.sent(1), Err(InvalidArgument));
}

#[test]
fn only_an_offered_subprotocol_is_accepted() {
    for chosen in [&b"other"[..], b"", b"CHAT", b"cha", b"chat\0v2", b"chat, v2"] {
        let mut server = websocket(&["Sec-WebSocket-Protocol: chat, v2"]);
        assert_eq!(server.accept(Some(chosen)), Err(InvalidArgument), "{chosen:?}");
        assert!(server.output().is_empty());
        server.accept(Some(b"chat")).unwrap();
    }
    assert_eq!(websocket(&[]).accept(Some(b"chat")), Err(InvalidArgument));
}

#[test]
fn nothing_else_is_accepted() {
    let mut incomplete = ServerHandshake::new();
    assert_eq!(incomplete.accept(None), Err(InvalidArgument));
    assert_eq!(plain("GET / HTTP/1.1").accept(None), Err(InvalidArgument));
    assert_eq!(server_fed(b"hello\r\n").0.accept(None), Err(InvalidArgument));
}

#[test]
fn the_program_answers_once() {
    let mut server = websocket(&[]);
    server.accept(None).unwrap();
    let response = server.output().to_vec();
    assert_eq!(server.accept(None), Err(InvalidArgument));
    assert_eq!(server.respond(403, None, b""), Err(InvalidArgument));
    assert_eq!(server.add_field(b"X", b"y"), Err(InvalidArgument));
    assert_eq!(server.output(), response);

    let mut server = websocket(&[]);
    server.respond(403, None, b"").unwrap();
    assert_eq!(server.accept(None), Err(InvalidArgument));
    assert_eq!(server.respond(404, None, b""), Err(InvalidArgument));
}

#[test]
fn a_page_for_a_plain_request() {
    let mut server = plain("GET /index.html HTTP/1.1");
    server.add_field(b"Cache-Control", b"no-store").unwrap();
    server.respond(200, Some(b"text/html; charset=utf-8"), b"<p>hello").unwrap();
    let expected = "HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: no-store\r\n\
                    Content-Type: text/html; charset=utf-8\r\nContent-Length: 8\r\n\r\n<p>hello";
    assert_eq!(text(&server), expected);
}

#[test]
fn the_response_to_a_head_has_no_body() {
    let mut server = plain("HEAD / HTTP/1.1");
    assert!(text(&server).ends_with("Content-Length: 22\r\n\r\n"));
    server.respond(200, None, b"hello").unwrap();
    let expected = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n";
    assert_eq!(text(&server), expected);
}

#[test]
fn the_responses_that_are_ready() {
    let refused = plain("GET / HTTP/1.1");
    let expected = "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                    Connection: close, Upgrade\r\nContent-Type: text/plain\r\nContent-Length: 32\r\n\r\n\
                    only WebSockets are served here\n";
    assert_eq!(text(&refused), expected);
    let bad = server_fed(b"hello\r\n").0;
    let expected = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\
                    Content-Length: 31\r\n\r\nthe first line is none of HTTP\n";
    assert_eq!(text(&bad), expected);
    let post = plain("POST / HTTP/1.1");
    assert!(
        text(&post).starts_with("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\nConnection: close\r\n")
    );
}

#[test]
fn a_ready_response_is_replaced_until_it_is_sent() {
    let mut server = plain("GET / HTTP/1.1");
    server.sent(0).unwrap();
    server.respond(404, None, b"").unwrap();
    assert!(text(&server).starts_with("HTTP/1.1 404 Not Found\r\n"));
    let mut server = plain("GET / HTTP/1.1");
    server.sent(1).unwrap();
    assert_eq!(server.respond(404, None, b""), Err(InvalidArgument));
    assert!(text(&server).starts_with("TTP/1.1 426 "));
    let mut server = server_fed(b"hello\r\n").0;
    server.respond(418, None, b"").unwrap();
    assert!(text(&server).starts_with("HTTP/1.1 418 \r\n"));
}

#[test]
fn an_unfinished_request_may_be_answered() {
    let (mut server, _) = server_fed(b"GET / HTTP/1.1\r\nHost: a\r\n");
    server.respond(408, None, b"").unwrap();
    assert!(text(&server).starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    assert_eq!(server.feed(b"\r\n"), Ok(Outcome::Bad));
    assert!(server.rest.as_slice().is_empty());
}

#[test]
fn statuses_and_bodies_that_no_response_has() {
    for status in [0, 1, 99, 100, 101, 199, 600, 999, 65535] {
        assert_eq!(websocket(&[]).respond(status, None, b""), Err(InvalidArgument), "{status}");
    }
    for status in [204, 205, 304] {
        assert_eq!(websocket(&[]).respond(status, None, b"x"), Err(InvalidArgument));
        websocket(&[]).respond(status, None, b"").unwrap();
    }
    let mut server = plain("GET / HTTP/1.1");
    server.respond(204, None, b"").unwrap();
    assert_eq!(text(&server), "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    let mut server = plain("GET / HTTP/1.1");
    server.respond(304, None, b"").unwrap();
    assert_eq!(text(&server), "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
}

const BAD_FIELDS: [(&[u8], &[u8]); 22] = [
    (b"", b"x"),
    (b"X Y", b"x"),
    (b"X:", b"x"),
    (b"X\r\nY", b"x"),
    (b"X\0", b"x"),
    (b"X\xe9", b"x"),
    (b"X", b"a\r\nY: b"),
    (b"X", b"a\nb"),
    (b"X", b"a\rb"),
    (b"X", b"a\0b"),
    (b"X", b"a\x7f"),
    (b"X", b"\x0ba"),
    (b"X", b" a"),
    (b"X", b"a\t"),
    (b"X", b" "),
    (b"connection", b"close"),
    (b"CONTENT-LENGTH", b"0"),
    (b"Host", b"a"),
    (b"Transfer-Encoding", b"chunked"),
    (b"Upgrade", b"h2c"),
    (b"sec-websocket-accept", b"x"),
    (b"Sec-WebSocket-Protocol", b"x"),
];

#[test]
fn a_field_that_cannot_stand_in_a_head_is_refused() {
    for (name, value) in BAD_FIELDS {
        let mut server = websocket(&[]);
        assert_eq!(server.add_field(name, value), Err(InvalidArgument), "{name:?}: {value:?}");
        server.accept(None).unwrap();
        assert_eq!(text(&server).lines().count(), 5);
        let mut client = ClientHandshake::new(b"a", b"/", b"", NONCE).unwrap();
        assert_eq!(client.add_field(name, value), Err(InvalidArgument), "{name:?}: {value:?}");
        assert_eq!(client.output().split(|&byte| byte == b'\n').count(), 8);
    }
    for value in [&b"text/html\r\nX: y"[..], b"a\0b", b" text/html"] {
        let mut server = plain("GET / HTTP/1.1");
        assert_eq!(server.respond(200, Some(value), b""), Err(InvalidArgument));
        assert_eq!(status_of(server.output()), 426);
    }
}

#[test]
fn fields_that_are_unusual_but_sound() {
    let mut server = websocket(&[]);
    server.add_field(b"!#$%&'*+-.^_`|~09azAZ", b"a\tb \"c\" \xe9").unwrap();
    server.add_field(b"X", b"").unwrap();
    server.add_field(b"Set-Cookie", b"a=b").unwrap();
    server.add_field(b"Set-Cookie", b"c=d").unwrap();
    server.accept(None).unwrap();
    let expected =
        b"\r\n!#$%&'*+-.^_`|~09azAZ: a\tb \"c\" \xe9\r\nX: \r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n";
    assert!(server.output().ends_with(expected));
}
