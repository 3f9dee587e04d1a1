//! What a program gets to see of a request.

use super::*;

const LINES: [&str; 6] = [
    "Origin: http://a.example",
    "X-A:  first value\t",
    "x-a: second",
    "X-Empty: ",
    "Sec-WebSocket-Protocol: chat, v2",
    "sec-websocket-protocol: v3",
];

#[test]
fn every_part_of_a_request() {
    let (server, _) = server_fed(&request_of("GET /chat?room=1 HTTP/1.1", &[], &LINES));
    assert_eq!(server.method(), Some(c"GET"));
    assert_eq!(server.target(), Some(c"/chat?room=1"));
    assert_eq!(server.host(), Some(c"server.example.com"));
    assert_eq!(server.field(b"origin", 0), Some(c"http://a.example"));
    assert_eq!(server.field(b"X-A", 0), Some(c"first value"));
    assert_eq!(server.field(b"X-A", 1), Some(c"second"));
    assert_eq!(server.field(b"X-A", 2), None);
    assert_eq!(server.field(b"X-A", usize::MAX), None);
    assert_eq!(server.field(b"X-Empty", 0), Some(c""));
    assert_eq!(server.field(b"X-Missing", 0), None);
    assert_eq!(server.field(b"", 0), None);
    assert_eq!(server.field(b"Sec-WebSocket-Protocol", 0), Some(c"chat, v2"));
    let offered: Vec<_> = (0..4).map(|number| server.subprotocol(number)).collect();
    assert_eq!(offered, [Some(c"chat"), Some(c"v2"), Some(c"v3"), None]);
}

#[test]
fn an_absolute_uri_names_the_host() {
    let table = [
        ("http://b.example:80/x?y", c"b.example:80", c"/x?y"),
        ("https://b.example/", c"b.example", c"/"),
        ("HTTP://b", c"b", c"/"),
        ("http://b?y=/z", c"b", c"/?y=/z"),
        ("http://[::1]:1//x//y", c"[::1]:1", c"//x//y"),
    ];
    for (uri, host, target) in table {
        let (server, outcome) = server_fed(&request_of(&format!("GET {uri} HTTP/1.1"), &[], &[]));
        assert_eq!(outcome, Outcome::WebSocket, "{uri}");
        assert_eq!((server.host(), server.target()), (Some(host), Some(target)), "{uri}");
        assert_eq!(server.field(b"Host", 0), Some(c"server.example.com"));
    }
}

#[test]
fn other_requests_show_their_target_as_it_came() {
    for target in ["*", "a.example:80", "/form?a=b"] {
        let (server, outcome) =
            server_fed(&request_of(&format!("POST {target} HTTP/1.1"), &["Upgrade"], &[]));
        assert_eq!(outcome, Outcome::Http);
        assert_eq!(server.target().unwrap().to_str(), Ok(target));
        assert_eq!(server.method(), Some(c"POST"));
    }
}

#[test]
fn nothing_is_shown_of_half_a_request() {
    let request = request_of("GET / HTTP/1.1", &[], &LINES);
    let (server, _) = server_fed(&request[..request.len() - 1]);
    assert_eq!((server.method(), server.target(), server.host()), (None, None, None));
    assert_eq!((server.field(b"Host", 0), server.subprotocol(0)), (None, None));
}

/// A complete request that breaks a rule can still be logged.
#[test]
fn a_bad_request_is_shown_once_it_is_complete() {
    let (server, outcome) = server_fed(&request_of("POST /x HTTP/1.1", &[], &[]));
    assert_eq!((outcome, server.target()), (Outcome::Bad, Some(c"/x")));
    assert_eq!(server.problem(), Some(c"the method is not GET"));
}

#[test]
fn bytes_behind_the_head_are_kept_in_order() {
    let (mut server, _) = server_fed(&[&request_of("GET / HTTP/1.1", &[], &[])[..], b"abc"].concat());
    assert_eq!(server.rest.as_slice(), b"abc");
    server.rest.consume(2);
    server.accept(None).unwrap();
    server.feed(b"def").unwrap();
    assert_eq!(server.rest.as_slice(), b"cdef");
    server.rest.consume(4);
    server.feed(b"g").unwrap();
    assert_eq!(server.rest.as_slice(), b"g");
}

#[test]
fn bytes_behind_a_bad_request_are_dropped() {
    let (mut server, _) = server_fed(b"hello\r\nmore");
    server.feed(b"and more").unwrap();
    assert!(server.rest.as_slice().is_empty());
}
