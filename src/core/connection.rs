//! One WebSocket connection: the receive and the send machine, and how the one
//! answers with the other (contract R2, R3, R8 to R10, section 3.4).

#[cfg(test)]
mod tests;

use super::opcode::{self, MAX_CONTROL_PAYLOAD};
use super::receiver::{Assembly, Event, Fault, Message, Receiver, WholeMessage};
use super::sender::Sender;
use super::{Role, close};
use crate::error::Error;
use crate::mem::{Buffer, copy_prefix};

/// A short way to the next thing to do.
pub enum ShortStep {
    /// Report this message.
    Report(WholeMessage),
    /// Append at most this many bytes to the input.
    ReadOn(usize),
    /// Read anew, as [`Event::NeedInput`] says.
    Read(usize),
    /// There is none: [`Connection::receive`] says what to do.
    Otherwise,
}

/// See the module's description. `S` is that of [`Sender`].
pub struct Connection<S> {
    receiver: Receiver,
    /// Of an [`Assembly`]; with a call that receives while that is under way.
    data: Buffer<u8>,
    /// As above.
    control: Buffer<u8>,
    /// The send side.
    pub sender: Sender<S>,
}

impl<S> Connection<S> {
    /// A fresh connection with the defaults of contract E1.
    pub fn new(role: Role) -> Self {
        Self {
            receiver: Receiver::new(role),
            data: Buffer::new(),
            control: Buffer::new(),
            sender: Sender::new(role),
        }
    }

    /// The receive side's settings and what it knows of the peer.
    pub fn receiver(&mut self) -> &mut Receiver {
        &mut self.receiver
    }

    /// Hands over what is in but not delivered; [`Connection::put_back_assembly`] must
    /// follow when the call that receives ends.
    pub fn take_assembly(&mut self) -> Assembly {
        let (data, control) = (::core::mem::take(&mut self.data), ::core::mem::take(&mut self.control));
        Assembly { cursor: 0, data, control }
    }

    /// See [`Connection::take_assembly`]. What can never be completed is not kept.
    pub fn put_back_assembly(&mut self, mut assembly: Assembly) {
        if self.receiver.is_enabled() {
            assembly.trim();
            self.data = assembly.data;
            self.control = assembly.control;
        }
    }

    /// Queues a message of one frame, see [`Sender::queue_message`].
    ///
    /// # Errors
    /// As contract Q1 and Q2 say, or [`Error::NoMemory`].
    #[inline]
    pub fn queue_message(&mut self, opcode: u8, rsv: u8, payload: &[u8]) -> Result<(), Error> {
        let allowed_rsv = self.receiver.allowed_rsv();
        self.sender.queue_message(opcode, rsv, allowed_rsv, payload)
    }

    /// See [`Receiver::take_whole_message`] and [`Receiver::ask_for_frame`].
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    #[inline]
    pub fn receive_whole_message(
        &mut self,
        input: &mut [u8],
        assembly: &mut Assembly,
    ) -> Result<ShortStep, Error> {
        if assembly.cursor >= input.len() {
            let expected = self.receiver.ask_for_frame(assembly);
            return Ok(expected.map_or(ShortStep::Otherwise, ShortStep::Read));
        }
        match self.receiver.take_whole_message(input, assembly, None) {
            Ok(Some(message)) => Ok(ShortStep::Report(message)),
            Ok(None) => Ok(ShortStep::Otherwise),
            Err(fault) => self.fail(fault).map(|()| ShortStep::Otherwise),
        }
    }

    /// The same with input that was lent to [`Sender::lend_shown`], where the message may
    /// move, and which may be added to if `may_read_on`.
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    pub fn receive_in_shown(
        &mut self,
        assembly: &mut Assembly,
        may_read_on: bool,
    ) -> Result<ShortStep, Error> {
        let shown = self.sender.shown();
        let is_used_up = assembly.cursor >= shown.memory().len() && self.receiver.has_reported_input();
        if is_used_up && !shown.has_frames() {
            shown.memory_mut().consume(usize::MAX);
            assembly.cursor = 0;
        }
        let end_of_frames = shown.end_of_frames();
        let input = shown.memory_mut().as_mut_slice();
        match self.receiver.take_whole_message(input, assembly, end_of_frames) {
            Ok(Some(message)) => {
                shown.show(message.start);
                return Ok(ShortStep::Report(message));
            }
            Ok(None) => {}
            Err(fault) => return self.fail(fault).map(|()| ShortStep::Otherwise),
        }
        let memory = shown.memory();
        let (unread, spare) =
            (memory.as_slice().get(assembly.cursor..).unwrap_or_default(), memory.spare_capacity());
        let count = if may_read_on { self.receiver.read_on(unread, assembly, spare) } else { None };
        Ok(count.map_or(ShortStep::Otherwise, ShortStep::ReadOn))
    }

