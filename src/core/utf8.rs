//! UTF-8 checked piece by piece (RFC 6455 section 8.1, contract R4).
//!
//! A piece fails at the first byte that no continuation can make valid; an
//! incomplete code point at its end is carried over to the next.

use crate::mem::copy_prefix;
use crate::simd;

/// The bytes so far cannot be the start of valid UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidUtf8;

/// Checks a text that arrives in pieces.
#[derive(Clone, Copy, Debug, Default)]
pub struct Utf8Stream {
    /// The first bytes of a code point that is not complete yet.
    partial: [u8; 3],
    partial_length: u8,
}

impl Utf8Stream {
    /// At the start of a text.
    pub const fn new() -> Self {
        Self { partial: [0; 3], partial_length: 0 }
    }

    /// Whether no code point is under way.
    pub fn is_complete(&self) -> bool {
        self.partial_length == 0
    }

    /// Takes the next piece of the text.
    ///
    /// # Errors
    /// [`InvalidUtf8`]; the stream must not be used after that.
    pub fn check(&mut self, piece: &[u8]) -> Result<(), InvalidUtf8> {
        let rest = self.finish_partial(piece)?;
        let (whole, start_of_code_point) = split_incomplete(rest);
        if !simd::is_utf8(whole) {
            return Err(InvalidUtf8);
        }
        match ::core::str::from_utf8(start_of_code_point) {
            Err(error) if error.error_len().is_some() => return Err(InvalidUtf8),
            Err(_) => self.carry(start_of_code_point),
            Ok(_) => {}
        }
        Ok(())
    }

    /// Feeds the code point under way until it is complete; gives what follows it.
    fn finish_partial<'a>(&mut self, mut piece: &'a [u8]) -> Result<&'a [u8], InvalidUtf8> {
        while !self.is_complete() {
            let Some((&byte, rest)) = piece.split_first() else { break };
            piece = rest;
            let mut code_point = [0; 4];
            let used = usize::from(self.partial_length);
            for (to, from) in code_point.iter_mut().zip(self.partial.iter().take(used).chain(Some(&byte))) {
                *to = *from;
            }
            let code_point = code_point.get(..=used).unwrap_or_default();
            match ::core::str::from_utf8(code_point) {
                Ok(_) => self.partial_length = 0,
                Err(error) if error.error_len().is_some() => return Err(InvalidUtf8),
                Err(_) => self.carry(code_point),
            }
        }
        Ok(piece)
    }

    fn carry(&mut self, start_of_code_point: &[u8]) {
        copy_prefix(&mut self.partial, start_of_code_point);
        self.partial_length = start_of_code_point.len().min(3) as u8;
    }
}

/// Cuts off what can only be the first bytes of a code point: at most three, from a
/// leading byte on that needs more than follow it.
fn split_incomplete(text: &[u8]) -> (&[u8], &[u8]) {
    let last_three = text.len().saturating_sub(3);
    let tail = text.get(last_three..).unwrap_or_default();
    for (place, byte) in tail.iter().enumerate().rev() {
        let needed = match byte {
            0x80..=0xbf => continue,
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xff => 4,
            _ => 1,
        };
        let complete = tail.len() - place >= needed;
        let cut = if complete { text.len() } else { last_three + place };
        return text.split_at_checked(cut).unwrap_or((text, &[]));
    }
    (text, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `text` cut at every pair of points and returns the one verdict.
    fn verdict(text: &[u8]) -> (bool, bool) {
        let mut whole = Utf8Stream::new();
        let expected = (whole.check(text).is_ok(), whole.is_complete());
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let mut cut = Utf8Stream::new();
                let valid = [&text[..first], &text[first..second], &text[second..]]
                    .iter()
                    .all(|piece| cut.check(piece).is_ok());
                assert_eq!(valid, expected.0, "{text:x?} cut at {first} and {second}");
                assert!(!valid || cut.is_complete() == expected.1);
            }
        }
        expected
    }

    #[test]
    fn accepts_the_first_and_last_code_point_of_each_length() {
        for text in
            ["\u{0}\u{7f}", "\u{80}\u{7ff}", "\u{800}\u{ffff}", "\u{10000}\u{10ffff}", "\u{d7ff}\u{e000}", ""]
        {
            assert_eq!(verdict(text.as_bytes()), (true, true), "{text:?}");
        }
    }

    #[test]
    fn r4_rejects_what_no_continuation_can_mend_as_early_as_possible() {
        let impossible: &[&[u8]] = &[
            b"\x80",
            b"\xc0",
            b"\xc1",
            b"\xf5",
            b"\xff",
            b"\xe0\x9f",
            b"\xed\xa0",
            b"\xf0\x8f",
            b"\xf4\x90",
            b"\xc3a",
            b"\xe2\x82a",
            b"\xf0\x9f\x98a",
            b"ok\xfe",
        ];
        for text in impossible {
            assert!(!verdict(text).0, "{text:x?}");
        }
        for prefix in [&b"\xe0\xa0"[..], b"\xed\x9f", b"\xf0\x90", b"\xf4\x8f\xbf", b"\xc2", b"\xf0"] {
            assert_eq!(verdict(prefix), (true, false), "{prefix:x?}");
        }
    }

    #[test]
    fn agrees_with_std_on_every_pair_of_bytes_at_a_cut() {
        let step = if cfg!(miri) { 37 } else { 1 };
        for first in (0..=255_u8).step_by(step) {
            for second in (0..=255_u8).step_by(step) {
                let text = [first, second];
                let mut stream = Utf8Stream::new();
                let valid = stream.check(&text[..1]).is_ok() && stream.check(&text[1..]).is_ok();
                let expected = std::str::from_utf8(&text).map_or_else(|e| e.error_len().is_none(), |_| true);
                assert_eq!(valid, expected, "{text:x?}");
            }
        }
    }
}
