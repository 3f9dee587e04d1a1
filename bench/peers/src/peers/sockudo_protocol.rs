//! sockudo-ws, its protocol without I/O, with text validated.

use bytes::{Bytes, BytesMut};
use sockudo_ws::{Message, OpCode, RECV_BUFFER_SIZE, Role, frame::encode_frame_header, protocol::Protocol};

use crate::{
    frames::Kind,
    wire::{Wire, pieces},
};

const MAX_MESSAGE: usize = 64 << 20;

/// Writes an unmasked frame without copying its payload.
fn write(wire: &Wire, header: &mut BytesMut, opcode: OpCode, payload: &[u8]) {
    header.clear();
    encode_frame_header(header, opcode, payload.len(), true, None);
    wire.write(header);
    wire.write(payload);
}

pub fn echo(wire: &Wire) -> impl FnMut() {
    let mut protocol = Protocol::new(Role::Server, MAX_MESSAGE, MAX_MESSAGE);
    let mut input = BytesMut::with_capacity(RECV_BUFFER_SIZE);
    let mut header = BytesMut::with_capacity(16);
    let mut messages = Vec::new();
    move || {
        loop {
            input.reserve(RECV_BUFFER_SIZE);
            let bytes = wire.take(input.capacity() - input.len());
            if bytes.is_empty() {
                break;
            }
            for piece in pieces(bytes) {
                input.extend_from_slice(piece);
            }
            protocol.process_into(&mut input, &mut messages).unwrap();
            for message in messages.drain(..) {
                match &message {
                    Message::Text(text) => write(wire, &mut header, OpCode::Text, text),
                    Message::Binary(data) => write(wire, &mut header, OpCode::Binary, data),
                    other => panic!("{other:?}"),
                }
            }
        }
    }
}

pub fn send(wire: &Wire, kind: Kind) -> impl FnMut(&[Bytes]) {
    let mut protocol = Protocol::new(Role::Client, MAX_MESSAGE, MAX_MESSAGE);
    let mut output = BytesMut::new();
    move |payloads| {
        for payload in payloads {
            let message = match kind {
                Kind::Text => Message::Text(payload.clone()),
                Kind::Binary => Message::Binary(payload.clone()),
            };
            protocol.encode_message(&message, &mut output).unwrap();
        }
        wire.write(&output);
        output.clear();
    }
}
