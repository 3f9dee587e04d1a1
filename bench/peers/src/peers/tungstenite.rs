//! tungstenite. Its write buffer takes 128 KiB before it writes by itself. Its read buffer
//! is cleared before each read, so that a small one is the fastest here.

use std::io;

use bytes::Bytes;
use tungstenite::{
    Error, Message, Utf8Bytes, WebSocket,
    protocol::{Role, WebSocketConfig},
};

use crate::{
    frames::Kind,
    wire::{Transport, Wire},
};

fn open<'w, 'a>(wire: &'w Wire<'a>, role: Role) -> WebSocket<Transport<'w, 'a>> {
    let config = WebSocketConfig::default().read_buffer_size(4096);
    WebSocket::from_raw_socket(Transport(wire), role, Some(config))
}

pub fn echo(wire: &Wire) -> impl FnMut() {
    let mut socket = open(wire, Role::Server);
    move || {
        loop {
            match socket.read() {
                Ok(message) => socket.write(message).unwrap(),
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
        socket.flush().unwrap();
    }
}

pub fn send(wire: &Wire, kind: Kind) -> impl FnMut(&[Bytes]) {
    let mut socket = open(wire, Role::Client);
    move |payloads| {
        for payload in payloads {
            let message = match kind {
                // SAFETY: the payloads of a text file are UTF-8, as wire.py wrote them.
                Kind::Text => Message::Text(unsafe { Utf8Bytes::from_bytes_unchecked(payload.clone()) }),
                Kind::Binary => Message::Binary(payload.clone()),
            };
            socket.write(message).unwrap();
        }
        socket.flush().unwrap();
    }
}
