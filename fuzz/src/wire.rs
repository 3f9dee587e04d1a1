//! WebSocket frames as bytes (RFC 6455 section 5.2), written without a look at the
//! library's own codec.

/// A frame; the payload is not masked here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub fin: bool,
    pub rsv: u8,
    pub opcode: u8,
    pub key: Option<[u8; 4]>,
    pub payload: Vec<u8>,
}

/// A header, and how many bytes it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub fin: bool,
    pub rsv: u8,
    pub opcode: u8,
    pub key: Option<[u8; 4]>,
    pub payload_length: u64,
    pub size: usize,
}

/// What keeps bytes from being a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoHeader {
    Incomplete,
    Malformed,
}

pub fn is_control(opcode: u8) -> bool {
    opcode & 8 != 0
}

impl Frame {
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![u8::from(self.fin) << 7 | self.rsv << 4 | self.opcode];
        let masked = u8::from(self.key.is_some()) << 7;
        match self.payload.len() {
            length @ 0..126 => bytes.push(masked | length as u8),
            length @ 126..65536 => {
                bytes.push(masked | 126);
                bytes.extend((length as u16).to_be_bytes());
            }
            length => {
                bytes.push(masked | 127);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        bytes.extend(self.key.iter().flatten());
        bytes.extend(masked_with(self.key, &self.payload));
        bytes
    }
}

fn masked_with(key: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
    let key = key.unwrap_or_default();
    payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key).collect()
}

/// The header that `bytes` begin with.
pub fn parse_header(bytes: &[u8]) -> Result<Header, NoHeader> {
    let at = |range: std::ops::Range<usize>| bytes.get(range).ok_or(NoHeader::Incomplete);
    let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    let start = at(0..2)?;
    let (fin, opcode, short) = (start[0] >> 7 == 1, start[0] & 15, start[1] & 127);
    if is_control(opcode) && (!fin || short > 125) {
        return Err(NoHeader::Malformed);
    }
    let (payload_length, mut size, legal) = match short {
        126 => (number(at(2..4)?), 4, 126..1 << 16),
        127 => (number(at(2..10)?), 10, 1 << 16..1 << 63),
        short => (short.into(), 2, 0..126),
    };
    if !legal.contains(&payload_length) {
        return Err(NoHeader::Malformed);
    }
    let key = if start[1] >> 7 == 1 {
        size += 4;
        at(size - 4..size)?.try_into().ok()
    } else {
        None
    };
    Ok(Header { fin, rsv: start[0] >> 4 & 7, opcode, key, payload_length, size })
}

/// The frames of an output stream, and how many bytes at its end are an incomplete one.
///
/// # Panics
/// If the bytes cannot be frames.
pub fn parse_frames(mut bytes: &[u8]) -> (Vec<Frame>, usize) {
    let mut frames = Vec::new();
    loop {
        let Header { fin, rsv, opcode, key, payload_length, size } = match parse_header(bytes) {
            Ok(header) => header,
            Err(NoHeader::Incomplete) => return (frames, bytes.len()),
            Err(NoHeader::Malformed) => panic!("not a frame: {:02x?}", &bytes[..bytes.len().min(14)]),
        };
        let end = size + payload_length as usize;
        let Some(payload) = bytes.get(size..end) else { return (frames, bytes.len()) };
        frames.push(Frame { fin, rsv, opcode, key, payload: masked_with(key, payload) });
        bytes = &bytes[end..];
    }
}
