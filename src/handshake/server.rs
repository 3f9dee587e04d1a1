//! A server's end of the opening handshake (RFC 6455 section 4.2).
//!
//! The request is read to its blank line and judged; then the program accepts or
//! answers it. A response is ready at once where nothing is left to decide, and the
//! program may still replace it before its first byte is sent.

use super::answer::{self, Answer};
use super::fields::{Head, Part};
use super::head::{Event, HeadReader, Limits, Rest};
use super::lines;
use super::request::{self, Kind, Request};
use super::start_line::{RequestLine, request_line};
use super::syntax;
use super::{Failure, Outcome, Problem};
use crate::accept_key;
use crate::error::Error;
use crate::mem::Buffer;
use ::core::ffi::CStr;

/// The opening handshake of one connection.
pub struct ServerHandshake {
    reader: HeadReader,
    outcome: Outcome,
    /// Memory ran out in the middle: nothing more can come of this handshake.
    broken: bool,
    /// The program has said what the response is.
    answered: bool,
    sent_some: bool,
    line: Option<RequestLine>,
    request: Option<Request>,
    accept: [u8; accept_key::LENGTH],
    /// Those offered, each with a NUL behind it.
    subprotocols: Buffer<u8>,
    /// Header lines for the response.
    fields: Buffer<u8>,
    response: Buffer<u8>,
    /// The ready response in whose place the program has put its own, from whose bytes it may
    /// have taken the body: they stay for the length of that call, and can as well stay on.
    replaced: Buffer<u8>,
    problem: Option<Problem>,
    /// What came behind the head.
    pub rest: Rest,
}

impl ServerHandshake {
    /// Waits for the first byte of a request.
    pub fn new() -> Self {
        Self {
            reader: HeadReader::default(),
            outcome: Outcome::Incomplete,
            broken: false,
            answered: false,
            sent_some: false,
            line: None,
            request: None,
            accept: [0; accept_key::LENGTH],
            subprotocols: Buffer::new(),
            fields: Buffer::new(),
            response: Buffer::new(),
            replaced: Buffer::new(),
            problem: None,
            rest: Rest::default(),
        }
    }

    /// How large the head may get.
    pub fn limits_mut(&mut self) -> &mut Limits {
        &mut self.reader.limits
    }

    /// Takes all of `data`, which the client sent.
    ///
    /// # Errors
    /// [`Error::NoMemory`], from then on always.
    pub fn feed(&mut self, data: &[u8]) -> Result<Outcome, Error> {
        let mut data = data;
        while self.outcome == Outcome::Incomplete && !self.broken && !data.is_empty() {
            match self.read(data) {
                Ok(taken) => data = data.get(taken..).unwrap_or_default(),
                Err(Failure::NoMemory) => self.broken = true,
                Err(Failure::Problem(problem)) => self.refuse(problem, Outcome::Bad),
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
            Event::StartLine(line) => self.line = Some(request_line(self.reader.head_mut(), line)?),
            Event::Complete(head) => self.judge(head)?,
        }
        Ok(taken)
    }

    fn judge(&mut self, head: Head) -> Result<(), Failure> {
        let Some(line) = self.line else { return Ok(()) };
        let request = self.request.insert(Request { line, head });
        match request::judge(request)? {
            Kind::WebSocket { accept, subprotocols } => {
                self.accept = accept;
                self.subprotocols = subprotocols;
                self.outcome = Outcome::WebSocket;
            }
            Kind::Http(problem) => self.refuse(problem, Outcome::Http),
        }
        Ok(())
    }

    fn refuse(&mut self, problem: Problem, outcome: Outcome) {
        self.outcome = outcome;
        self.problem = Some(problem);
        match answer::tell(problem, self.is_head_request()) {
            Ok(response) => self.response = response,
            Err(_) => self.broken = true,
        }
    }

    fn is_head_request(&self) -> bool {
        self.method() == Some(c"HEAD")
    }

    /// The request's method, once its head is complete.
    pub fn method(&self) -> Option<&CStr> {
        self.part(|line| Some(line.method))
    }

    /// The target; of an absolute URI, path and query.
    pub fn target(&self) -> Option<&CStr> {
        self.part(|line| Some(line.target))
    }

    /// The host that the request is for, with its port, if any.
    pub fn host(&self) -> Option<&CStr> {
        self.part(|line| line.authority).or_else(|| self.field(b"Host", 0))
    }

    fn part(&self, part: impl FnOnce(&RequestLine) -> Option<Part>) -> Option<&CStr> {
        let request = self.request.as_ref()?;
        part(&request.line).map(|part| request.head.string(part))
    }

    /// The value of field `number` (from 0) among those of that name.
    pub fn field(&self, name: &[u8], number: usize) -> Option<&CStr> {
        self.request.as_ref()?.head.field(name, number)
    }

    /// Subprotocol `number` (from 0) of those offered.
    pub fn subprotocol(&self, number: usize) -> Option<&CStr> {
        let mut offered = self.subprotocols.as_slice().split_inclusive(|&byte| byte == 0);
        offered.nth(number).and_then(|subprotocol| CStr::from_bytes_with_nul(subprotocol).ok())
    }

    /// What is wrong with the request.
    pub fn problem(&self) -> Option<&'static CStr> {
        self.problem.map(|problem| problem.text)
    }

