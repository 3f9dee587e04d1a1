//! fastwebsockets. It writes each frame at once; the transport costs nothing for that.

use bytes::Bytes;
use fastwebsockets::{FragmentCollector, Frame, Payload, Role, WebSocket};

use crate::{
    frames::Kind,
    poll,
    wire::{Transport, Wire},
};

fn open<'w, 'a>(wire: &'w Wire<'a>, role: Role) -> FragmentCollector<Transport<'w, 'a>> {
    let mut socket = WebSocket::after_handshake(Transport(wire), role);
    // Header and payload of every frame go out side by side, uncopied.
    socket.set_writev_threshold(0);
    FragmentCollector::new(socket)
}

pub fn echo(wire: &Wire) -> impl FnMut() {
    let mut socket = open(wire, Role::Server);
    poll::turns(async move {
        loop {
            let frame = socket.read_frame().await.unwrap();
            let echo = Frame::new(true, frame.opcode, None, frame.payload);
            socket.write_frame(echo).await.unwrap();
        }
    })
}

pub fn send(wire: &Wire, kind: Kind) -> impl FnMut(&[Bytes]) {
    let mut socket = open(wire, Role::Client);
    move |payloads| {
        poll::finish(async {
            for payload in payloads {
                let payload = Payload::Borrowed(payload);
                let frame = match kind {
                    Kind::Text => Frame::text(payload),
                    Kind::Binary => Frame::binary(payload),
                };
                socket.write_frame(frame).await.unwrap();
            }
        });
    }
}
