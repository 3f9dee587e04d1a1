//! The frames that are played, as wire.py wrote them. Every frame of a file has the same
//! length.

use std::{fs, io, path::Path};

use bytes::Bytes;

/// The same messages twice: from a client and from a server.
pub struct Frames {
    /// As a client sends them: masked.
    pub client: Vec<u8>,
    /// As a server sends them.
    pub server: Vec<u8>,
    /// The payloads alone.
    pub payloads: Vec<Bytes>,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Text,
    Binary,
}

impl Frames {
    pub fn read(dir: &Path, kind: &str, size: usize) -> io::Result<Self> {
        let client = fs::read(dir.join(format!("{kind}-{size}.client")))?;
        let server = fs::read(dir.join(format!("{kind}-{size}.server")))?;
        let payloads = server
            .chunks(header_length(size) + size)
            .map(|frame| Bytes::copy_from_slice(&frame[header_length(size)..]))
            .collect();
        let kind = if server[0] & 0xf == 1 { Kind::Text } else { Kind::Binary };
        Ok(Frames { client, server, payloads, kind })
    }

    fn payload_length(&self) -> usize {
        self.payloads[0].len()
    }

    /// Bytes of one of the client's frames.
    pub fn client_frame(&self) -> usize {
        self.client.len() / self.payloads.len()
    }

    /// Takes the mask off a client's frames, so that they are a server's.
    pub fn unmask(&self, client: &[u8]) -> Vec<u8> {
        let header = header_length(self.payload_length());
        let mut server = Vec::with_capacity(client.len());
        for frame in client.chunks(self.client_frame()) {
            let (head, rest) = frame.split_at(header);
            let (key, payload) = rest.split_at(4);
            server.extend([head[0], head[1] ^ 0x80]);
            server.extend(&head[2..]);
            server.extend(payload.iter().zip(key.iter().cycle()).map(|(a, b)| a ^ b));
        }
        server
    }
}

/// Bytes of a header without mask key (RFC 6455 section 5.2).
fn header_length(payload_length: usize) -> usize {
    match payload_length {
        0..126 => 2,
        126..65536 => 4,
        _ => 10,
    }
}