    /// Adds a header field to the response that will be asked for.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`], [`Error::NoMemory`]; nothing is then added.
    pub fn add_field(&mut self, name: &[u8], value: &[u8]) -> Result<(), Error> {
        if self.answered {
            return Err(Error::InvalidArgument);
        }
        lines::append_field(&mut self.fields, name, value)
    }

    /// Opens the WebSocket.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if there is no request to accept or the subprotocol was
    /// not offered; [`Error::NoMemory`].
    pub fn accept(&mut self, subprotocol: Option<&[u8]>) -> Result<(), Error> {
        let mut offered = self.subprotocols.as_slice().split(|&byte| byte == 0);
        let known = subprotocol.is_none_or(|chosen| !chosen.is_empty() && offered.any(|one| one == chosen));
        if self.outcome != Outcome::WebSocket || self.answered || !known {
            return Err(Error::InvalidArgument);
        }
        self.response = answer::open(&self.accept, subprotocol, self.fields.as_slice())?;
        self.answered = true;
        Ok(())
    }

    /// Answers without opening a WebSocket. An unfinished request is given up.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the response is decided already or is no proper one;
    /// [`Error::NoMemory`].
    pub fn respond(&mut self, status: u16, content_type: Option<&[u8]>, body: &[u8]) -> Result<(), Error> {
        let proper = answer::is_final_status(status)
            && (body.is_empty() || answer::may_have_body(status))
            && content_type.is_none_or(syntax::is_field_value);
        if self.answered || self.sent_some || !proper {
            return Err(Error::InvalidArgument);
        }
        let to_head = self.is_head_request();
        let answer = Answer { status, content_type, body, to_head };
        let response = answer::refuse(&answer, self.fields.as_slice())?;
        self.replaced = ::core::mem::replace(&mut self.response, response);
        self.answered = true;
        if self.outcome == Outcome::Incomplete {
            self.outcome = Outcome::Bad;
        }
        Ok(())
    }

    /// What is to be sent next.
    pub fn output(&self) -> &[u8] {
        self.response.as_slice()
    }

    /// Notes that the first `count` bytes of the output were sent.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if there are fewer.
    pub fn sent(&mut self, count: usize) -> Result<(), Error> {
        if count > self.response.len() {
            return Err(Error::InvalidArgument);
        }
        self.sent_some |= count > 0;
        self.response.consume(count);
        if self.response.is_empty() {
            self.response.release();
        }
        Ok(())
    }
}
