//! The lines of a head, and where in them the parts lie that a program asks for.
//!
//! No control character stands in a line (see `head`). So every part can be made a C
//! string where it lies, by a NUL in place of the byte behind it: a space, a colon, or
//! the line's end.

use super::syntax;
use super::{Failure, Problem};
use crate::mem::{Buffer, OutOfMemory};
use ::core::ffi::CStr;

const BAD_NAME: Problem = Problem::bad(c"a header line without a proper name");

/// A part of a head.
#[derive(Clone, Copy)]
pub struct Part {
    pub start: usize,
    /// Where the byte behind it is.
    pub end: usize,
}

#[derive(Clone, Copy)]
struct Field {
    name: Part,
    value: Part,
}

/// A head as far as it has come.
#[derive(Default)]
pub struct Head {
    bytes: Buffer<u8>,
    fields: Buffer<Field>,
}

impl Head {
    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Puts more behind them.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn extend(&mut self, bytes: &[u8]) -> Result<(), OutOfMemory> {
        self.bytes.extend(bytes)
    }

    /// The bytes of a part.
    pub fn bytes(&self, part: Part) -> &[u8] {
        self.bytes.as_slice().get(part.start..part.end).unwrap_or_default()
    }

    /// The bytes of a part.
    pub fn bytes_mut(&mut self, part: Part) -> &mut [u8] {
        self.bytes.as_mut_slice().get_mut(part.start..part.end).unwrap_or_default()
    }

    /// The part, which was [terminated](Self::terminate), as a C string.
    #[inline(never)]
    pub fn string(&self, part: Part) -> &CStr {
        let with_nul = self.bytes.as_slice().get(part.start..=part.end).unwrap_or_default();
        CStr::from_bytes_with_nul(with_nul).unwrap_or_default()
    }

    /// Makes `part` a C string. What lies behind it must have been looked at.
    pub fn terminate(&mut self, part: Part) {
        if let Some(behind) = self.bytes.as_mut_slice().get_mut(part.end) {
            *behind = 0;
        }
    }

    /// Takes a header line (RFC 9112 section 5). A name has no space behind it, nor
    /// before it: such a line would continue the one above.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_field(&mut self, line: Part) -> Result<(), Failure> {
        let bytes = self.bytes(line);
        let colon = bytes.iter().position(|&byte| byte == b':').ok_or(BAD_NAME)?;
        let (name, value) = bytes.split_at_checked(colon).ok_or(BAD_NAME)?;
        if !syntax::is_token(name) {
            return Err(BAD_NAME.into());
        }
        let value = value.get(1..).unwrap_or_default();
        let end = line.end - (value.len() - value.trim_ascii_end().len());
        let start = end - value.trim_ascii().len();
        let field =
            Field { name: Part { start: line.start, end: line.start + colon }, value: Part { start, end } };
        self.fields.push(field)?;
        self.terminate(field.name);
        self.terminate(field.value);
        Ok(())
    }

    /// Field `number` (from 0) of those of that name, whose case does not matter.
    pub fn field(&self, name: &[u8], number: usize) -> Option<&CStr> {
        let mut next = 0;
        for _ in 0..number {
            self.next_value(name, &mut next)?;
        }
        self.next_value(name, &mut next).map(|value| self.string(value))
    }

    /// The values of all fields of that name, whose case does not matter.
    pub fn values<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let mut next = 0;
        ::core::iter::from_fn(move || self.next_value(name, &mut next).map(|value| self.bytes(value)))
    }

    /// The value of the first field of that name from number `next` on, which moves behind
    /// it.
    #[inline(never)]
    fn next_value(&self, name: &[u8], next: &mut usize) -> Option<Part> {
        while let Some(field) = self.fields.as_slice().get(*next) {
            *next += 1;
            if syntax::is_same(self.bytes(field.name), name) {
                return Some(field.value);
            }
        }
        None
    }

    /// The value of the only field of that name; nothing if there is none or more.
    #[inline(never)]
    pub fn sole_value<'a>(&'a self, name: &'a [u8]) -> Option<&'a [u8]> {
        let mut values = self.values(name);
        let first = values.next();
        if values.next().is_some() { None } else { first }
    }

    /// How many fields of that name there are.
    #[inline(never)]
    pub fn count(&self, name: &[u8]) -> usize {
        self.values(name).count()
    }

    /// Whether the lists under `name` have `element`, whose case does not matter.
    #[inline(never)]
    pub fn lists(&self, name: &[u8], element: &[u8]) -> bool {
        self.values(name).any(|value| syntax::elements(value).any(|listed| syntax::is_same(listed, element)))
    }
}