    /// Nothing more is read into what was lent to [`Sender::lend_shown`]: gives it back,
    /// unless there are frames in it to send. `goes_on` says that it followed other input.
    pub fn retire_input(&mut self, goes_on: bool) -> Buffer<u8> {
        self.receiver.batch_came(self.sender.shown().memory().len(), goes_on);
        self.sender.retire_shown()
    }

    /// The next thing to do, see [`Receiver::next`]. Without `input`, it was lent to
    /// [`Sender::lend_shown`].
    ///
    /// # Errors
    /// [`Error::CallbackFailure`] for a malformed header, or [`Error::NoMemory`]; reading
    /// is disabled then.
    #[inline(never)]
    pub fn receive(
        &mut self,
        input: Option<&mut [u8]>,
        assembly: &mut Assembly,
        frame_reports: bool,
    ) -> Result<Event, Error> {
        let input = match input {
            Some(input) => input,
            None => {
                let shown = self.sender.shown();
                shown.hide();
                shown.memory_mut().as_mut_slice()
            }
        };
        match self.receiver.next(input, assembly, frame_reports) {
            Ok(Event::Message(message)) if opcode::is_control(message.opcode) => {
                let mut payload = [0; MAX_CONTROL_PAYLOAD];
                let bytes = message.payload.bytes(input, assembly);
                copy_prefix(&mut payload, bytes);
                let length = bytes.len();
                self.answer(&message, payload.get(..length).unwrap_or_default())?;
                Ok(Event::Message(message))
            }
            Ok(event) => Ok(event),
            Err(fault) => self.fail(fault).map(|()| Event::Disabled),
        }
    }

    /// See [`Receiver::begin_in_place`].
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    pub fn receive_in_place(
        &mut self,
        input: &mut Buffer<u8>,
        assembly: &mut Assembly,
    ) -> Result<bool, Error> {
        let begun = self.receiver.begin_in_place(input, assembly);
        begun.or_else(|fault| self.fail(fault).map(|()| true))
    }

    /// The program is about to be shown `message`, which has memory of its own, until
    /// [`Sender::retire_shown`].
    pub fn show_message(&mut self, message: Buffer<u8>) {
        self.sender.lend_shown(message);
        self.sender.shown().show(0);
    }

    /// Goes on after [`Event::NeedPayload`]: `count` bytes were read.
    ///
    /// # Errors
    /// As [`Connection::receive`].
    pub fn receive_payload(&mut self, count: usize, assembly: &mut Assembly) -> Result<Event, Error> {
        let event = self.receiver.payload_read(count, assembly);
        event.or_else(|fault| self.fail(fault).map(|()| Event::Disabled))
    }

    /// R2: input cannot be had any more. Gives the error to report.
    pub fn input_failed(&mut self) -> Error {
        self.receiver.abandon_frame();
        self.sender.answer_with_close(0, &[]).err().unwrap_or(Error::CallbackFailure)
    }

    /// R2, R3, R10: says to the peer what was wrong, where that can be said.
    #[cold]
    fn fail(&mut self, fault: Fault) -> Result<(), Error> {
        self.receiver.abandon_frame();
        match fault {
            Fault::NoMemory => Err(Error::NoMemory),
            Fault::Malformed => {
                self.sender.answer_with_close(close::PROTOCOL_ERROR, &[]).and(Err(Error::CallbackFailure))
            }
            Fault::Refused(code) => self.sender.answer_with_close(code, &[]),
        }
    }

    /// R8 and R9: what a control frame calls for, before it is reported.
    fn answer(&mut self, message: &Message, payload: &[u8]) -> Result<(), Error> {
        let answered = match message.opcode {
            opcode::CLOSE => {
                self.receiver.close_came(message.status_code);
                let reason = payload.get(close::CODE_LENGTH..).unwrap_or_default();
                self.sender.answer_with_close(message.status_code, reason)
            }
            opcode::PING => self.sender.answer_ping(payload),
            _ => Ok(()),
        };
        answered.inspect_err(|_| self.receiver.abandon_frame())
    }
}
