//! `wslay_event_recv`: reads, and reports what came (contract R).

use super::would_block;
use crate::callbacks::Moved;
use crate::callbacks::event::{self as callbacks, EventHandle};
use crate::context::Activity;
use crate::core::connection::ShortStep;
use crate::core::receiver::{Assembly, Event, Message, Piece, WholeMessage};
#[cfg(doc)]
use crate::core::sender::Sender;
use crate::error::Error;
use crate::mem::{Buffer, StackBuffer};

/// What one read of small frames brings at most. Together with what lies below it,
/// a call stays within the stack of a small thread.
const INPUT: usize = 16 * 1024;

/// Reads until the recv callback gives nothing, and reports what is complete.
///
/// # Errors
/// [`Error::CallbackFailure`] and [`Error::NoMemory`] (R2, R10).
pub fn recv(handle: EventHandle) -> Result<(), Error> {
    let Some(_entered) = handle.enter(Activity::Receiving) else {
        return Ok(());
    };
    // What the program is shown lies in this frame, or in memory that is kept in place: a
    // callback may pass it straight back into the library, or free the context.
    let mut assembly = handle.with(|connection| connection.take_assembly());
    let mut receiving = Receiving {
        handle,
        input: StackBuffer::new(),
        input_is_lent: false,
        lent_before: false,
        is_drained: false,
        nothing_came: None,
        spare: Buffer::new(),
        assembly: &mut assembly,
    };
    let result = receiving.run();
    receiving.retire_input();
    drop(receiving);
    handle.with(move |connection| connection.put_back_assembly(assembly));
    result
}

#[derive(PartialEq, Eq)]
enum Progress {
    Made,
    /// The call ends.
    Over,
}

struct Receiving<'a> {
    handle: EventHandle,
    input: StackBuffer<INPUT>,
    /// The input is in place of the other with the sender, so that answers can be made of it:
    /// [`Sender::lend_shown`].
    input_is_lent: bool,
    /// Other input was.
    lent_before: bool,
    /// The last read was not full.
    is_drained: bool,
    /// What the last read came to, if it brought nothing: what is there is looked at, and then
    /// the call ends.
    nothing_came: Option<Moved>,
    /// Memory of lent input that was used up.
    spare: Buffer<u8>,
    assembly: &'a mut Assembly,
}

