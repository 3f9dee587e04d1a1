//! Putting messages into the send queues (contract Q1 to Q7).

use super::lane::append_frame;
use super::{Fragmented, Sender};
use crate::core::close::{self, MAX_REASON};
use crate::core::opcode::{self, CLOSE, MAX_CONTROL_PAYLOAD, PONG, RSV1};
use crate::error::Error;
use crate::mem::{Buffer, copy_prefix};

impl<S> Sender<S> {
    /// Q1: whether a message can be queued.
    pub fn is_queueable(&self) -> bool {
        self.write_enabled && !self.close_queued
    }

    /// Queues a message of one frame. `rsv` may hold bits of `allowed_rsv` only.
    ///
    /// # Errors
    /// As contract Q1 and Q2 say, or [`Error::NoMemory`].
    pub fn queue_message(
        &mut self,
        opcode: u8,
        rsv: u8,
        allowed_rsv: u8,
        payload: &[u8],
    ) -> Result<(), Error> {
        if !self.is_queueable() {
            return Err(Error::NoMoreMessages);
        }
        let is_control = opcode::is_control(opcode);
        let refused_as_control = is_control && (payload.len() > MAX_CONTROL_PAYLOAD || rsv & RSV1 != 0);
        if refused_as_control || rsv & !allowed_rsv != 0 {
            return Err(Error::InvalidArgument);
        }
        let frames = if is_control {
            &mut self.control.waiting
        } else if let Some(last) = self.fragmented.back_mut() {
            &mut last.behind
        } else {
            &mut self.data.waiting
        };
        append_frame(frames, self.role, opcode, rsv, payload)?;
        self.queued_count = self.queued_count.saturating_add(1);
        self.queued_length = self.queued_length.saturating_add(payload.len());
        Ok(())
    }

    /// Queues a message that a source gives piece by piece. `make_source` is called once
    /// nothing else stands against the message.
    ///
    /// # Errors
    /// As contract Q1 and Q2 say, those of `make_source`, or [`Error::NoMemory`].
    pub fn queue_fragmented(
        &mut self,
        opcode: u8,
        rsv: u8,
        allowed_rsv: u8,
        make_source: impl FnOnce() -> Result<S, Error>,
    ) -> Result<(), Error> {
        if !self.is_queueable() {
            return Err(Error::NoMoreMessages);
        }
        if opcode::is_control(opcode) || rsv & !allowed_rsv != 0 {
            return Err(Error::InvalidArgument);
        }
        let source = make_source()?;
        self.fragmented.push(Fragmented { source, opcode, rsv, started: false, behind: Buffer::new() })?;
        self.queued_count = self.queued_count.saturating_add(1);
        Ok(())
    }

    /// Q5: queues a Close, after which nothing can be queued.
    ///
    /// # Errors
    /// As contract Q1 and Q2 say, or [`Error::NoMemory`].
    pub fn queue_close(&mut self, status_code: u16, reason: &[u8]) -> Result<(), Error> {
        if !self.is_queueable() {
            return Err(Error::NoMoreMessages);
        }
        if reason.len() > MAX_REASON {
            return Err(Error::InvalidArgument);
        }
        let mut payload = [0; MAX_CONTROL_PAYLOAD];
        let (code, rest) = payload.split_at_mut(close::CODE_LENGTH);
        copy_prefix(code, &status_code.to_be_bytes());
        copy_prefix(rest, reason);
        let length = if status_code == 0 { 0 } else { close::CODE_LENGTH + reason.len() };
        self.queue_message(CLOSE, 0, 0, payload.get(..length).unwrap_or_default())?;
        self.close_queued = true;
        Ok(())
    }

    /// R9: answers a Ping, where messages can be queued.
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    pub fn answer_ping(&mut self, payload: &[u8]) -> Result<(), Error> {
        match self.queue_message(PONG, 0, 0, payload) {
            Err(Error::NoMoreMessages) => Ok(()),
            result => result,
        }
    }

    /// Queues the library's own Close, unless there is one.
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    pub fn answer_with_close(&mut self, status_code: u16, reason: &[u8]) -> Result<(), Error> {
        match self.queue_close(status_code, reason) {
            Err(Error::NoMoreMessages) => Ok(()),
            result => result,
        }
    }
}
