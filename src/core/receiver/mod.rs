//! The receive machine: from bytes to frames and messages (contract R1 to R9).
//!
//! It judges, unmasks, checks UTF-8 and assembles, and answers each call of
//! [`Receiver::next`] with the one thing to do next. What it reads lies in memory
//! of the caller: the input, and an [`Assembly`] that the caller takes over for
//! the length of a call. So nothing that is shown to the program belongs to the
//! machine. It never reacts to what it reads; that is `connection`'s part.

mod expectation;
mod partial_header;
mod payload_pieces;
mod short_way;
mod step;
#[cfg(test)]
mod tests;

pub use short_way::WholeMessage;
pub use step::{Assembly, Event, Fault, FrameStart, Message, Piece};

use self::expectation::Expectation;
use super::Role;
use super::close;
use super::header::{self, Header, Parsed};
use super::opcode::{self, CLOSE, CONTINUATION, RSV1, TEXT};
use super::utf8::Utf8Stream;

/// How far the frame under way has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Its header is incomplete.
    Header,
    /// It is judged when its first payload byte is there (R3).
    Judgement,
    /// Its start was reported, and its first piece is at hand.
    FirstPiece,
    /// More of its payload is to come.
    MorePieces,
    /// All of its payload was reported.
    End,
    /// Its end was reported, and it ends a message.
    MessageEnd,
    /// The message was reported; its memory can go.
    Delivered,
}

/// The frame under way.
#[derive(Clone, Copy)]
struct Frame {
    header: FrameStart,
    mask_key: Option<[u8; 4]>,
    /// Payload bytes so far.
    received: u64,
    /// The whole payload lies in the input just before the cursor.
    in_input: bool,
}

/// The data message under way, known from its first frame.
#[derive(Clone, Copy)]
struct MessageStart {
    opcode: u8,
    rsv: u8,
}

/// See the module's description.
pub struct Receiver {
    role: Role,
    stage: Stage,
    enabled: bool,
    /// No piece has been taken from the input since it was asked for.
    input_is_fresh: bool,
    buffering: bool,
    allowed_rsv: u8,
    frame: Frame,
    message: Option<MessageStart>,
    message_utf8: Utf8Stream,
    reason_utf8: Utf8Stream,
    max_message_length: u64,
    expectation: Expectation,
    close_received: bool,
    status_received: u16,
}

impl Receiver {
    /// At the start of a connection, with the defaults of contract E1.
    pub fn new(role: Role) -> Self {
        let header = FrameStart { fin: false, rsv: 0, opcode: 0, payload_length: 0 };
        Self {
            role,
            stage: Stage::Header,
            enabled: true,
            input_is_fresh: false,
            buffering: true,
            allowed_rsv: 0,
            frame: Frame { header, mask_key: None, received: 0, in_input: false },
            message: None,
            message_utf8: Utf8Stream::new(),
            reason_utf8: Utf8Stream::new(),
            max_message_length: i32::MAX as u64,
            expectation: Expectation::default(),
            close_received: false,
            status_received: close::ABNORMAL_CLOSURE,
        }
    }

    /// Whether reading is enabled.
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Disables reading for good (R11).
    pub fn disable(&mut self) {
        self.enabled = false;
    }

    /// Disables reading in the middle of a frame that cannot be read on.
    pub fn abandon_frame(&mut self) {
        self.enabled = false;
        self.input_is_fresh = false;
        self.stage = Stage::Header;
    }

    /// R8: a Close came in, with this code or 0. Nothing may follow it.
    pub fn close_came(&mut self, status_code: u16) {
        self.enabled = false;
        self.close_received = true;
        self.status_received = if status_code == 0 { close::NO_STATUS_RECEIVED } else { status_code };
    }

    /// Whether a Close came in.
    pub fn close_received(&self) -> bool {
        self.close_received
    }

    /// The code of the Close that came in: 1005 if it had none, 1006 before.
    pub fn status_received(&self) -> u16 {
        self.status_received
    }

    /// E2: the RSV bits that a message may have, in both directions.
    pub fn allowed_rsv(&self) -> u8 {
        self.allowed_rsv
    }

    /// E2: only RSV1 can be allowed.
    pub fn set_allowed_rsv(&mut self, rsv: u8) {
        self.allowed_rsv = rsv & RSV1;
    }

    /// R6.
    pub fn set_buffering(&mut self, buffering: bool) {
        self.buffering = buffering;
    }

    /// The limit of R3, in bytes.
    pub fn set_max_message_length(&mut self, length: u64) {
        self.max_message_length = length;
    }

