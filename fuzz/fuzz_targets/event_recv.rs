//! Input for a server or client, cut into reads in three ways, must come to the same
//! messages, codes and answers, in memory that is in proportion to it (D11).
//!
//! The fuzzer's bytes: options, the maximum message length, how many read sizes follow, the
//! sizes, and then what the peer sends.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wslay::abi::*;
use wslay_fuzz::event::{EventContext, EventProgram, start};
use wslay_fuzz::wire::{is_control, parse_frames};
use wslay_fuzz::{Given, heap_in_use};

const ANY_SIZE: u8 = 255;

/// While it reads, the library provides memory for what may come at once.
const DURING_A_CALL: usize = 320 * 1024;
const BETWEEN_CALLS: usize = 8 * 1024;

#[derive(Clone, Copy)]
struct Options {
    server: bool,
    allow_rsv: bool,
    no_buffering: bool,
    frame_reports: bool,
    answer_at_once: bool,
    max_length: Option<u64>,
}

struct Peer<'a> {
    options: Options,
    stream: &'a [u8],
    /// Sizes of the reads, over and over; with 0 the callback would block.
    sizes: &'a [u8],
    position: Cell<usize>,
    reads: Cell<usize>,
    keys: Cell<u32>,
    heap_before: Cell<usize>,
    /// What was reported, in a form that does not depend on the reads.
    log: RefCell<Vec<u8>>,
    frame_so_far: RefCell<Vec<u8>>,
    output: RefCell<Vec<u8>>,
}

/// What must not depend on the reads.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    log: Vec<u8>,
    output: Vec<u8>,
    failed: bool,
    read_enabled: i32,
    close_received: i32,
    codes: (u16, u16),
}

impl Peer<'_> {
    /// `at_most` bytes apart, what is held is in proportion to what came.
    fn check_heap(&self, at_most: usize) {
        let ours = [&self.log, &self.frame_so_far, &self.output].map(|bytes| bytes.borrow().capacity());
        let held = heap_in_use().saturating_sub(self.heap_before.get() + ours.iter().sum::<usize>());
        let received = self.position.get();
        assert!(held <= at_most + 16 * received, "{held} bytes held for {received} received");
    }

    fn run(self) -> Outcome {
        let Options { server, frame_reports, .. } = self.options;
        let peer = Rc::new(self);
        peer.heap_before.set(heap_in_use());
        let ctx = start(server, frame_reports, &peer);
        ctx.allow_rsv(if peer.options.allow_rsv { 7 } else { 0 });
        ctx.set_no_buffering(peer.options.no_buffering.into());
        if let Some(length) = peer.options.max_length {
            ctx.set_max_length(length);
        }
        let mut failed = false;
        while ctx.want_read() == 1 && peer.position.get() < peer.stream.len() {
            let result = ctx.recv();
            peer.check_heap(BETWEEN_CALLS);
            failed |= result != 0;
            assert!(result == 0 || ctx.want_read() == 0, "recv gave {result} and reads on");
        }
        assert_eq!(ctx.send(), 0);
        assert_eq!((ctx.queued_count(), ctx.queued_length(), ctx.want_write()), (0, 0, 0));
        let outcome = Outcome {
            log: peer.log.take(),
            output: peer.output.take(),
            failed,
            read_enabled: ctx.read_enabled(),
            close_received: ctx.close_received(),
            codes: (ctx.code_received(), ctx.code_sent()),
        };
        ctx.free();
        outcome
    }
}

