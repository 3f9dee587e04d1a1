//! One WebSocket connection: the receive and the send machine, and how the one
//! answers with the other (contract R2, R3, R8 to R10, section 3.4).

use super::receiver::{Assembly, Event, Fault, Message, Receiver};
use super::sender::Sender;
use super::{Role, close, opcode};
use crate::error::Error;

/// See the module's description. `S` is that of [`Sender`].
pub struct Connection<S> {
    receiver: Receiver,
    /// Empty while a call that receives has taken it over.
    assembly: Assembly,
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
            assembly: Assembly::default(),
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
        ::core::mem::take(&mut self.assembly)
    }

    /// See [`Connection::take_assembly`]. What can never be completed is not kept.
    pub fn put_back_assembly(&mut self, assembly: Assembly) {
        if self.receiver.is_enabled() {
            self.assembly = assembly;
        }
    }

    /// The next thing to do, see [`Receiver::next`].
    ///
    /// # Errors
    /// [`Error::CallbackFailure`] for a malformed header, or [`Error::NoMemory`]; reading
    /// is disabled then.
    pub fn receive(
        &mut self,
        input: &mut [u8],
        assembly: &mut Assembly,
        frame_reports: bool,
    ) -> Result<Event, Error> {
        let event = self.receiver.next(input, assembly, frame_reports);
        self.react(event, input, assembly)
    }

    /// Goes on after [`Event::NeedPayload`]: `count` bytes were read.
    ///
    /// # Errors
    /// As [`Connection::receive`].
    pub fn receive_payload(&mut self, count: usize, assembly: &mut Assembly) -> Result<Event, Error> {
        let event = self.receiver.payload_read(count, assembly);
        self.react(event, &mut [], assembly)
    }

    /// R2: input cannot be had any more. Gives the error to report.
    pub fn input_failed(&mut self) -> Error {
        self.receiver.abandon_frame();
        self.sender.answer_with_close(0, &[]).err().unwrap_or(Error::CallbackFailure)
    }

    fn react(
        &mut self,
        event: Result<Event, Fault>,
        input: &mut [u8],
        assembly: &mut Assembly,
    ) -> Result<Event, Error> {
        let answered = match event {
            Ok(Event::Message(message)) => {
                self.answer(&message, input, assembly).map(|()| Event::Message(message))
            }
            Ok(event) => return Ok(event),
            Err(Fault::NoMemory) => Err(Error::NoMemory),
            Err(Fault::Malformed) => {
                self.sender.answer_with_close(close::PROTOCOL_ERROR, &[]).and(Err(Error::CallbackFailure))
            }
            Err(Fault::Refused(code)) => {
                self.receiver.abandon_frame();
                self.sender.answer_with_close(code, &[]).map(|()| Event::Disabled)
            }
        };
        answered.inspect_err(|_| self.receiver.abandon_frame())
    }

    /// R8 and R9: what a control frame calls for, before it is reported.
    fn answer(&mut self, message: &Message, input: &mut [u8], assembly: &mut Assembly) -> Result<(), Error> {
        match message.opcode {
            opcode::CLOSE => {
                self.receiver.disable();
                self.close_received = true;
                self.status_received = match message.status_code {
                    0 => close::NO_STATUS_RECEIVED,
                    code => code,
                };
                let payload = message.payload.bytes(input, assembly);
                let reason = payload.get(close::CODE_LENGTH..).unwrap_or_default();
                self.sender.answer_with_close(message.status_code, reason)
            }
            opcode::PING => self.sender.answer_ping(message.payload.bytes(input, assembly)),
            _ => Ok(()),
        }
    }
}