    /// The next thing to do, with `input` as it was filled last. Without `frame_reports`
    /// nobody wants to know of frames: what concerns them alone is passed over.
    ///
    /// # Errors
    /// A [`Fault`]; [`Receiver::abandon_frame`] must follow.
    pub fn next(
        &mut self,
        input: &mut [u8],
        assembly: &mut Assembly,
        frame_reports: bool,
    ) -> Result<Event, Fault> {
        if assembly.cursor >= input.len()
            && let Some(expected) = self.ask_for_frame(assembly)
        {
            return Ok(Event::NeedInput(expected));
        }
        if self.stage == Stage::Delivered {
            self.release_delivered(assembly);
        }
        loop {
            let event = self.advance(input, assembly)?;
            let of_frame = matches!(event, Event::FrameStart(_) | Event::Chunk(_) | Event::FrameEnd);
            if frame_reports || !of_frame {
                return Ok(event);
            }
        }
    }

    /// All input was taken: what [`Event::NeedInput`] says, if the header of a frame, or the
    /// rest of it, must come next; nothing if the machine must look at what is there.
    #[inline]
    pub fn ask_for_frame(&mut self, assembly: &mut Assembly) -> Option<usize> {
        if self.stage == Stage::Delivered {
            self.release_delivered(assembly);
        }
        if self.stage != Stage::Header || !self.enabled {
            return None;
        }
        self.input_is_fresh = true;
        Some(if self.is_between_messages(assembly) { self.expectation.batch_size() } else { 0 })
    }

    fn advance(&mut self, input: &mut [u8], assembly: &mut Assembly) -> Result<Event, Fault> {
        match self.stage {
            Stage::Header | Stage::Delivered => self.read_header(input, assembly),
            Stage::Judgement => self.await_first_piece(input, assembly),
            Stage::FirstPiece => self.take_piece(input, assembly),
            Stage::MorePieces if self.is_stopped() => Ok(Event::Disabled),
            Stage::MorePieces if assembly.cursor < input.len() => self.take_piece(input, assembly),
            Stage::MorePieces => self.ask_for_payload(assembly),
            Stage::End => self.end_frame(),
            Stage::MessageEnd => self.end_message(input, assembly),
        }
    }

    /// Gives back the memory of a message that was reported.
    #[inline(never)]
    fn release_delivered(&mut self, assembly: &mut Assembly) {
        let is_control = opcode::is_control(self.frame.header.opcode);
        let delivered = if is_control { &mut assembly.control } else { &mut assembly.data };
        delivered.release();
        self.stage = Stage::Header;
    }

    /// Whether no message that lies in the input before the cursor is still to be reported.
    pub fn has_reported_input(&self) -> bool {
        !matches!(self.stage, Stage::End | Stage::MessageEnd)
    }

    /// How much of the memory for large messages is to be filled first, see
    /// [`Event::NeedInput`].
    pub fn first_read(&self) -> usize {
        self.expectation.first_read()
    }

    /// The memory for large messages was used up to `count` bytes; `goes_on` says that more
    /// came before it.
    pub fn batch_came(&mut self, count: usize, goes_on: bool) {
        self.expectation.batch(count, goes_on);
    }

    fn read_header(&mut self, input: &mut [u8], assembly: &mut Assembly) -> Result<Event, Fault> {
        if self.is_stopped() {
            return Ok(Event::Disabled);
        }
        let unread = input.get(assembly.cursor..).unwrap_or_default();
        if assembly.control.is_empty()
            && let Parsed::Complete { header, length } = header::parse(unread)?
        {
            assembly.cursor += length;
            self.begin_frame(header);
            return self.await_first_piece(input, assembly);
        }
        let (taken, complete) = partial_header::read_on(&mut assembly.control, unread)?;
        assembly.cursor += taken;
        match complete {
            None => self.ask_for_input(0),
            Some(header) => {
                self.begin_frame(header);
                self.await_first_piece(input, assembly)
            }
        }
    }

    /// Whether the next byte is the first of a message's header, or of a control frame's
    /// between messages.
    fn is_between_messages(&self, assembly: &Assembly) -> bool {
        self.stage == Stage::Header && self.message.is_none() && assembly.control.is_empty()
    }

    /// Whether nothing more may be taken: reading was disabled, but what the recv
    /// callback that did so gave is still looked at, up to the first piece in it.
    fn is_stopped(&self) -> bool {
        !self.enabled && !self.input_is_fresh
    }

