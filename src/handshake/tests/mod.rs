//! Both ends of the handshake, driven as a program does it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod answers;
mod cuts;
mod fields;
mod limits;
mod requests;
mod responses;
mod round_trip;

use super::Outcome;
use super::client::ClientHandshake;
use super::server::ServerHandshake;

/// The example of RFC 6455 section 1.3.
pub const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
/// The 16 bytes whose base64 is [`KEY`].
const NONCE: [u8; 16] = *b"the sample nonce";

/// Lines of a request that asks for a WebSocket.
const GOOD: [&str; 5] = [
    "Host: server.example.com",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
];

/// A request of those lines, without those whose name is in `drop`, and with `add`.
fn request_of(start: &str, drop: &[&str], add: &[&str]) -> Vec<u8> {
    message(start, &GOOD, drop, add)
}

/// Lines of the response that opens a WebSocket for [`KEY`].
const OPEN: [&str; 3] =
    ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="];

fn response_of(start: &str, drop: &[&str], add: &[&str]) -> Vec<u8> {
    message(start, &OPEN, drop, add)
}

fn message(start: &str, lines: &[&str], drop: &[&str], add: &[&str]) -> Vec<u8> {
    let dropped = |line: &&&str| drop.iter().any(|name| line.starts_with(&format!("{name}:")));
    let kept = lines.iter().filter(|line| !dropped(line));
    let mut text = format!("{start}\r\n");
    kept.chain(add).for_each(|line| text += &format!("{line}\r\n"));
    text += "\r\n";
    text.into_bytes()
}

/// A server that was fed `bytes`.
fn server_fed(bytes: &[u8]) -> (ServerHandshake, Outcome) {
    let mut server = ServerHandshake::new();
    let outcome = server.feed(bytes).unwrap();
    (server, outcome)
}

/// The status of the response that the server has ready; 0 if it has none.
fn status_of(output: &[u8]) -> u16 {
    let Some(rest) = output.strip_prefix(b"HTTP/1.1 ") else { return 0 };
    std::str::from_utf8(&rest[..3]).unwrap().parse().unwrap()
}

/// A client that has sent a request with [`KEY`].
fn client_with(subprotocols: &str, fields: &[(&str, &str)]) -> ClientHandshake {
    let mut client = ClientHandshake::new(b"a.example", b"/", subprotocols.as_bytes(), NONCE).unwrap();
    for (name, value) in fields {
        client.add_field(name.as_bytes(), value.as_bytes()).unwrap();
    }
    let length = client.output().len();
    client.sent(length).unwrap();
    client
}

fn client_fed(bytes: &[u8]) -> (ClientHandshake, Outcome) {
    let mut client = client_with("", &[]);
    let outcome = client.feed(bytes).unwrap();
    (client, outcome)
}
