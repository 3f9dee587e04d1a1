//! What an event context was asked to send, and whether its output is that.

use std::collections::{HashMap, HashSet};
use wslay_fuzz::wire::{Frame, is_control, parse_frames};

const CLOSE: u8 = 8;

/// A data message, and its frames so far.
struct Data {
    id: Option<usize>,
    opcode: u8,
    rsv: u8,
    frames: Vec<Frame>,
}

#[derive(Default)]
pub struct Model {
    pub output: Vec<u8>,
    /// Everything queued went out: no Close, no failure, no shutdown came in between.
    pub all_is_out: bool,
    data: Vec<Data>,
    /// Queued by the program, and Pongs by the library.
    control: Vec<Frame>,
    sources: HashMap<usize, usize>,
    keys: u32,
}

impl Model {
    pub fn queued_so_far(&self) -> usize {
        self.data.len() + self.control.len()
    }

    pub fn queued(&mut self, frame: Frame) {
        if is_control(frame.opcode) {
            self.control.push(frame);
        } else {
            let (opcode, rsv) = (frame.opcode, frame.rsv);
            self.data.push(Data { id: None, opcode, rsv, frames: vec![frame] });
        }
    }

    pub fn queued_fragmented(&mut self, id: usize, opcode: u8, rsv: u8) {
        assert!(!is_control(opcode));
        self.data.push(Data { id: Some(id), opcode, rsv, frames: Vec::new() });
    }

    /// The read callback of a fragmented message gave bytes, which make a frame.
    pub fn fragment_given(&mut self, id: usize, payload: Vec<u8>, fin: bool) {
        const RSV1: u8 = 4;
        let message = self.data.iter_mut().find(|message| message.id == Some(id));
        let Some(Data { opcode, rsv, frames, .. }) = message else { panic!("asked for a refused message") };
        let (opcode, rsv) = if frames.is_empty() { (*opcode, *rsv) } else { (0, *rsv & !RSV1) };
        frames.push(Frame { fin, rsv, opcode, key: None, payload });
    }

    /// S5: a message's source stays where it is.
    pub fn source_is_at(&mut self, id: usize, address: usize) {
        assert_eq!(*self.sources.entry(id).or_insert(address), address);
    }

    pub fn next_key(&mut self) -> [u8; 4] {
        self.keys += 1;
        self.keys.to_be_bytes()
    }

    /// Compares the output with what was asked for.
    pub fn check(&self, masked: bool) {
        let (mut frames, incomplete) = parse_frames(&self.output);
        assert!(incomplete == 0 || !self.all_is_out);
        self.check_keys(&frames, masked);
        if let Some(close) = frames.iter().position(|frame| frame.opcode == CLOSE) {
            assert_eq!((close + 1, incomplete), (frames.len(), 0), "bytes after a Close");
            // The library makes Closes of its own.
            frames.pop();
        }
        frames.iter_mut().for_each(|frame| frame.key = None);
        let (control, data): (Vec<Frame>, Vec<Frame>) =
            frames.into_iter().partition(|frame| is_control(frame.opcode));
        self.check_data(&data);
        self.check_control(&control);
    }

    /// S7: each key is used once.
    fn check_keys(&self, frames: &[Frame], masked: bool) {
        let keys: HashSet<[u8; 4]> = frames.iter().filter_map(|frame| frame.key).collect();
        assert_eq!(keys.len(), if masked { frames.len() } else { 0 });
        assert!(keys.into_iter().all(|key| u32::from_be_bytes(key) <= self.keys));
    }

    fn check_data(&self, sent: &[Frame]) {
        let mut expected = self.data.iter().flat_map(|message| &message.frames);
        for frame in sent {
            assert_eq!(Some(frame), expected.next());
        }
        assert!(!self.all_is_out || expected.next().is_none(), "data is missing");
    }

    /// In the order of queueing; those that a Close overtook are missing.
    fn check_control(&self, sent: &[Frame]) {
        if self.all_is_out {
            assert_eq!(sent, self.control);
        }
        let mut queued = self.control.iter();
        for frame in sent {
            assert!(queued.any(|queued| queued == frame), "{frame:?} was not queued, or not in this order");
        }
    }
}
