//! Frame headers (RFC 6455 section 5.2).
//!
//! [`parse`] looks at the bytes of a header that are there so far and judges each
//! field as soon as it is complete; [`encode`] writes the shortest form.

use super::opcode::{self, MAX_CONTROL_PAYLOAD};

/// The longest header: two bytes, a 64-bit length, a mask key.
pub const MAX_LENGTH: usize = 14;

const FIN: u8 = 0x80;
const MASKED: u8 = 0x80;
const LENGTH_IN_16_BITS: u8 = 126;
const LENGTH_IN_64_BITS: u8 = 127;

/// What a frame header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Last frame of its message.
    pub fin: bool,
    /// The three reserved bits, RSV1 being 4.
    pub rsv: u8,
    /// 0 to 15.
    pub opcode: u8,
    /// Below 2^63.
    pub payload_length: u64,
    /// Present if the payload is masked.
    pub mask_key: Option<[u8; 4]>,
}

/// The header breaks a rule of RFC 6455 that makes the rest unreadable (contract F6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// The answer of [`parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// The stage under way ends at this many bytes, counted from the header's first.
    Need(usize),
    /// A whole header, which takes `length` bytes.
    Complete {
        /// What it says.
        header: Header,
        /// How long it is.
        length: usize,
    },
}

/// Reads the header that `bytes` begin with.
///
/// The stages are the first two bytes, the extended length, and the mask key.
///
/// # Errors
/// [`Malformed`], as soon as the stage is complete that shows it.
#[inline]
pub fn parse(bytes: &[u8]) -> Result<Parsed, Malformed> {
    let &[first, second, ref rest @ ..] = bytes else {
        return Ok(Parsed::Need(2));
    };
    let (fin, opcode) = (first & FIN != 0, first & 0x0f);
    let short_length = second & !MASKED;
    if opcode::is_control(opcode) && (!fin || usize::from(short_length) > MAX_CONTROL_PAYLOAD) {
        return Err(Malformed);
    }
    let (payload_length, extended, rest) = match short_length {
        LENGTH_IN_16_BITS => match rest.split_first_chunk::<2>() {
            Some((bytes, rest)) => (u64::from(u16::from_be_bytes(*bytes)), 2, rest),
            None => return Ok(Parsed::Need(4)),
        },
        LENGTH_IN_64_BITS => match rest.split_first_chunk::<8>() {
            Some((bytes, rest)) => (u64::from_be_bytes(*bytes), 8, rest),
            None => return Ok(Parsed::Need(10)),
        },
        length => (u64::from(length), 0, rest),
    };
    let shortest_form = match extended {
        2 => payload_length >= u64::from(LENGTH_IN_16_BITS),
        8 => payload_length > u64::from(u16::MAX) && payload_length <= i64::MAX as u64,
        _ => true,
    };
    if !shortest_form {
        return Err(Malformed);
    }
    let masked = second & MASKED != 0;
    let length = 2 + extended + if masked { 4 } else { 0 };
    let mask_key = rest.first_chunk::<4>().copied();
    if masked && mask_key.is_none() {
        return Ok(Parsed::Need(length));
    }
    let mask_key = mask_key.filter(|_| masked);
    let rsv = (first >> 4) & 7;
    Ok(Parsed::Complete { header: Header { fin, rsv, opcode, payload_length, mask_key }, length })
}

/// The length of [`Encoded::padded`]: that of two words, which are written as such.
pub const PADDED_LENGTH: usize = 16;

/// A header's bytes.
#[derive(Clone, Copy, Debug)]
pub struct Encoded {
    bytes: [u8; PADDED_LENGTH],
    length: u8,
}

impl Encoded {
    /// The header with zeros behind it.
    #[inline]
    pub fn padded(self) -> [u8; PADDED_LENGTH] {
        self.bytes
    }

    /// How many bytes go out.
    #[inline]
    pub fn length(self) -> usize {
        usize::from(self.length)
    }

    /// The header as it goes out.
    pub fn as_slice(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

/// How many bytes [`encode`] gives for a payload of `payload_length`.
pub const fn encoded_length(payload_length: u64, masked: bool) -> usize {
    let extended = match payload_length {
        0..=125 => 0,
        126..=0xffff => 2,
        _ => 8,
    };
    2 + extended + if masked { 4 } else { 0 }
}

/// Writes `header`; of `opcode` and `rsv` the low four and three bits count.
#[inline]
pub fn encode(header: &Header) -> Encoded {
    let fin = if header.fin { FIN } else { 0 };
    let masked = if header.mask_key.is_some() { MASKED } else { 0 };
    let first = fin | (header.rsv & 7) << 4 | header.opcode & 0x0f;
    let length = header.payload_length;
    let (second, extended) = match length {
        0..=125 => (length as u8, 0),
        126..=0xffff => (LENGTH_IN_16_BITS, u64::from((length as u16).swap_bytes())),
        _ => (LENGTH_IN_64_BITS, length.swap_bytes()),
    };
    // The first byte is the lowest: bytes put together one by one would be written so.
    let start = u128::from(u16::from_le_bytes([first, masked | second]));
    let extended = u128::from(extended) << 16;
    let key = u128::from(u32::from_le_bytes(header.mask_key.unwrap_or_default()));
    let key_place = 8 * encoded_length(length, false) as u32;
    let bytes = (start | extended | key << key_place).to_le_bytes();
    Encoded { bytes, length: encoded_length(length, header.mask_key.is_some()) as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTHS: [u64; 8] = [0, 1, 125, 126, 65535, 65536, 1 << 32, i64::MAX as u64];

    #[test]
    fn f3_what_is_encoded_parses_back_and_waits_for_each_stage() {
        for payload_length in LENGTHS {
            for mask_key in [None, Some([1, 2, 3, 4])] {
                let header = Header { fin: true, rsv: 5, opcode: opcode::TEXT, payload_length, mask_key };
                let encoded = encode(&header);
                let bytes = encoded.as_slice();
                assert_eq!(bytes.len(), encoded_length(payload_length, mask_key.is_some()));
                let complete = Parsed::Complete { header, length: bytes.len() };
                assert_eq!(parse(bytes), Ok(complete));
                assert_eq!(parse(&[bytes, b"payload"].concat()), Ok(complete));
                for cut in 0..bytes.len() {
                    let Ok(Parsed::Need(stage_end)) = parse(&bytes[..cut]) else { panic!("{cut}") };
                    assert!(stage_end > cut && stage_end <= bytes.len());
                }
            }
        }
    }

    #[test]
    fn f6_malformed_headers_fail_once_the_stage_is_in() {
        let table: &[(&[u8], usize)] = &[
            (&[0x09, 0x00], 2),
            (&[0x8b, 0x7e], 2),
            (&[0x88, 0xff], 2),
            (&[0x82, 0x7e, 0, 125], 4),
            (&[0x82, 0x7f, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 10),
            (&[0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0], 10),
        ];
        for (bytes, stage_end) in table {
            assert_eq!(parse(bytes), Err(Malformed), "{bytes:x?}");
            assert!(matches!(parse(&bytes[..stage_end - 1]), Ok(Parsed::Need(_))));
        }
    }

    #[test]
    fn f6_judges_nothing_else() {
        for bytes in [[0xf3, 0], [0x0f & 0x07, 0], [0x8f, 0]] {
            assert!(matches!(parse(&bytes), Ok(Parsed::Complete { .. })), "{bytes:x?}");
        }
    }
}