impl Receiving<'_> {
    fn run(&mut self) -> Result<(), Error> {
        while !self.handle.is_freed() {
            match self.next_short_step()? {
                ShortStep::Report(message) => self.report_whole_message(message),
                ShortStep::ReadOn(limit) => self.read_on(limit),
                ShortStep::Read(expected) => match self.read_input(expected)? {
                    Moved::Bytes(_) => {}
                    moved => return self.nothing_read(moved),
                },
                ShortStep::Otherwise => {
                    if self.take_long_step()? == Progress::Over {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// The short way, where nobody wants to know of frames.
    #[inline]
    fn next_short_step(&mut self) -> Result<ShortStep, Error> {
        let handle = self.handle;
        if callbacks::wants_frame_reports(handle) {
            return Ok(ShortStep::Otherwise);
        }
        let assembly = &mut *self.assembly;
        if self.input_is_lent {
            let may_read_on = self.nothing_came.is_none();
            return handle.with(|connection| connection.receive_in_shown(assembly, may_read_on));
        }
        let input = self.input.filled_mut();
        handle.with(|connection| connection.receive_whole_message(input, assembly))
    }

    #[inline]
    fn take_long_step(&mut self) -> Result<Progress, Error> {
        let moved = match (self.next()?, self.nothing_came) {
            (Event::Disabled, _) => return Ok(Progress::Over),
            (Event::NeedInput(_) | Event::NeedPayload(_), Some(moved)) => moved,
            (Event::NeedInput(expected), None) => self.read_input(expected)?,
            (Event::NeedPayload(limit), None) => self.read_payload(limit)?,
            (Event::Message(message), _) => {
                self.report_message(message);
                return Ok(Progress::Made);
            }
            (report, _) => {
                self.report_frame(report);
                return Ok(Progress::Made);
            }
        };
        match moved {
            Moved::Bytes(_) => Ok(Progress::Made),
            moved => self.nothing_read(moved).map(|()| Progress::Over),
        }
    }

    #[inline]
    fn report_whole_message(&mut self, message: WholeMessage) {
        let handle = self.handle;
        let WholeMessage { opcode, start, length } = message;
        if self.input_is_lent {
            return callbacks::on_shown_msg_recv(handle, 0, opcode, 0, start..start + length);
        }
        let input = self.input.filled_mut();
        let payload = input.get_mut(start..).and_then(|rest| rest.get_mut(..length)).unwrap_or_default();
        callbacks::on_msg_recv(handle, 0, opcode, 0, payload);
    }

    fn next(&mut self) -> Result<Event, Error> {
        let handle = self.handle;
        let frame_reports = callbacks::wants_frame_reports(handle);
        let input = if self.input_is_lent { None } else { Some(self.input.filled_mut()) };
        let assembly = &mut *self.assembly;
        handle.with(|connection| connection.receive(input, assembly, frame_reports))
    }

    #[inline(never)]
    fn read_payload(&mut self, limit: usize) -> Result<Moved, Error> {
        let moved = callbacks::recv(self.handle, &mut self.assembly.data, limit);
        // C2: after a free, this would report a chunk.
        if let Moved::Bytes(count) = moved
            && !self.handle.is_freed()
        {
            let event = self.handle.with(|connection| connection.receive_payload(count, self.assembly))?;
            self.report_frame(event);
        }
        Ok(moved)
    }

    /// Asks for new input.
    fn read_input(&mut self, expected: usize) -> Result<Moved, Error> {
        self.assembly.cursor = 0;
        self.retire_input();
        // After a read that was not full nothing more is expected, and seldom comes.
        if expected > 0 && !self.is_drained && !callbacks::wants_frame_reports(self.handle) {
            self.spare.consume(usize::MAX);
            if self.spare.reserve_exact(expected).is_ok() {
                return self.read_large_input();
            }
        }
        let moved = callbacks::recv(self.handle, &mut self.input, INPUT);
        self.is_drained = moved != Moved::Bytes(INPUT);
        Ok(moved)
    }

    /// Large messages that are expected are read into memory that can become their own, or
    /// that of the answers to them.
    #[inline(never)]
    fn read_large_input(&mut self) -> Result<Moved, Error> {
        let mut input = ::core::mem::take(&mut self.spare);
        let limit = self.handle.with(|connection| connection.receiver().first_read());
        let moved = callbacks::recv(self.handle, &mut input, limit);
        self.is_drained = moved != Moved::Bytes(limit);
        if !matches!(moved, Moved::Bytes(_)) {
            return Ok(moved);
        }
        let wants_frame_reports = callbacks::wants_frame_reports(self.handle);
        let assembly = &mut *self.assembly;
        self.input_is_lent = self.handle.with(move |connection| {
            let begun = !wants_frame_reports && connection.receive_in_place(&mut input, assembly)?;
            if !begun {
                connection.sender.lend_shown(input);
            }
            Ok::<bool, Error>(!begun)
        })?;
        Ok(moved)
    }

    /// Adds to the lent input.
    #[inline(never)]
    fn read_on(&mut self, limit: usize) {
        let moved = callbacks::recv_into_shown(self.handle, limit);
        self.is_drained = moved != Moved::Bytes(limit);
        if !matches!(moved, Moved::Bytes(_)) {
            self.nothing_came = Some(moved);
        }
    }

    fn retire_input(&mut self) {
        self.input.clear();
        if self.input_is_lent {
            let goes_on = self.lent_before;
            self.spare = self.handle.with(|connection| connection.retire_input(goes_on));
            self.input_is_lent = false;
            self.lent_before = true;
        }
    }

    #[inline(never)]
    fn report_message(&mut self, message: Message) {
        let handle = self.handle;
        let Message { rsv, opcode, payload, status_code } = message;
        match payload {
            Piece::Input(range) if self.input_is_lent => {
                callbacks::on_shown_msg_recv(handle, rsv, opcode, status_code, range);
            }
            Piece::Data(range) if !self.input_is_lent => {
                let data = ::core::mem::take(&mut self.assembly.data);
                handle.with(move |connection| connection.show_message(data));
                callbacks::on_shown_msg_recv(handle, rsv, opcode, status_code, range);
                self.assembly.data = handle.with(|connection| connection.sender.retire_shown());
            }
            payload => {
                let payload = payload.bytes(self.input.filled_mut(), self.assembly);
                callbacks::on_msg_recv(handle, rsv, opcode, status_code, payload);
            }
        }
    }

    #[inline(never)]
    fn report_frame(&mut self, event: Event) {
        let handle = self.handle;
        match event {
            Event::FrameStart(start) => callbacks::on_frame_recv_start(handle, &start),
            Event::Chunk(Piece::Input(range)) if self.input_is_lent => {
                callbacks::on_shown_frame_recv_chunk(handle, range);
            }
            Event::Chunk(piece) => {
                let piece = piece.bytes(self.input.filled_mut(), self.assembly);
                callbacks::on_frame_recv_chunk(handle, piece);
            }
            Event::FrameEnd => callbacks::on_frame_recv_end(handle),
            Event::Message(_) | Event::NeedInput(_) | Event::NeedPayload(_) | Event::Disabled => {}
        }
    }

    /// R2; D5 and D13 take the same way.
    fn nothing_read(&self, moved: Moved) -> Result<(), Error> {
        if self.handle.is_freed() || moved == Moved::Nothing && would_block(self.handle) {
            return Ok(());
        }
        Err(self.handle.with(|connection| connection.input_failed()))
    }
}
