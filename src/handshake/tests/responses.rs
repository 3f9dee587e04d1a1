//! Responses, and what a client makes of them: RFC 6455 section 4.1.

use super::*;
use crate::handshake::Outcome::{Bad, Http, WebSocket};

/// A response to a client that made an offer.
pub struct Case {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub outcome: Outcome,
    subprotocols: &'static str,
    extensions: &'static [&'static str],
}

impl Case {
    pub fn client(&self) -> ClientHandshake {
        let fields: Vec<_> =
            self.extensions.iter().map(|value| ("Sec-WebSocket-Extensions", *value)).collect();
        client_with(self.subprotocols, &fields)
    }
}

const LINE: &str = "HTTP/1.1 101 Switching Protocols";

fn case(name: &'static str, bytes: Vec<u8>, outcome: Outcome) -> Case {
    Case { name, bytes, outcome, subprotocols: "", extensions: &[] }
}

fn start(line: &str) -> Vec<u8> {
    response_of(line, &[], &[])
}

fn instead(name: &str, lines: &[&str]) -> Vec<u8> {
    response_of(LINE, &[name], lines)
}

pub fn all() -> Vec<Case> {
    let mut all = start_lines();
    all.extend(fields());
    all.extend(subprotocols());
    all.extend(extensions());
    all
}

