//! A client and a server of this library.

use super::*;
use crate::error::Error::InvalidArgument;

/// What the client sends, fed to a server.
fn ask(client: &mut ClientHandshake) -> ServerHandshake {
    let mut server = ServerHandshake::new();
    assert_eq!(server.feed(client.output()), Ok(Outcome::WebSocket));
    let length = client.output().len();
    client.sent(length).unwrap();
    server
}

#[test]
fn the_request_is_the_example_of_rfc_6455() {
    let mut client =
        ClientHandshake::new(b"server.example.com", b"/chat", b"chat, superchat", NONCE).unwrap();
    client.add_field(b"Origin", b"http://example.com").unwrap();
    let expected = format!(
        "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Protocol: chat, superchat\r\nOrigin: http://example.com\r\n\r\n"
    );
    assert_eq!(std::str::from_utf8(client.output()), Ok(&expected[..]));
    assert_eq!(std::str::from_utf8(client.output()), Ok(&expected[..]));
    assert_eq!(client.add_field(b"X", b"y"), Err(InvalidArgument));
}

#[test]
fn the_two_ends_agree() {
    for chosen in [None, Some(c"chat"), Some(c"v2")] {
        let mut client = ClientHandshake::new(b"[::1]:9000", b"/a?b=c%20d", b"chat,v2", NONCE).unwrap();
        client.add_field(b"Cookie", b"a=b").unwrap();
        let mut server = ask(&mut client);
        assert_eq!((server.host(), server.target()), (Some(c"[::1]:9000"), Some(c"/a?b=c%20d")));
        assert_eq!(server.field(b"Cookie", 0), Some(c"a=b"));
        server.accept(chosen.map(|chosen| chosen.to_bytes())).unwrap();
        assert_eq!(client.feed(server.output()), Ok(Outcome::WebSocket));
        assert_eq!((client.status(), client.subprotocol()), (Some(101), chosen));
    }
}

#[test]
fn a_refusal_arrives() {
    let mut client = ClientHandshake::new(b"a", b"/", b"", NONCE).unwrap();
    let mut server = ask(&mut client);
    server.add_field(b"Location", b"/b").unwrap();
    server.respond(307, Some(b"text/plain"), b"elsewhere").unwrap();
    assert_eq!(client.feed(server.output()), Ok(Outcome::Http));
    assert_eq!((client.status(), client.field(b"location", 0)), (Some(307), Some(c"/b")));
    assert_eq!(client.rest.as_slice(), b"elsewhere");
}

/// A program that compresses agrees on that itself.
#[test]
fn an_extension_of_both_programs() {
    let mut client = ClientHandshake::new(b"a", b"/", b"", NONCE).unwrap();
    client.add_field(b"sec-websocket-extensions", b"permessage-deflate").unwrap();
    let mut server = ask(&mut client);
    assert_eq!(server.field(b"Sec-WebSocket-Extensions", 0), Some(c"permessage-deflate"));
    server.add_field(b"Sec-WebSocket-Extensions", b"permessage-deflate").unwrap();
    server.accept(None).unwrap();
    assert_eq!(client.feed(server.output()), Ok(Outcome::WebSocket));
}

#[test]
fn strings_that_cannot_stand_in_a_request() {
    let new = |host: &[u8], target: &[u8], subprotocols: &[u8]| {
        ClientHandshake::new(host, target, subprotocols, NONCE).map(|_| ())
    };
    for host in [&b""[..], b"a b", b"a\r\nX: y", b"a\0", b"me@a", b"a/b", b"a,b", b"\xe9"] {
        assert_eq!(new(host, b"/", b""), Err(InvalidArgument), "{host:?}");
    }
    let targets = [
        &b""[..],
        b"a",
        b"*",
        b"http://a/",
        b"/a b",
        b"/ HTTP/1.1\r\nX: y",
        b"/a#b",
        b"/\0",
        b"/\xe9",
        b"/\t",
    ];
    for target in targets {
        assert_eq!(new(b"a", target, b""), Err(InvalidArgument), "{target:?}");
    }
    for subprotocols in
        [&b","[..], b"a,", b",a", b"a,,b", b"a b", b"a,a", b"a, b, a", b" a", b"a\r\nX: y", b"a;q=1"]
    {
        assert_eq!(new(b"a", b"/", subprotocols), Err(InvalidArgument), "{subprotocols:?}");
    }
    new(b"a", b"/", b"a , b,\tA").unwrap();
}

#[test]
fn a_request_is_sent_in_pieces() {
    let mut client = ClientHandshake::new(b"a", b"/", b"", NONCE).unwrap();
    assert_eq!(client.sent(1), Err(InvalidArgument));
    let whole = client.output().to_vec();
    assert_eq!(client.sent(whole.len() + 1), Err(InvalidArgument));
    client.sent(10).unwrap();
    assert_eq!(client.output(), &whole[10..]);
    client.sent(whole.len() - 10).unwrap();
    assert!(client.output().is_empty());
}
