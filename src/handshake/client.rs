//! A client's end of the opening handshake (RFC 6455 section 4.1).
//!
//! The request is written piece by piece as the program says what is to be in it, and
//! ends when its first byte is asked for. Responses are read until one is final.

use super::fields::Head;
use super::head::{Event, HeadReader, Limits, Rest};
use super::lines::{self, END};
use super::start_line::status_line;
use super::syntax;
use super::verify::{Offer, verify};
use super::{Failure, Outcome, Problem};
use crate::accept_key::{self, accept_key};
use crate::error::Error;
use crate::mem::Buffer;
use ::core::ffi::CStr;
use base64ct::{Base64, Encoding};

/// The opening handshake of one connection.
pub struct ClientHandshake {
    request: Buffer<u8>,
    /// The request has its blank line.
    complete: bool,
    accept: [u8; accept_key::LENGTH],
    subprotocols: Buffer<u8>,
    extensions: Buffer<u8>,
    reader: HeadReader,
    outcome: Outcome,
    /// Memory ran out in the middle: nothing more can come of this handshake.
    broken: bool,
    status: u16,
    response: Option<Head>,
    problem: Option<Problem>,
    /// What came behind the head.
    pub rest: Rest,
}

impl ClientHandshake {
    /// Begins a request for `target` at `host`, with 16 bytes of `nonce` that nobody can
    /// guess, and a list of subprotocols, which may be empty.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if one of the strings cannot stand in a request,
    /// [`Error::NoMemory`].
    pub fn new(host: &[u8], target: &[u8], subprotocols: &[u8], nonce: [u8; 16]) -> Result<Self, Error> {
        let mut key = [0; 24];
        let key = Base64::encode(&nonce, &mut key).map_or("", |key| key).as_bytes();
        let accept = accept_key(key).ok_or(Error::InvalidArgument)?;
        if !syntax::is_host(host) || !syntax::is_resource(target) || !is_offer(subprotocols) {
            return Err(Error::InvalidArgument);
        }
        let mut request = Buffer::new();
        lines::append(&mut request, &[b"GET ", target, b" HTTP/1.1\r\nHost: ", host, END])?;
        lines::append(&mut request, &[b"Upgrade: websocket\r\nConnection: Upgrade\r\n"])?;
        lines::append(&mut request, &[b"Sec-WebSocket-Key: ", key, b"\r\nSec-WebSocket-Version: 13\r\n"])?;
        let mut offered = Buffer::new();
        if !subprotocols.is_empty() {
            lines::append(&mut request, &[b"Sec-WebSocket-Protocol: ", subprotocols, END])?;
            offered.extend(subprotocols)?;
        }
        // So that ending the request cannot fail.
        request.reserve(END.len())?;
        Ok(Self {
            request,
            complete: false,
            accept,
            subprotocols: offered,
            extensions: Buffer::new(),
            reader: HeadReader::default(),
            outcome: Outcome::Incomplete,
            broken: false,
            status: 0,
            response: None,
            problem: None,
            rest: Rest::default(),
        })
    }

    /// How large the head may get.
    pub fn limits_mut(&mut self) -> &mut Limits {
        &mut self.reader.limits
    }

    /// Adds a header field to the request.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if it cannot stand there or the request is complete,
    /// [`Error::NoMemory`]; nothing is then added.
    pub fn add_field(&mut self, name: &[u8], value: &[u8]) -> Result<(), Error> {
        if self.complete {
            return Err(Error::InvalidArgument);
        }
        let room = name.len().saturating_add(value.len()).saturating_add(2 * END.len() + b": ".len());
        self.request.reserve(room)?;
        let is_extension = syntax::is_same(name, b"Sec-WebSocket-Extensions");
        if is_extension {
            self.extensions.reserve(value.len().saturating_add(1))?;
        }
        lines::append_field(&mut self.request, name, value)?;
        if is_extension {
            lines::append(&mut self.extensions, &[value, b"\n"])?;
        }
        Ok(())
    }

    /// What is to be sent next. This completes the request.
    pub fn output(&mut self) -> &[u8] {
        if !self.complete {
            // There is room: see `new` and `add_field`.
            self.complete = self.request.extend(END).is_ok();
        }
        self.request.as_slice()
    }

    /// Notes that the first `count` bytes of the output were sent.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if there are fewer.
    pub fn sent(&mut self, count: usize) -> Result<(), Error> {
        if count > self.request.len() || !self.complete {
            return Err(Error::InvalidArgument);
        }
        self.request.consume(count);
        if self.request.is_empty() {
            self.request.release();
        }
        Ok(())
    }

    /// Takes all of `data`, which the server sent.
    ///
    /// # Errors
    /// [`Error::NoMemory`], from then on always.
    pub fn feed(&mut self, data: &[u8]) -> Result<Outcome, Error> {
        let mut data = data;
        while self.outcome == Outcome::Incomplete && !self.broken && !data.is_empty() {
            match self.read(data) {
                Ok(taken) => data = data.get(taken..).unwrap_or_default(),
                Err(Failure::NoMemory) => self.broken = true,
                Err(Failure::Problem(problem)) => {
                    self.problem = Some(problem);
                    self.outcome = Outcome::Bad;
                }
            }
        }
        if matches!(self.outcome, Outcome::WebSocket | Outcome::Http) && self.rest.keep(data).is_err() {
            self.broken = true;
        }
        if self.broken { Err(Error::NoMemory) } else { Ok(self.outcome) }
    }

    /// Takes what belongs to the head and brings something about; gives its length.
    fn read(&mut self, data: &[u8]) -> Result<usize, Failure> {
        let (taken, event) = self.reader.take(data)?;
        match event {
            Event::Incomplete => {}
            Event::StartLine(line) => self.status = status_line(self.reader.head_mut(), line)?,
            Event::Complete(head) => self.judge(head)?,
        }
        Ok(taken)
    }

    fn judge(&mut self, head: Head) -> Result<(), Failure> {
        match self.status {
            101 => {
                let head = self.response.insert(head);
                let offer = Offer {
                    accept: &self.accept,
                    subprotocols: self.subprotocols.as_slice(),
                    extensions: self.extensions.as_slice(),
                };
                verify(head, &offer)?;
                self.outcome = Outcome::WebSocket;
            }
            // An interim response; another follows (RFC 9110 section 15.2).
            100..=199 => {}
            _ => {
                self.response = Some(head);
                self.outcome = Outcome::Http;
            }
        }
        Ok(())
    }

    /// The response's status, once its head is complete.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|_| self.status)
    }

    /// The value of field `number` (from 0) among those of that name.
    pub fn field(&self, name: &[u8], number: usize) -> Option<&CStr> {
        self.response.as_ref()?.field(name, number)
    }

    /// The subprotocol that the server chose.
    pub fn subprotocol(&self) -> Option<&CStr> {
        if self.outcome == Outcome::WebSocket { self.field(b"Sec-WebSocket-Protocol", 0) } else { None }
    }

    /// What is wrong with the response.
    pub fn problem(&self) -> Option<&'static CStr> {
        self.problem.map(|problem| problem.text)
    }
}

/// Whether a list holds tokens, none twice (RFC 6455 section 4.1, item 10), or is empty.
fn is_offer(subprotocols: &[u8]) -> bool {
    let items = || subprotocols.split(|&byte| byte == b',').map(<[u8]>::trim_ascii);
    subprotocols.is_empty()
        || (syntax::is_field_value(subprotocols)
            && items().enumerate().all(|(number, item)| {
                syntax::is_token(item) && items().take(number).all(|before| before != item)
            }))
}
