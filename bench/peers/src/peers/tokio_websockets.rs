//! tokio-websockets. It flushes when it reads with messages to send, so that some messages
//! are read before they are sent back.

use std::task::Poll;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio_websockets::{ClientBuilder, Config, Message, ServerBuilder, WebSocketStream};

use crate::{
    frames::Kind,
    poll,
    wire::{Transport, Wire},
};

type Socket<'w, 'a> = WebSocketStream<Transport<'w, 'a>>;

const READ_AHEAD: usize = 4096;

/// More than a burst, so that a burst is written when it is flushed.
fn config() -> Config {
    Config::default().flush_threshold(1 << 30)
}

pub fn echo(wire: &Wire) -> impl FnMut() {
    let mut socket = ServerBuilder::new().config(config()).serve(Transport(wire));
    let mut waiting = Vec::new();
    let mut length = 0;
    move || {
        while let Poll::Ready(message) = poll::with_context(|context| socket.poll_next_unpin(context)) {
            let message = message.unwrap().unwrap();
            length += message.as_payload().len();
            waiting.push(message);
            if length >= READ_AHEAD {
                feed(&mut socket, &mut waiting);
                length = 0;
            }
        }
        feed(&mut socket, &mut waiting);
        length = 0;
        poll::finish(socket.flush()).unwrap();
    }
}

fn feed(socket: &mut Socket, messages: &mut Vec<Message>) {
    for message in messages.drain(..) {
        poll::finish(socket.feed(message)).unwrap();
    }
}

pub fn send(wire: &Wire, kind: Kind) -> impl FnMut(&[Bytes]) {
    let mut socket = ClientBuilder::new().config(config()).take_over(Transport(wire));
    move |payloads| {
        for payload in payloads {
            let message = match kind {
                Kind::Text => Message::text(payload.clone()),
                Kind::Binary => Message::binary(payload.clone()),
            };
            poll::finish(socket.feed(message)).unwrap();
        }
        poll::finish(socket.flush()).unwrap();
    }
}