impl EventProgram for Peer<'_> {
    fn recv(&self, ctx: EventContext, room: usize) -> Given {
        self.check_heap(DURING_A_CALL);
        let size = self.sizes[self.reads.get() % self.sizes.len()];
        self.reads.set(self.reads.get() + 1);
        let rest = &self.stream[self.position.get()..];
        let count = if size == ANY_SIZE { room } else { usize::from(size).min(room) }.min(rest.len());
        if count == 0 {
            ctx.set_error(wslay_error::WSLAY_ERR_WOULDBLOCK as i32);
            return Err(-1);
        }
        self.position.set(self.position.get() + count);
        Ok(rest[..count].to_vec())
    }

    fn send(&self, _: EventContext, data: &[u8]) -> isize {
        self.output.borrow_mut().extend(data);
        data.len() as isize
    }

    fn genmask(&self, _: EventContext) -> Option<[u8; 4]> {
        self.keys.set(self.keys.get().wrapping_add(0x0103_0507));
        Some(self.keys.get().to_be_bytes())
    }

    fn frame_start(&self, _: EventContext, arg: &wslay_event_on_frame_recv_start_arg) {
        let mut log = self.log.borrow_mut();
        log.extend([b'<', arg.fin, arg.rsv, arg.opcode]);
        log.extend(arg.payload_length.to_be_bytes());
    }

    fn frame_chunk(&self, _: EventContext, bytes: &[u8]) {
        self.frame_so_far.borrow_mut().extend(bytes);
    }

    /// Only now: which chunks of a refused frame are reported depends on the reads.
    fn frame_end(&self, _: EventContext) {
        let mut log = self.log.borrow_mut();
        log.extend(self.frame_so_far.borrow_mut().drain(..));
        log.push(b'>');
    }

    fn message(&self, ctx: EventContext, arg: &wslay_event_on_msg_recv_arg, payload: &[u8]) {
        if arg.opcode == 1 && arg.rsv == 0 {
            assert!(std::str::from_utf8(payload).is_ok(), "text {payload:02x?}");
        }
        if arg.opcode == 8 {
            assert!(std::str::from_utf8(payload.get(2..).unwrap_or_default()).is_ok());
            assert_eq!(arg.status_code, payload.first_chunk().copied().map_or(0, u16::from_be_bytes));
        }
        assert!(!is_control(arg.opcode) || payload.len() <= 125);
        let max_length = self.options.max_length.unwrap_or(u64::MAX);
        assert!(payload.len() as u64 <= max_length);
        let mut log = self.log.borrow_mut();
        log.extend([b'=', arg.rsv, arg.opcode]);
        log.extend(arg.status_code.to_be_bytes());
        log.extend(payload.len().to_be_bytes());
        log.extend(payload);
        drop(log);
        if self.options.answer_at_once {
            assert_eq!(ctx.send(), 0);
        }
    }
}

fn receive(options: Options, stream: &[u8], sizes: &[u8]) -> Outcome {
    let peer = Peer {
        options,
        stream,
        sizes,
        position: Cell::new(0),
        reads: Cell::new(0),
        keys: Cell::new(0),
        heap_before: Cell::new(0),
        log: RefCell::default(),
        frame_so_far: RefCell::default(),
        output: RefCell::default(),
    };
    peer.run()
}

fuzz_target!(|input: &[u8]| {
    let &[bits, max_length, sizes, ref rest @ ..] = input else { return };
    let Some((sizes, stream)) = rest.split_at_checked(usize::from(sizes % 8)) else { return };
    let options = Options {
        server: bits & 1 != 0,
        allow_rsv: bits & 2 != 0,
        no_buffering: bits & 4 != 0,
        frame_reports: bits & 8 != 0,
        answer_at_once: bits & 16 != 0,
        max_length: (max_length != 0).then_some(u64::from(max_length) * 4),
    };
    let whole = receive(options, stream, &[ANY_SIZE]);
    assert_eq!(receive(options, stream, &[1]), whole, "byte by byte");
    if sizes.iter().any(|size| *size != 0) {
        assert_eq!(receive(options, stream, sizes), whole, "reads of {sizes:?}");
    }
    let (frames, incomplete) = parse_frames(&whole.output);
    assert_eq!(incomplete, 0);
    for (index, frame) in frames.iter().enumerate() {
        assert!(frame.fin && frame.rsv == 0 && frame.key.is_some() != options.server);
        assert!(frame.opcode == 10 || frame.opcode == 8 && index + 1 == frames.len(), "{frame:?}");
    }
});
