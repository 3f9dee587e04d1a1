//! Any sequence of operations, from outside and from inside callbacks, gives an output that
//! is frames: what was queued, in order and whole.

#![no_main]

mod model;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use model::Model;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wslay::abi::*;
use wslay_fuzz::Given;
use wslay_fuzz::event::{EventContext, EventProgram, start};
use wslay_fuzz::wire::{Frame, is_control};

#[derive(Arbitrary, Debug)]
struct Input {
    server: bool,
    allow_rsv: bool,
    no_buffering: bool,
    frame_reports: bool,
    operations: Vec<Operation>,
    /// What callbacks do, after letting so many callbacks pass.
    inside: Vec<(u8, Operation)>,
}

#[derive(Arbitrary, Clone, Debug)]
enum Operation {
    Queue {
        opcode: u8,
        rsv: u8,
        length: u16,
    },
    QueueControl {
        opcode: u8,
        length: u8,
    },
    QueueClose {
        code: u16,
        length: u8,
    },
    QueueFragmented {
        opcode: u8,
        rsv: u8,
        fragments: Vec<Fragment>,
    },
    Feed(Vec<PeerSends>),
    Recv,
    /// The send callback takes so much in all, and then would block.
    Send {
        budget: u16,
    },
    SendToFailure(SendFailure),
    Write {
        room: u16,
    },
    FailGenmask,
    ShutdownRead,
    ShutdownWrite,
    Free,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Fragment {
    Bytes(u16),
    Stall,
    Fail,
    TooMuch,
}

#[derive(Arbitrary, Clone, Debug)]
enum PeerSends {
    Frame { fin: bool, opcode: u8, length: u8 },
    Bytes(Vec<u8>),
    EndOfInput,
    TooMuch,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum SendFailure {
    Error,
    TooMuch,
}

struct Endpoint {
    server: bool,
    /// What callbacks do still.
    inside: RefCell<VecDeque<(u8, Operation)>>,
    freed: Cell<bool>,
    input: RefCell<VecDeque<PeerSends>>,
    budget: Cell<usize>,
    send_failure: Cell<Option<SendFailure>>,
    fail_genmask: Cell<bool>,
    fragments: RefCell<Vec<VecDeque<Fragment>>>,
    model: RefCell<Model>,
}

/// RSV bits, often RSV1, the one that can be allowed.
fn rsv_of(byte: u8) -> u8 {
    if byte % 2 == 1 { 4 } else { byte / 2 % 8 }
}

/// Bytes that tell messages apart.
fn payload(id: usize, length: usize) -> Vec<u8> {
    (0..length).map(|at| (at ^ id.wrapping_mul(37)) as u8).collect()
}

impl Endpoint {
    fn perform(&self, ctx: EventContext, operation: Operation) {
        match operation {
            Operation::Queue { opcode, rsv, length } => {
                self.queue(ctx, opcode & 15, rsv_of(rsv), length.into())
            }
            Operation::QueueControl { opcode, length } => {
                self.queue(ctx, opcode & 15 | 8, 0, usize::from(length % 128));
            }
            Operation::QueueClose { code, length } => {
                let status = ctx.queue_close(code, &payload(0, length.into()));
                assert!(length <= 123 || status != 0);
            }
            Operation::QueueFragmented { opcode, rsv, fragments } => {
                let (opcode, rsv) = (opcode & 15, rsv_of(rsv));
                let id = self.fragments.borrow().len();
                self.fragments.borrow_mut().push(fragments.into());
                if ctx.queue_fragmented::<Self>(opcode, rsv, id) == 0 {
                    self.model.borrow_mut().queued_fragmented(id, opcode, rsv);
                }
            }
            Operation::Feed(pieces) => self.input.borrow_mut().extend(pieces),
            Operation::Recv => {
                let result = ctx.recv();
                assert!(result == 0 || self.freed.get() || ctx.want_read() == 0, "recv gave {result}");
            }
            Operation::Send { budget } => self.send(ctx, budget.into()),
            Operation::SendToFailure(failure) => {
                self.send_failure.set(Some(failure));
                self.send(ctx, 0);
                self.send_failure.set(None);
            }
            Operation::Write { room } => self.write(ctx, room.into()),
            Operation::FailGenmask => self.fail_genmask.set(true),
            Operation::ShutdownRead => ctx.shutdown_read(),
            Operation::ShutdownWrite => ctx.shutdown_write(),
            Operation::Free => {
                self.freed.set(true);
                ctx.free();
            }
        }
    }

