//! Putting messages into the send queues (contract Q1 to Q7).

use super::lane::{FrameInLane, encode_header};
use super::shown::Shown;
use super::{LEAST_PROVIDED, Sender, Which};
use crate::core::Role;
use crate::core::close::{self, MAX_REASON};
use crate::core::header::{Encoded, PADDED_LENGTH};
use crate::core::opcode::{self, CLOSE, MAX_CONTROL_PAYLOAD, PONG, RSV1};
use crate::error::Error;
use crate::mem::{Buffer, OutOfMemory, copy_prefix};

impl<S> Sender<S> {
    /// Q1: whether a message can be queued.
    pub fn is_queueable(&self) -> bool {
        self.write_enabled && !self.close_queued
    }

    /// Queues a message of one frame. `rsv` may hold bits of `allowed_rsv` only.
    ///
    /// # Errors
    /// As contract Q1 and Q2 say, or [`Error::NoMemory`].
    #[inline]
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
        let lane = if is_control { Which::Control } else { Which::Data };
        self.append(lane, opcode, rsv, payload)
    }

    #[inline]
    fn append(&mut self, lane: Which, opcode: u8, rsv: u8, payload: &[u8]) -> Result<(), Error> {
        let header = encode_header(self.role, opcode, rsv, payload);
        let is_made = lane == Which::Data
            && self.shown.memory().is_allocated()
            && self.make_frame_of_shown(header, payload)?;
        if !is_made {
            self.append_copy(lane, header, payload)?;
        }
        self.queued_count = self.queued_count.saturating_add(1);
        self.queued_length = self.queued_length.saturating_add(payload.len());
        Ok(())
    }

    /// Makes a frame of a message being shown, if it can. If not, what was made so before goes
    /// into the queue, because more will follow that.
    #[inline(never)]
    fn make_frame_of_shown(&mut self, header: Encoded, payload: &[u8]) -> Result<bool, OutOfMemory> {
        let is_next = self.fragmented.is_empty() && self.data.waiting.is_empty();
        if self.role == Role::Server && is_next && self.shown.make_frame(&header, payload.as_ptr_range()) {
            return Ok(true);
        }
        self.queue_shown_frames()?;
        Ok(false)
    }

    /// Puts the frames made of messages being shown into the queue.
    ///
    /// # Errors
    /// [`OutOfMemory`]; they stay where they are.
    pub(super) fn queue_shown_frames(&mut self) -> Result<(), OutOfMemory> {
        self.data.waiting.extend(self.shown.frames())?;
        self.shown.forget_frames();
        Ok(())
    }

    /// Takes over memory in which the program will be shown messages, until
    /// [`Sender::retire_shown`]: those that it queues are not copied.
    pub fn lend_shown(&mut self, memory: Buffer<u8>) {
        self.shown.lend(memory);
    }

    /// Messages that the program is being shown.
    pub fn shown(&mut self) -> &mut Shown {
        &mut self.shown
    }

    /// Nothing more will be shown of what was lent: gives it back, unless there are frames in
    /// it to send.
    pub fn retire_shown(&mut self) -> Buffer<u8> {
        let (memory, has_frames) = self.shown.take();
        if !has_frames {
            return memory;
        }
        // Frames are made only when none wait, and none are queued behind them.
        self.data.waiting = memory;
        Buffer::new()
    }

    #[inline]
    fn append_copy(&mut self, lane: Which, header: Encoded, payload: &[u8]) -> Result<(), OutOfMemory> {
        let frames = match (lane, self.fragmented.back_mut()) {
            (Which::Control, _) => &mut self.control.waiting,
            (Which::Data, Some(last)) => &mut last.behind,
            (Which::Data, None) => &mut self.data.waiting,
        };
        if lane == Which::Data && !frames.is_allocated() {
            let needed = payload.len().saturating_add(PADDED_LENGTH);
            // Without more memory, what is needed will do.
            let _ = frames.reserve_exact(needed.max(LEAST_PROVIDED).max(self.last_run as usize));
        }
        frames.extend_with_head(header.padded(), header.length(), payload)
    }

    /// Q5: queues a Close, after which nothing can be queued.
    ///
    /// # Errors
    /// As contract Q1 and Q2 say, or [`Error::NoMemory`].
    pub fn queue_close(&mut self, status_code: u16, reason: &[u8]) -> Result<(), Error> {
        self.put_close(Which::Control, status_code, reason)
    }

    fn put_close(&mut self, lane: Which, status_code: u16, reason: &[u8]) -> Result<(), Error> {
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
        self.append(lane, CLOSE, 0, payload.get(..length).unwrap_or_default())?;
        self.close_queued = true;
        Ok(())
    }

    /// R9: answers a Ping, where messages can be queued. RFC 6455 section 5.5.3: of the
    /// Pings not answered yet the last alone needs its Pong, so a peer that sends Pings and
    /// reads nothing costs a bounded amount of memory (D15).
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    pub fn answer_ping(&mut self, payload: &[u8]) -> Result<(), Error> {
        if !self.is_queueable() {
            return Ok(());
        }
        if let Some(newest) = self.waiting_pongs.superseded() {
            self.drop_waiting_pong(newest);
        }
        let start = self.control.waiting.len();
        self.append(Which::Control, PONG, 0, payload)?;
        self.waiting_pongs.push(start);
        Ok(())
    }

    fn drop_waiting_pong(&mut self, start: usize) {
        let bytes = self.control.waiting.as_slice().get(start..).unwrap_or_default();
        if let Some(pong) = FrameInLane::at_start_of(bytes) {
            self.control.waiting.remove(start..start + pong.length());
            self.account_for(Which::Control, &pong);
        }
    }

    /// Whether [`Sender::answer_with_close`] lets data go first that is queued already.
    pub fn set_close_after_queued(&mut self, close_after_queued: bool) {
        self.close_after_queued = close_after_queued;
    }

    /// Queues the library's own Close, unless there is one.
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    pub fn answer_with_close(&mut self, status_code: u16, reason: &[u8]) -> Result<(), Error> {
        if !self.is_queueable() {
            return Ok(());
        }
        let lane = if self.close_after_queued { Which::Data } else { Which::Control };
        self.put_close(lane, status_code, reason)?;
        self.close_in_data = self.close_after_queued;
        Ok(())
    }
}
