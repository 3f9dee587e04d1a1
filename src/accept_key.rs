//! `Sec-WebSocket-Accept` (RFC 6455 section 4.2.2, item 5.4).

use base64ct::{Base64, Encoding};
use sha1::{Digest, Sha1};

/// Length of the value in characters: base64 of a SHA-1 hash.
pub const LENGTH: usize = 28;
/// Length of a client's key in characters: base64 of 16 bytes.
const KEY_LENGTH: usize = 24;
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The value that answers `key`, or nothing if `key` is not the base64 form of
/// exactly 16 bytes (RFC 6455 section 4.2.1, item 5).
pub fn accept_key(key: &[u8]) -> Option<[u8; LENGTH]> {
    if !is_client_key(key) {
        return None;
    }
    let mut sha1 = Sha1::new();
    sha1.update(key);
    sha1.update(GUID);
    let mut value = [0; LENGTH];
    Base64::encode(&sha1.finalize(), &mut value).ok()?;
    Some(value)
}

/// Unused bits of the last digit are not judged: servers in use take any.
fn is_client_key(key: &[u8]) -> bool {
    let Some((digits, padding)) = key.split_last_chunk::<2>() else { return false };
    key.len() == KEY_LENGTH
        && padding == b"=="
        && digits.iter().all(|digit| matches!(digit, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_6455_section_1_3() {
        let value = accept_key(b"dGhlIHNhbXBsZSBub25jZQ==").unwrap();
        assert_eq!(&value, b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn refuses_what_is_not_sixteen_bytes_in_base64() {
        let bad: &[&[u8]] = &[
            b"",
            b"==",
            b"dGhlIHNhbXBsZSBub25jZQ=",
            b"dGhlIHNhbXBsZSBub25jZQ===",
            b"dGhlIHNhbXBsZSBub25jZWE=",
            b"dGhlIHNhbXBsZSBub25j Q==",
            b"dGhlIHNhbXBsZSBub25jZ_==",
            b"dGhlIHNhbXBsZSBub25jZQAA",
        ];
        for key in bad {
            assert_eq!(accept_key(key), None, "{}", String::from_utf8_lossy(key));
        }
    }
}