    fn queue(&self, ctx: EventContext, opcode: u8, rsv: u8, length: usize) {
        let id = self.model.borrow().queued_so_far();
        let payload = payload(id, length);
        if ctx.queue(opcode, rsv, &payload) == 0 {
            self.model.borrow_mut().queued(Frame { fin: true, rsv, opcode, key: None, payload });
        }
    }

    fn send(&self, ctx: EventContext, budget: usize) {
        self.budget.set(budget);
        let result = ctx.send();
        assert!(result == 0 || self.freed.get() || ctx.write_enabled() == 0, "send gave {result}");
    }

    fn write(&self, ctx: EventContext, room: usize) {
        let mut room = vec![0; room];
        let written = ctx.write(&mut room);
        if written < 0 {
            assert!(self.freed.get() || ctx.write_enabled() == 0, "write gave {written}");
            return;
        }
        self.model.borrow_mut().output.extend(&room[..written as usize]);
    }

    /// What is due to be done inside a callback.
    fn inside_callback(&self, ctx: EventContext) {
        assert!(!self.freed.get(), "a callback after the free");
        let mut inside = self.inside.borrow_mut();
        match inside.front_mut() {
            Some((wait @ 1.., _)) => *wait -= 1,
            Some(_) => {
                let due = inside.pop_front();
                drop(inside);
                due.into_iter().for_each(|(_, operation)| self.perform(ctx, operation));
            }
            None => {}
        }
    }

    fn check(&self, ctx: EventContext) {
        let (count, length) = (ctx.queued_count(), ctx.queued_length());
        assert!(count > 0 || length == 0, "{length} bytes in no message");
        assert_eq!(ctx.want_write() == 1, ctx.write_enabled() == 1 && count > 0);
        assert!(ctx.close_sent() == 0 || ctx.write_enabled() == 0);
        assert!(ctx.close_received() == 0 || ctx.read_enabled() == 0);
        assert_eq!(ctx.want_read(), ctx.read_enabled());
    }

    /// Sends all that is left, with sources and callbacks that work.
    fn finish(&self, ctx: EventContext) {
        self.inside.borrow_mut().clear();
        self.fail_genmask.set(false);
        self.fragments.borrow_mut().iter_mut().for_each(VecDeque::clear);
        self.send(ctx, usize::MAX);
        self.check(ctx);
        assert_eq!(ctx.want_write(), 0, "more to send");
        if ctx.write_enabled() == 1 {
            assert_eq!((ctx.queued_count(), ctx.queued_length()), (0, 0));
            self.model.borrow_mut().all_is_out = true;
        }
    }
}

impl EventProgram for Endpoint {
    fn recv(&self, ctx: EventContext, room: usize) -> Given {
        self.inside_callback(ctx);
        let piece = self.input.borrow_mut().pop_front();
        let mut bytes = match piece {
            None => {
                ctx.set_error(wslay_error::WSLAY_ERR_WOULDBLOCK as i32);
                return Err(-1);
            }
            Some(PeerSends::EndOfInput) => {
                ctx.set_error(wslay_error::WSLAY_ERR_CALLBACK_FAILURE as i32);
                return Err(0);
            }
            Some(PeerSends::TooMuch) => return Err(room as isize + 1),
            Some(PeerSends::Bytes(bytes)) => bytes,
            Some(PeerSends::Frame { fin, opcode, length }) => {
                let opcode = opcode & 15;
                let length = if is_control(opcode) { length.min(125) } else { length };
                let fin = fin || is_control(opcode);
                let key = self.server.then_some([1, 2, 3, 4]);
                Frame { fin, rsv: 0, opcode, key, payload: vec![b'p'; length.into()] }.encode()
            }
        };
        if bytes.len() > room {
            self.input.borrow_mut().push_front(PeerSends::Bytes(bytes.split_off(room)));
        }
        if bytes.is_empty() { Err(-1) } else { Ok(bytes) }
    }

