//! `wslay_event_recv`: reads, and reports what came (contract R).

use super::would_block;
use crate::callbacks::Moved;
use crate::callbacks::event::{self as callbacks, EventHandle};
use crate::context::Activity;
use crate::core::receiver::{Assembly, Event};
use crate::error::Error;
use crate::mem::StackBuffer;

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
    let result = Receiving { handle, input: StackBuffer::new(), assembly: &mut assembly }.run();
    handle.with(move |connection| connection.put_back_assembly(assembly));
    result
}

struct Receiving<'a> {
    handle: EventHandle,
    input: StackBuffer<INPUT>,
    assembly: &'a mut Assembly,
}

impl Receiving<'_> {
    fn run(&mut self) -> Result<(), Error> {
        let mut event = self.next();
        while !self.handle.is_freed() {
            event = match event? {
                Event::NeedInput => {
                    self.input.clear();
                    self.assembly.cursor = 0;
                    match callbacks::recv(self.handle, &mut self.input, INPUT) {
                        Moved::Bytes(_) => self.next(),
                        moved => return self.nothing_read(moved),
                    }
                }
                Event::NeedPayload(limit) => {
                    match callbacks::recv(self.handle, &mut self.assembly.data, limit) {
                        Moved::Bytes(count) => {
                            self.handle.with(|connection| connection.receive_payload(count, self.assembly))
                        }
                        moved => return self.nothing_read(moved),
                    }
                }
                Event::Disabled => return Ok(()),
                report => {
                    self.report(&report);
                    self.next()
                }
            };
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Event, Error> {
        let frame_reports = callbacks::wants_frame_reports(self.handle);
        let input = self.input.filled_mut();
        self.handle.with(|connection| connection.receive(input, self.assembly, frame_reports))
    }

    fn report(&mut self, event: &Event) {
        let input = self.input.filled_mut();
        match event {
            Event::FrameStart(start) => callbacks::on_frame_recv_start(self.handle, start),
            Event::Chunk(piece) => {
                callbacks::on_frame_recv_chunk(self.handle, piece.bytes(input, self.assembly));
            }
            Event::FrameEnd => callbacks::on_frame_recv_end(self.handle),
            Event::Message(message) => {
                let payload = message.payload.bytes(input, self.assembly);
                let (rsv, opcode, code) = (message.rsv, message.opcode, message.status_code);
                callbacks::on_msg_recv(self.handle, rsv, opcode, code, payload);
            }
            Event::NeedInput | Event::NeedPayload(_) | Event::Disabled => {}
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
