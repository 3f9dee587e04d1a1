//! wtx. An echo goes out of the buffer that it came into; each frame is written at once.
//! What a client sends is masked in place, so that it is copied before, as the other
//! libraries do.

use bytes::Bytes;
use wtx::{
    collection::Vector,
    rng::Xorshift64,
    web_socket::{Frame, OpCode, WebSocketBuffer, WebSocketOwned, WebSocketPayloadOrigin},
};

use crate::{
    frames::Kind,
    poll,
    wire::{Transport, Wire},
};

const RECV_BUFFER: usize = 128 * 1024;

fn open<'w, 'a, const IS_CLIENT: bool>(
    wire: &'w Wire<'a>,
) -> WebSocketOwned<(), Xorshift64, Transport<'w, 'a>, IS_CLIENT> {
    let buffer = WebSocketBuffer::with_capacity(RECV_BUFFER, 0, 0).unwrap();
    WebSocketOwned::new((), false, Xorshift64::new(0x9e37_79b9), Transport(wire), buffer)
}

pub fn echo(wire: &Wire) -> impl FnMut() {
    let mut socket = open::<false>(wire);
    poll::turns(async move {
        let mut buffer = Vector::new();
        let (mut common, mut reader, mut writer) = socket.split_mut();
        loop {
            let origin = WebSocketPayloadOrigin::Adaptive;
            let mut frame = reader.read_frame(&mut buffer, &mut common, origin).await.unwrap();
            writer.write_frame(&mut common, &mut frame).await.unwrap();
        }
    })
}

pub fn send(wire: &Wire, kind: Kind) -> impl FnMut(&[Bytes]) {
    let mut socket = open::<true>(wire);
    let opcode = match kind {
        Kind::Text => OpCode::Text,
        Kind::Binary => OpCode::Binary,
    };
    let mut copy = Vec::new();
    move |payloads| {
        poll::finish(async {
            for payload in payloads {
                copy.clear();
                copy.extend_from_slice(payload);
                let mut frame = Frame::new_fin(opcode, copy.as_mut_slice());
                socket.write_frame(&mut frame).await.unwrap();
            }
        });
    }
}
