//! sockudo-ws, its stream. Without timers, which the other libraries do not have.

use std::task::Poll;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use sockudo_ws::{Config, Message, WebSocketStream};

use crate::{
    frames::Kind,
    poll,
    wire::{Transport, Wire},
};

fn config() -> Config {
    Config::builder().idle_timeout(0).auto_ping(false).build()
}

pub fn echo(wire: &Wire) -> impl FnMut() {
    let mut socket = WebSocketStream::server(Transport(wire), config());
    move || {
        while let Poll::Ready(message) = poll::with_context(|context| socket.poll_next_unpin(context)) {
            let message = message.unwrap().unwrap();
            poll::finish(socket.feed(message)).unwrap();
        }
        poll::finish(socket.flush()).unwrap();
    }
}

pub fn send(wire: &Wire, kind: Kind) -> impl FnMut(&[Bytes]) {
    let mut socket = WebSocketStream::client(Transport(wire), config());
    move |payloads| {
        for payload in payloads {
            let message = match kind {
                Kind::Text => Message::Text(payload.clone()),
                Kind::Binary => Message::Binary(payload.clone()),
            };
            poll::finish(socket.feed(message)).unwrap();
        }
        poll::finish(socket.flush()).unwrap();
    }
}