    fn send(&self, ctx: EventContext, data: &[u8]) -> isize {
        self.inside_callback(ctx);
        match self.send_failure.get() {
            Some(SendFailure::TooMuch) => return data.len() as isize + 1,
            Some(SendFailure::Error) => {
                ctx.set_error(wslay_error::WSLAY_ERR_CALLBACK_FAILURE as i32);
                return -1;
            }
            None => {}
        }
        let count = data.len().min(self.budget.get());
        self.budget.set(self.budget.get() - count);
        self.model.borrow_mut().output.extend(&data[..count]);
        if count > 0 {
            return count as isize;
        }
        ctx.set_error(wslay_error::WSLAY_ERR_WOULDBLOCK as i32);
        -1
    }

    fn genmask(&self, ctx: EventContext) -> Option<[u8; 4]> {
        self.inside_callback(ctx);
        if self.fail_genmask.take() { None } else { Some(self.model.borrow_mut().next_key()) }
    }

    fn frame_start(&self, ctx: EventContext, _: &wslay_event_on_frame_recv_start_arg) {
        self.inside_callback(ctx);
    }

    fn frame_chunk(&self, ctx: EventContext, _: &[u8]) {
        self.inside_callback(ctx);
    }

    fn frame_end(&self, ctx: EventContext) {
        self.inside_callback(ctx);
    }

    fn message(&self, ctx: EventContext, arg: &wslay_event_on_msg_recv_arg, payload: &[u8]) {
        const PING: u8 = 9;
        const PONG: u8 = 10;
        // The library has queued the answer, if it could; if not, nothing says that all is out.
        if arg.opcode == PING {
            let payload = payload.to_vec();
            self.model.borrow_mut().queued(Frame { fin: true, rsv: 0, opcode: PONG, key: None, payload });
        }
        self.inside_callback(ctx);
    }

    fn fragment(&self, ctx: EventContext, id: usize, source: usize, room: usize) -> (Given, bool) {
        self.model.borrow_mut().source_is_at(id, source);
        self.inside_callback(ctx);
        let mut fragments = self.fragments.borrow_mut();
        let fragment = fragments[id].pop_front().unwrap_or(Fragment::Bytes(0));
        let last = fragments[id].is_empty();
        match fragment {
            Fragment::Bytes(length) => {
                let bytes = payload(id, room.min(length.into()));
                if last || !bytes.is_empty() {
                    self.model.borrow_mut().fragment_given(id, bytes.clone(), last);
                }
                (Ok(bytes), last)
            }
            Fragment::Stall => (Ok(Vec::new()), false),
            Fragment::Fail => (Err(-1), last),
            Fragment::TooMuch => (Err(room as isize + 1), last),
        }
    }
}

fuzz_target!(|input: Input| {
    let endpoint = Rc::new(Endpoint {
        server: input.server,
        inside: RefCell::new(input.inside.into()),
        freed: Cell::new(false),
        input: RefCell::default(),
        budget: Cell::new(0),
        send_failure: Cell::new(None),
        fail_genmask: Cell::new(false),
        fragments: RefCell::default(),
        model: RefCell::default(),
    });
    let ctx = start(input.server, input.frame_reports, &endpoint);
    ctx.allow_rsv(if input.allow_rsv { 7 } else { 0 });
    ctx.set_no_buffering(input.no_buffering.into());
    for operation in input.operations {
        endpoint.perform(ctx, operation);
        if endpoint.freed.get() {
            break;
        }
        endpoint.check(ctx);
    }
    if !endpoint.freed.get() {
        endpoint.finish(ctx);
        ctx.free();
    }
    endpoint.model.borrow().check(!input.server);
});
