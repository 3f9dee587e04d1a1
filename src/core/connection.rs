//! One WebSocket connection: the receive and the send machine, and how the one
//! answers with the other (contract R2, R3, R8 to R10, section 3.4).

use super::receiver::{Assembly, Event, Fault, Message, Receiver, WholeMessage};
use super::sender::Sender;
use super::{Role, close, opcode};
use crate::error::Error;
use crate::mem::Buffer;

/// See the module's description. `S` is that of [`Sender`].
pub struct Connection<S> {
    receiver: Receiver,
    /// Of an [`Assembly`]; with a call that receives while that is under way. Then this is
    /// the message that the program is being shown, if it is lent.
    data: Buffer<u8>,
    /// As above, but never lent.
    control: Buffer<u8>,
    /// The send side.
    pub sender: Sender<S>,
    close_received: bool,
    status_received: u16,
}

impl<S> Connection<S> {
    /// A fresh connection with the defaults of contract E1.
    pub fn new(role: Role) -> Self {
        Self {
            receiver: Receiver::new(role),
            data: Buffer::new(),
            control: Buffer::new(),
            sender: Sender::new(role),
            close_received: false,
            status_received: close::ABNORMAL_CLOSURE,
        }
    }

    /// The receive side's settings.
    pub fn receiver(&mut self) -> &mut Receiver {
        &mut self.receiver
    }

    /// Whether reading is enabled.
    pub fn wants_read(&self) -> bool {
        self.receiver.is_enabled()
    }

    /// Whether a Close came in.
    pub fn close_received(&self) -> bool {
        self.close_received
    }

    /// The code of the Close that came in: 1005 if it had none, 1006 before.
    pub fn status_received(&self) -> u16 {
        self.status_received
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

    /// Takes over the message that the program is about to be shown, until
    /// [`Connection::take_back_message`]. If the program queues just that message, its memory
    /// goes into the queue, and nothing is copied.
    pub fn lend_message(&mut self, message: Buffer<u8>) {
        self.data = message;
    }

    /// The message, if it has not been queued.
    pub fn take_back_message(&mut self) -> Buffer<u8> {
        ::core::mem::take(&mut self.data)
    }

    /// Queues a message of one frame, see [`Sender::queue_message`].
    ///
    /// # Errors
    /// As contract Q1 and Q2 say, or [`Error::NoMemory`].
    #[inline]
    pub fn queue_message(&mut self, opcode: u8, rsv: u8, payload: &[u8]) -> Result<(), Error> {
        let allowed_rsv = self.receiver.allowed_rsv();
        let is_lent = !self.data.is_empty() && ::core::ptr::eq(self.data.as_slice(), payload);
        let lent = if is_lent { Some(&mut self.data) } else { None };
        self.sender.queue_message(opcode, rsv, allowed_rsv, payload, lent)
    }

    /// See [`Receiver::take_whole_message`].
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    #[inline]
    pub fn receive_whole_message(
        &mut self,
        input: &mut [u8],
        assembly: &mut Assembly,
    ) -> Result<Option<WholeMessage>, Error> {
        self.receiver.take_whole_message(input, assembly).or_else(|fault| self.fail(fault).map(|()| None))
    }

    /// The next thing to do, see [`Receiver::next`].
    ///
    /// # Errors
    /// [`Error::CallbackFailure`] for a malformed header, or [`Error::NoMemory`]; reading
    /// is disabled then.
    #[inline(never)]
    pub fn receive(
        &mut self,
        input: &mut [u8],
        assembly: &mut Assembly,
        frame_reports: bool,
    ) -> Result<Event, Error> {
        match self.receiver.next(input, assembly, frame_reports) {
            Ok(Event::Message(message)) if opcode::is_control(message.opcode) => {
                self.answer(&message, input, assembly).map(|()| Event::Message(message))
            }
            Ok(event) => Ok(event),
            Err(fault) => self.fail(fault).map(|()| Event::Disabled),
        }
    }

    /// See [`Receiver::begin_in_place`].
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    pub fn receive_in_place(&mut self, input: &mut Buffer<u8>, assembly: &mut Assembly) -> Result<(), Error> {
        self.receiver.begin_in_place(input, assembly).map(drop).or_else(|fault| self.fail(fault))
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
    fn answer(&mut self, message: &Message, input: &mut [u8], assembly: &mut Assembly) -> Result<(), Error> {
        let payload = message.payload.bytes(input, assembly);
        let answered = match message.opcode {
            opcode::CLOSE => {
                self.receiver.disable();
                self.close_received = true;
                self.status_received = match message.status_code {
                    0 => close::NO_STATUS_RECEIVED,
                    code => code,
                };
                let reason = payload.get(close::CODE_LENGTH..).unwrap_or_default();
                self.sender.answer_with_close(message.status_code, reason)
            }
            opcode::PING => self.sender.answer_ping(payload),
            _ => Ok(()),
        };
        answered.inspect_err(|_| self.receiver.abandon_frame())
    }
}
