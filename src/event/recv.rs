//! `wslay_event_recv`: reads, and reports what came (contract R).

use super::would_block;
use crate::callbacks::Moved;
use crate::callbacks::event::{self as callbacks, EventHandle};
use crate::context::Activity;
use crate::core::receiver::{Assembly, Event, Message, Piece, WholeMessage};
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
    // What the program is shown lies in this frame, not in the context: a callback
    // may pass it straight back into the library, or free the context.
    let mut assembly = handle.with(|connection| connection.take_assembly());
    let mut receiving = Receiving {
        handle,
        input: StackBuffer::new(),
        large_input: Buffer::new(),
        is_drained: false,
        assembly: &mut assembly,
    };
    let result = receiving.run();
    drop(receiving);
    handle.with(move |connection| connection.put_back_assembly(assembly));
    result
}

struct Receiving<'a> {
    handle: EventHandle,
    input: StackBuffer<INPUT>,
    /// The input in place of the other, unless it is empty.
    large_input: Buffer<u8>,
    /// The last read was not full.
    is_drained: bool,
    assembly: &'a mut Assembly,
}

impl Receiving<'_> {
    fn run(&mut self) -> Result<(), Error> {
        while !self.handle.is_freed() {
            if let Some(message) = self.next_whole_message()? {
                self.report_whole_message(message);
                continue;
            }
            match self.next()? {
                Event::Message(message) => self.report_message(&message),
                Event::NeedInput(expected) => match self.read_input(expected)? {
                    Moved::Bytes(_) => {}
                    moved => return self.nothing_read(moved),
                },
                Event::NeedPayload(limit) => {
                    match callbacks::recv(self.handle, &mut self.assembly.data, limit) {
                        Moved::Bytes(count) => self.take_payload(count)?,
                        moved => return self.nothing_read(moved),
                    }
                }
                Event::Disabled => return Ok(()),
                report => self.report_frame(&report),
            }
        }
        Ok(())
    }

    /// The short way, where nobody wants to know of frames.
    #[inline]
    fn next_whole_message(&mut self) -> Result<Option<WholeMessage>, Error> {
        let handle = self.handle;
        if callbacks::wants_frame_reports(handle) {
            return Ok(None);
        }
        let (input, assembly) = self.input();
        if assembly.cursor >= input.len() {
            return Ok(None);
        }
        handle.with(|connection| connection.receive_whole_message(input, assembly))
    }

    #[inline]
    fn report_whole_message(&mut self, message: WholeMessage) {
        let handle = self.handle;
        let WholeMessage { opcode, start, length } = message;
        let (input, _) = self.input();
        let payload = input.get_mut(start..).and_then(|rest| rest.get_mut(..length)).unwrap_or_default();
        callbacks::on_msg_recv(handle, 0, opcode, 0, payload);
    }

    fn next(&mut self) -> Result<Event, Error> {
        let handle = self.handle;
        let frame_reports = callbacks::wants_frame_reports(handle);
        let (input, assembly) = self.input();
        handle.with(|connection| connection.receive(input, assembly, frame_reports))
    }

    #[inline(never)]
    fn take_payload(&mut self, count: usize) -> Result<(), Error> {
        // C2: this would report a chunk.
        if self.handle.is_freed() {
            return Ok(());
        }
        let event = self.handle.with(|connection| connection.receive_payload(count, self.assembly))?;
        self.report_frame(&event);
        Ok(())
    }

    fn input(&mut self) -> (&mut [u8], &mut Assembly) {
        let input = if self.large_input.is_empty() {
            self.input.filled_mut()
        } else {
            self.large_input.as_mut_slice()
        };
        (input, self.assembly)
    }

    /// Asks for new input.
    fn read_input(&mut self, expected: usize) -> Result<Moved, Error> {
        self.assembly.cursor = 0;
        self.input.clear();
        // After a read that was not full nothing more is expected, and seldom comes.
        if expected > 0 && !self.is_drained || !self.large_input.is_empty() {
            return self.read_large_input(expected);
        }
        let moved = callbacks::recv(self.handle, &mut self.input, INPUT);
        self.is_drained = moved != Moved::Bytes(INPUT);
        Ok(moved)
    }

    /// A large message that is expected is read into memory that can become its own; without
    /// that memory it is read as others are.
    #[inline(never)]
    fn read_large_input(&mut self, expected: usize) -> Result<Moved, Error> {
        self.large_input.consume(usize::MAX);
        if expected == 0
            || self.is_drained
            || callbacks::wants_frame_reports(self.handle)
            || self.large_input.reserve_exact(expected).is_err()
        {
            return Ok(callbacks::recv(self.handle, &mut self.input, INPUT));
        }
        let moved = callbacks::recv(self.handle, &mut self.large_input, expected);
        self.is_drained = moved != Moved::Bytes(expected);
        if matches!(moved, Moved::Bytes(_)) && !callbacks::wants_frame_reports(self.handle) {
            let (input, assembly) = (&mut self.large_input, &mut *self.assembly);
            self.handle.with(|connection| connection.receive_in_place(input, assembly))?;
        }
        Ok(moved)
    }

    #[inline(never)]
    fn report_message(&mut self, message: &Message) {
        let handle = self.handle;
        let (rsv, opcode, code) = (message.rsv, message.opcode, message.status_code);
        if matches!(message.payload, Piece::Data(_)) {
            let payload = ::core::mem::take(&mut self.assembly.data);
            self.assembly.data = callbacks::on_lent_msg_recv(handle, rsv, opcode, payload);
        } else {
            let (input, assembly) = self.input();
            callbacks::on_msg_recv(handle, rsv, opcode, code, message.payload.bytes(input, assembly));
        }
    }

    #[inline(never)]
    fn report_frame(&mut self, event: &Event) {
        let handle = self.handle;
        match event {
            Event::FrameStart(start) => callbacks::on_frame_recv_start(handle, start),
            Event::Chunk(piece) => {
                let (input, assembly) = self.input();
                callbacks::on_frame_recv_chunk(handle, piece.bytes(input, assembly));
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