fn start_lines() -> Vec<Case> {
    let after = |interim: &str| [interim.as_bytes(), &start(LINE)].concat();
    vec![
        case("plain", start(LINE), WebSocket),
        case("no reason", start("HTTP/1.1 101 "), WebSocket),
        case("no space before no reason", start("HTTP/1.1 101"), WebSocket),
        case("version 1.2", start("HTTP/1.2 101 Sure"), WebSocket),
        case("an interim response", after("HTTP/1.1 100 Continue\r\n\r\n"), WebSocket),
        case("two", after("HTTP/1.1 103 \r\nLink: a\r\n\r\nHTTP/1.1 199 x\r\n\r\n"), WebSocket),
        case("200", start("HTTP/1.1 200 OK"), Http),
        case("302", b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n".to_vec(), Http),
        case("401", b"HTTP/1.1 401 \r\nContent-Length: 2\r\n\r\nno".to_vec(), Http),
        case("503 of HTTP/1.0", b"HTTP/1.0 503 Later\r\n\r\n".to_vec(), Http),
        case("101 of HTTP/1.0", start("HTTP/1.0 101 Switching Protocols"), Bad),
        case("HTTP/2.0", start("HTTP/2.0 101 Switching Protocols"), Bad),
        case("status 1011", start("HTTP/1.1 1011 x"), Bad),
        case("status 10", start("HTTP/1.1 10 x"), Bad),
        case("status 099", start("HTTP/1.1 099 x"), Bad),
        case("two spaces", start("HTTP/1.1  101 x"), Bad),
        case("a request", request_of("GET / HTTP/1.1", &[], &[]), Bad),
        case("a word", b"hello\r\n".to_vec(), Bad),
        case("TLS alert", b"\x15\x03\x01\x00\x02\x02\x16".to_vec(), Bad),
        case("no name", response_of(LINE, &[], &[": x"]), Bad),
        case("continued line", response_of(LINE, &[], &["X: a", " b"]), Bad),
    ]
}

fn fields() -> Vec<Case> {
    vec![
        case("case of Upgrade", instead("Upgrade", &["upgrade: WebSocket"]), WebSocket),
        case("list of Connection", instead("Connection", &["Connection: keep-alive, UPGRADE"]), WebSocket),
        case("no Upgrade", instead("Upgrade", &[]), Bad),
        case("other Upgrade", instead("Upgrade", &["Upgrade: h2c"]), Bad),
        case("list of Upgrade", instead("Upgrade", &["Upgrade: websocket, h2c"]), Bad),
        case("two Upgrades", response_of(LINE, &[], &["Upgrade: h2c"]), Bad),
        case("no Connection", instead("Connection", &[]), Bad),
        case("other Connection", instead("Connection", &["Connection: close"]), Bad),
        case("no Accept", instead("Sec-WebSocket-Accept", &[]), Bad),
        case(
            "Accept of another key",
            instead("Sec-WebSocket-Accept", &["Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI="]),
            Bad,
        ),
        case(
            "Accept in another case",
            instead("Sec-WebSocket-Accept", &["Sec-WebSocket-Accept: S3PPLMBITXAQ9KYGZZHZRBK+XOO="]),
            Bad,
        ),
        case(
            "two Accepts",
            response_of(LINE, &[], &["Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="]),
            Bad,
        ),
    ]
}

fn subprotocols() -> Vec<Case> {
    let chosen = |name, lines: &[&str], outcome| Case {
        subprotocols: "chat, v2.chat",
        ..case(name, response_of(LINE, &[], lines), outcome)
    };
    vec![
        chosen("none chosen", &[], WebSocket),
        chosen("first", &["Sec-WebSocket-Protocol: chat"], WebSocket),
        chosen("second", &["Sec-WebSocket-Protocol: v2.chat"], WebSocket),
        chosen("another", &["Sec-WebSocket-Protocol: v3"], Bad),
        chosen("in another case", &["Sec-WebSocket-Protocol: Chat"], Bad),
        chosen("part of one", &["Sec-WebSocket-Protocol: v2"], Bad),
        chosen("both", &["Sec-WebSocket-Protocol: chat, v2.chat"], Bad),
        chosen(
            "both in two lines",
            &["Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: v2.chat"],
            Bad,
        ),
        chosen("empty", &["Sec-WebSocket-Protocol:"], Bad),
        case("not asked for", response_of(LINE, &[], &["Sec-WebSocket-Protocol: chat"]), Bad),
        case("empty, not asked for", response_of(LINE, &[], &["Sec-WebSocket-Protocol:"]), Bad),
    ]
}

fn extensions() -> Vec<Case> {
    let accepted = |name, lines: &[&str], outcome| Case {
        extensions: &["x-a; p=\"1,x-b\"; q=\"\\\",x-d\"", "x-c, permessage-deflate"],
        ..case(name, response_of(LINE, &[], lines), outcome)
    };
    vec![
        accepted("none", &[], WebSocket),
        accepted("empty list", &["Sec-WebSocket-Extensions:"], WebSocket),
        accepted("offered", &["Sec-WebSocket-Extensions: permessage-deflate; a=1"], WebSocket),
        accepted("two", &["Sec-WebSocket-Extensions: x-a;p=\"1,x-b\" , x-c"], WebSocket),
        accepted("two lines", &["Sec-WebSocket-Extensions: x-a", "Sec-WebSocket-Extensions: x-c"], WebSocket),
        accepted("parameters of none", &["Sec-WebSocket-Extensions: ; a=1"], Bad),
        accepted("another", &["Sec-WebSocket-Extensions: x-a, x-e"], Bad),
        accepted("quoted in the offer", &["Sec-WebSocket-Extensions: x-b\""], Bad),
        accepted("quoted behind an escape", &["Sec-WebSocket-Extensions: x-d\""], Bad),
        case("not asked for", response_of(LINE, &[], &["Sec-WebSocket-Extensions: x-a"]), Bad),
    ]
}

#[test]
fn each_response_is_what_it_is_taken_for() {
    for case in all() {
        let mut client = case.client();
        assert_eq!(client.feed(&case.bytes), Ok(case.outcome), "{}", case.name);
        assert_eq!(client.problem().is_some(), case.outcome == Bad, "{}", case.name);
        for more in [&start(LINE)[..], b""] {
            assert_eq!(client.feed(more), Ok(case.outcome), "{}", case.name);
        }
    }
}

#[test]
fn an_incomplete_response_is_no_bad_one() {
    for case in all().iter().filter(|case| case.outcome == WebSocket) {
        for length in 0..case.bytes.len() {
            let mut client = case.client();
            assert_eq!(client.feed(&case.bytes[..length]), Ok(Outcome::Incomplete), "{}", case.name);
            assert_eq!((client.status(), client.subprotocol()), (None, None));
        }
    }
}

#[test]
fn tells_status_and_fields_of_a_refusal() {
    let bytes = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nwww-authenticate: Digest\r\n\r\nno";
    let (mut client, outcome) = client_fed(bytes);
    assert_eq!((outcome, client.status()), (Http, Some(401)));
    assert_eq!(client.field(b"WWW-Authenticate", 0), Some(c"Basic"));
    assert_eq!(client.field(b"WWW-Authenticate", 1), Some(c"Digest"));
    assert_eq!(client.field(b"WWW-Authenticate", 2), None);
    assert_eq!(client.subprotocol(), None);
    client.feed(b" way").unwrap();
    assert_eq!(client.rest.as_slice(), b"no way");
}

/// A field of an interim response is none of the final one.
#[test]
fn forgets_interim_responses() {
    let bytes = [b"HTTP/1.1 103 Hints\r\nLink: a\r\n\r\n", &start(LINE)[..]].concat();
    let (client, outcome) = client_fed(&bytes);
    assert_eq!((outcome, client.status()), (WebSocket, Some(101)));
    assert_eq!(client.field(b"Link", 0), None);
}