    /// `expected`: see [`Event::NeedInput`].
    fn ask_for_input(&mut self, expected: usize) -> Result<Event, Fault> {
        if !self.enabled {
            return Ok(Event::Disabled);
        }
        self.input_is_fresh = true;
        Ok(Event::NeedInput(expected))
    }

    fn begin_frame(&mut self, header: Header) {
        let Header { fin, rsv, opcode, payload_length, mask_key } = header;
        let header = FrameStart { fin, rsv, opcode, payload_length };
        self.frame = Frame { header, mask_key, received: 0, in_input: false };
        self.stage = Stage::Judgement;
    }

    fn await_first_piece(&mut self, input: &[u8], assembly: &Assembly) -> Result<Event, Fault> {
        let FrameStart { payload_length, .. } = self.frame.header;
        if payload_length > 0 && assembly.cursor >= input.len() {
            return self.ask_for_input(0);
        }
        self.judge(assembly).map_err(Fault::Refused)?;
        self.stage = Stage::FirstPiece;
        Ok(Event::FrameStart(self.frame.header))
    }

    /// R3, in its order; a refused frame's Close code is the error.
    fn judge(&mut self, assembly: &Assembly) -> Result<(), u16> {
        let FrameStart { rsv, opcode, payload_length, .. } = self.frame.header;
        let is_control = opcode::is_control(opcode);
        let rsv_refused =
            rsv & !self.allowed_rsv != 0 || rsv & RSV1 != 0 && (is_control || opcode == CONTINUATION);
        let masked = self.frame.mask_key.is_some();
        if rsv_refused || masked != (self.role == Role::Server) {
            return Err(close::PROTOCOL_ERROR);
        }
        let opcode_fits = match opcode {
            opcode::CLOSE | opcode::PING | opcode::PONG => true,
            CONTINUATION => self.message.is_some(),
            TEXT | opcode::BINARY => self.message.is_none(),
            _ => false,
        };
        if !opcode_fits {
            return Err(close::PROTOCOL_ERROR);
        }
        let so_far = if is_control { 0 } else { assembly.data.len() as u64 };
        if so_far.saturating_add(payload_length) > self.max_message_length {
            return Err(close::MESSAGE_TOO_BIG);
        }
        if opcode == CLOSE {
            self.reason_utf8 = Utf8Stream::new();
        } else if !is_control && opcode != CONTINUATION {
            self.message = Some(MessageStart { opcode, rsv });
            self.message_utf8 = Utf8Stream::new();
        }
        Ok(())
    }

    fn end_frame(&mut self) -> Result<Event, Fault> {
        let FrameStart { fin, opcode, .. } = self.frame.header;
        let incomplete_text = if opcode == CLOSE {
            !self.reason_utf8.is_complete()
        } else {
            self.in_checked_text() && !self.message_utf8.is_complete()
        };
        if fin && incomplete_text {
            return Err(Fault::Refused(close::INVALID_FRAME_PAYLOAD_DATA));
        }
        self.stage = if fin { Stage::MessageEnd } else { Stage::Header };
        Ok(Event::FrameEnd)
    }

    fn end_message(&mut self, input: &mut [u8], assembly: &mut Assembly) -> Result<Event, Fault> {
        self.stage = Stage::Delivered;
        let frame = self.frame;
        let is_control = opcode::is_control(frame.header.opcode);
        let start = if is_control { None } else { self.message.take() };
        let one_frame = frame.header.opcode != opcode::CONTINUATION;
        if !is_control && one_frame {
            let FrameStart { fin, rsv, opcode, payload_length } = frame.header;
            self.expect_like(&Header { fin, rsv, opcode, payload_length, mask_key: frame.mask_key });
        }
        let MessageStart { opcode, rsv } =
            start.unwrap_or(MessageStart { opcode: frame.header.opcode, rsv: frame.header.rsv });
        let length_in_input = frame.header.payload_length as usize;
        let payload = if is_control && !frame.in_input {
            Piece::Control(0..assembly.control.len())
        } else if !is_control && !self.buffering || frame.in_input && length_in_input == 0 {
            Piece::EMPTY
        } else if frame.in_input {
            Piece::Input(assembly.cursor.saturating_sub(length_in_input)..assembly.cursor)
        } else {
            Piece::Data(0..assembly.data.len())
        };
        let status_code = match opcode {
            CLOSE => match close::code_of(payload.bytes(input, assembly)) {
                close::Code::None => 0,
                close::Code::Valid(code) => code,
                close::Code::Invalid => return Err(Fault::Refused(close::PROTOCOL_ERROR)),
            },
            _ => 0,
        };
        Ok(Event::Message(Message { rsv, opcode, payload, status_code }))
    }
}
