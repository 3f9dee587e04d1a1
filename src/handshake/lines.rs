//! Header lines to be sent.
//!
//! A line is appended whole or not at all, and only from parts that cannot end it.

use super::syntax::{self, is_field_value, is_token};
use crate::error::Error;
use crate::mem::{Buffer, OutOfMemory};

/// What ends a line, and at the end of all lines the head.
pub const END: &[u8] = b"\r\n";

/// Header fields that the library writes, or that would change where the head ends for
/// its reader: no program adds them.
const OWN: &[&[u8]] = &[
    b"Connection",
    b"Content-Length",
    b"Host",
    b"Sec-WebSocket-Accept",
    b"Sec-WebSocket-Key",
    b"Sec-WebSocket-Protocol",
    b"Sec-WebSocket-Version",
    b"Transfer-Encoding",
    b"Upgrade",
];

/// Appends all parts, or nothing.
///
/// # Errors
/// [`OutOfMemory`].
#[inline(never)]
pub fn append(to: &mut Buffer<u8>, parts: &[&[u8]]) -> Result<(), OutOfMemory> {
    let length = parts.iter().try_fold(0_usize, |sum, part| sum.checked_add(part.len()));
    to.reserve(length.ok_or(OutOfMemory)?)?;
    parts.iter().try_for_each(|part| to.extend(part))
}

/// Appends a header line of the program's.
///
/// # Errors
/// [`Error::InvalidArgument`] if it cannot stand in a head, [`Error::NoMemory`].
pub fn append_field(to: &mut Buffer<u8>, name: &[u8], value: &[u8]) -> Result<(), Error> {
    let own = OWN.iter().any(|own| syntax::is_same(own, name));
    if own || !is_token(name) || !is_field_value(value) {
        return Err(Error::InvalidArgument);
    }
    Ok(append(to, &[name, b": ", value, END])?)
}

/// A number in decimal digits.
pub struct Decimal {
    digits: [u8; 20],
    start: usize,
}

impl Decimal {
    pub fn new(number: usize) -> Self {
        let mut decimal = Self { digits: [b'0'; 20], start: 20 };
        let mut rest = number;
        for digit in decimal.digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            decimal.start -= 1;
            if rest == 0 {
                break;
            }
        }
        decimal
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }
}
