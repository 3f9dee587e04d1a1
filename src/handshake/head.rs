//! Cuts the head of an HTTP message out of a byte stream.
//!
//! Each byte is looked at once, however the stream is cut, and each line as soon as it is
//! there. So the verdict does not depend on the cuts, and what is plainly not HTTP is
//! known before a blank line comes.

use super::fields::{Head, Part};
use super::{Failure, Problem};
use crate::mem::{Buffer, OutOfMemory};

const NOT_TEXT: Problem = Problem::bad(c"a control character in the head");
const BARE_LINE_END: Problem = Problem::bad(c"CR or LF alone in the head");
const NO_START_LINE: Problem = Problem::bad(c"a blank line where the head should begin");
const TOO_LONG: Problem = Problem::new(431, c"the head is too long");
const TOO_MANY_FIELDS: Problem = Problem::new(431, c"too many header lines");

/// How large a head may get.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes, up to and with the blank line.
    pub head_length: usize,
    /// Header lines.
    pub field_count: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head_length: 16 * 1024, field_count: 100 }
    }
}

/// What the bytes taken last have led to.
pub enum Event {
    /// More bytes are needed.
    Incomplete,
    /// The start line is there, without its end: see [`HeadReader::head_mut`].
    StartLine(Part),
    /// The blank line is there.
    Complete(Head),
}

/// A head in the making.
#[derive(Default)]
pub struct HeadReader {
    pub limits: Limits,
    head: Head,
    line_start: usize,
    after_cr: bool,
    /// Complete lines that are not empty: the start line and the header lines.
    lines: usize,
}

impl HeadReader {
    /// Takes bytes from the front of `data` up to the end of a line; gives how many.
    ///
    /// # Errors
    /// What is wrong with the head; it can then not be read further.
    pub fn take(&mut self, data: &[u8]) -> Result<(usize, Event), Failure> {
        let room = self.limits.head_length.saturating_sub(self.head.len());
        let mut taken = 0;
        for &byte in data {
            if taken == room {
                return Err(TOO_LONG.into());
            }
            taken += 1;
            if self.ends_line(byte)? {
                self.head.extend(data.get(..taken).unwrap_or_default())?;
                return Ok((taken, self.end_line()?));
            }
        }
        self.head.extend(data)?;
        Ok((taken, Event::Incomplete))
    }

    /// Whether `byte` is the LF of a CR LF.
    fn ends_line(&mut self, byte: u8) -> Result<bool, Problem> {
        let after_cr = ::core::mem::replace(&mut self.after_cr, byte == b'\r');
        match byte {
            b'\n' if after_cr => Ok(true),
            b'\n' => Err(BARE_LINE_END),
            _ if after_cr => Err(BARE_LINE_END),
            b'\r' | b'\t' => Ok(false),
            _ if byte.is_ascii_control() => Err(NOT_TEXT),
            _ => Ok(false),
        }
    }

    fn end_line(&mut self) -> Result<Event, Failure> {
        let line = Part { start: self.line_start, end: self.head.len() - 2 };
        self.line_start = self.head.len();
        match (line.end == line.start, self.lines) {
            // One is passed over (RFC 9112 section 2.2).
            (true, 0) if line.start == 0 => Ok(Event::Incomplete),
            (true, 0) => Err(NO_START_LINE.into()),
            (true, _) => Ok(Event::Complete(self.start_over())),
            (false, 0) => {
                self.lines = 1;
                Ok(Event::StartLine(line))
            }
            (false, lines) if lines > self.limits.field_count => Err(TOO_MANY_FIELDS.into()),
            (false, _) => {
                self.lines += 1;
                self.head.add_field(line)?;
                Ok(Event::Incomplete)
            }
        }
    }

    /// Gives the head away. One that follows has what is left of the limit.
    fn start_over(&mut self) -> Head {
        let head_length = self.limits.head_length.saturating_sub(self.head.len());
        let limits = Limits { head_length, ..self.limits };
        ::core::mem::replace(self, Self { limits, ..Self::default() }).head
    }

    /// The head as far as it has come.
    pub fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

/// The bytes behind a head, until they are read.
#[derive(Default)]
pub struct Rest(Buffer<u8>);

impl Rest {
    /// # Errors
    /// [`OutOfMemory`]; nothing is then kept.
    pub fn keep(&mut self, bytes: &[u8]) -> Result<(), OutOfMemory> {
        self.0.extend(bytes)
    }

    /// The bytes, first come first.
    pub fn as_slice(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Drops the first `count` bytes; the memory goes with the last.
    pub fn consume(&mut self, count: usize) {
        self.0.consume(count);
        if self.0.is_empty() {
            self.0.release();
        }
    }
}
