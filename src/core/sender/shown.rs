//! Answers made where the message lies that they repeat.
//!
//! While the program is being shown messages that lie in memory of their own, that memory
//! is here. A message that a server queues just as it was shown becomes a frame in place:
//! its header is written into the room before it, where the peer's longer one was. If each
//! next message is moved up to where that frame ends, the frames made so adjoin, and go out
//! together without having been copied.
//!
//! Bytes that the program may be looking at are never written here, and the memory stays
//! where it is as long as someone [keeps](Buffer::keep) it.

use crate::core::header::Encoded;
use crate::mem::{Buffer, Note};
use ::core::ops::Range;

/// See the module's description.
#[derive(Default)]
pub struct Shown {
    /// Its [`Note`] is where the frames begin and end; if there are none, both are where the
    /// payload begins that may become the first. The flag says that a payload is being shown
    /// that may become the next frame.
    memory: Buffer<u8>,
}

impl Shown {
    /// Takes over memory in which the program will be shown messages.
    pub fn lend(&mut self, memory: Buffer<u8>) {
        self.memory = memory;
        self.forget_frames();
    }

    /// What was lent.
    pub fn memory(&self) -> &Buffer<u8> {
        &self.memory
    }

    /// What was lent, before the program is shown the next of it.
    pub fn memory_mut(&mut self) -> &mut Buffer<u8> {
        &mut self.memory
    }

    /// A payload that begins at `start` is about to be shown. If there are frames, that is
    /// where it would lie in one right behind them.
    pub fn show(&mut self, start: usize) {
        let frames = if self.has_frames() { self.range() } else { start..start };
        self.set_frames(frames, true);
    }

    /// What is shown next is to be copied.
    pub fn hide(&mut self) {
        self.set_frames(self.range(), false);
    }

    fn set_frames(&mut self, Range { start, end }: Range<usize>, may_grow: bool) {
        self.memory.set_note(Note { first: start, second: end, flag: may_grow });
    }

    fn range(&self) -> Range<usize> {
        let Note { first, second, .. } = self.memory.note();
        first..second
    }

    /// Whether any frame was made.
    pub fn has_frames(&self) -> bool {
        !self.range().is_empty()
    }

    /// The frames.
    pub fn frames(&self) -> &[u8] {
        self.memory.as_slice().get(self.range()).unwrap_or_default()
    }

    /// Where they end; nothing if there are none.
    pub fn end_of_frames(&self) -> Option<usize> {
        self.has_frames().then(|| self.range().end)
    }

    /// They are somewhere else now.
    pub fn forget_frames(&mut self) {
        self.set_frames(0..0, false);
    }

    /// Makes a frame of `payload`, if the payload being shown begins with it, for the first time;
    /// says whether it did.
    pub fn make_frame(&mut self, header: &Encoded, payload: Range<*const u8>) -> bool {
        let header = header.as_slice();
        let Some(Range { start, end }) = self.place_of(payload) else { return false };
        // Behind a part of the payload, a header would be written into what is being shown.
        if !self.memory.note().flag {
            return false;
        }
        let frames = self.range();
        if self.has_frames() {
            let adjoins = frames.end.checked_add(header.len()) == Some(start);
            if adjoins && self.memory.overwrite(frames.end, header) {
                self.set_frames(frames.start..end, false);
                return true;
            }
            return false;
        }
        if start != frames.start {
            return false;
        }
        match start.checked_sub(header.len()) {
            Some(place) if self.memory.overwrite(place, header) => self.set_frames(place..end, false),
            None if start == 0 && self.memory.prepend(header) => {
                self.set_frames(0..header.len().saturating_add(end), false);
            }
            _ => return false,
        }
        true
    }

    /// Where in the memory `payload` lies, if it does.
    fn place_of(&self, payload: Range<*const u8>) -> Option<Range<usize>> {
        let memory = self.memory.as_slice();
        let offset = |place: *const u8| place.addr().checked_sub(memory.as_ptr().addr());
        let (start, end) = (offset(payload.start)?, offset(payload.end)?);
        (start < end && end <= memory.len()).then_some(start..end)
    }

    /// Gives back the memory; if there are frames, cut to those.
    pub fn take(&mut self) -> (Buffer<u8>, bool) {
        let (frames, has_frames) = (self.range(), self.has_frames());
        let mut memory = ::core::mem::take(&mut self.memory);
        if has_frames {
            memory.crop(frames);
            let length = memory.len();
            // What would mostly lie idle in the queue is not worth the copy that it saves.
            if memory.idle_capacity() > length {
                memory.shrink(length);
            }
        }
        (memory, has_frames)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::Role;
    use crate::core::opcode::BINARY;
    use crate::core::sender::lane::encode_header;

    /// What a client's header has beyond a server's.
    const KEY: usize = 4;

    /// Messages as a client sends them, with `#` for their headers.
    fn lent(messages: &[&[u8]]) -> Shown {
        let mut memory = Buffer::new();
        for message in messages {
            memory.extend(&b"##############"[..encode(message).as_slice().len() + KEY]).unwrap();
            memory.extend(message).unwrap();
        }
        let mut shown = Shown::default();
        shown.lend(memory);
        shown
    }

    fn encode(payload: &[u8]) -> Encoded {
        encode_header(Role::Server, BINARY, 0, payload)
    }

    /// Queues the bytes of `range`, as the program would that sees them.
    fn queue(shown: &mut Shown, range: Range<usize>) -> bool {
        let payload = &shown.memory().as_slice()[range];
        let (header, place) = (encode(payload), payload.as_ptr_range());
        shown.make_frame(&header, place)
    }

    /// Moves a payload to `to`, as the receiver does, shows it and queues it.
    fn move_and_queue(shown: &mut Shown, from: Range<usize>, to: usize) -> bool {
        shown.memory_mut().as_mut_slice().copy_within(from.clone(), to);
        shown.show(to);
        queue(shown, to..to + from.len())
    }

    #[test]
    fn messages_become_adjoining_frames_in_place() {
        let mut shown = lent(&[b"first", b"second", &[b'x'; 126]]);
        assert!(!shown.has_frames() && shown.end_of_frames().is_none());
        shown.show(6);
        assert!(queue(&mut shown, 6..11));
        assert_eq!(shown.end_of_frames(), Some(11));
        assert!(move_and_queue(&mut shown, 17..23, 13));
        assert!(move_and_queue(&mut shown, 31..157, 23));
        let expected = [&b"\x82\x05first\x82\x06second\x82\x7e\0\x7e"[..], &[b'x'; 126]].concat();
        assert_eq!(shown.frames(), expected);
        let (memory, has_frames) = shown.take();
        assert!(has_frames && memory.as_slice() == expected);
        assert!(!shown.memory().is_allocated());
    }

    #[test]
    fn a_message_that_fills_the_memory_needs_room_before_it() {
        for consumed in 0..=3 {
            let mut memory = Buffer::new();
            memory.extend(&b"###"[..consumed]).unwrap();
            memory.extend(b"message").unwrap();
            memory.consume(consumed);
            let mut shown = Shown::default();
            shown.lend(memory);
            shown.show(0);
            assert_eq!(queue(&mut shown, 0..7), consumed >= 2);
            let expected: &[u8] = if consumed >= 2 { b"\x82\x07message" } else { b"" };
            assert_eq!(shown.frames(), expected);
        }
    }

    #[test]
    fn only_the_message_being_shown_becomes_a_frame() {
        let mut shown = lent(&[b"first", b"second"]);
        assert!(!queue(&mut shown, 6..11), "nothing is shown yet");
        shown.show(6);
        assert!(!queue(&mut shown, 8..11) && !queue(&mut shown, 17..23) && !queue(&mut shown, 6..6));
        let header = encode(b"first");
        assert!(!shown.make_frame(&header, b"first".as_ptr_range()));
        let beyond = shown.memory().as_slice()[6..].as_ptr_range();
        assert!(!shown.make_frame(&header, beyond.start..beyond.end.wrapping_add(1)));
        assert!(!shown.make_frame(&header, beyond.end..beyond.start));
        assert_eq!(shown.memory().as_slice(), b"######first######second", "nothing was written");
        assert!(queue(&mut shown, 6..9), "the first part is where its frame would be");
        assert!(!queue(&mut shown, 6..9), "once");
        shown.show(17);
        assert!(!queue(&mut shown, 17..23), "not moved up to the frames");
        assert_eq!(shown.frames(), b"\x82\x03fir");
    }

    #[test]
    fn what_is_being_shown_is_never_written() {
        let mut shown = lent(&[b"first part, second part", b"message"]);
        shown.show(6);
        assert!(queue(&mut shown, 6..16));
        assert!(!queue(&mut shown, 18..29), "the header would be where the space is");
        assert!(move_and_queue(&mut shown, 35..42, 18));
        assert_eq!(shown.frames(), b"\x82\x0afirst part\x82\x07message");
    }

    #[test]
    fn what_is_hidden_becomes_no_frame() {
        let mut shown = lent(&[b"first", b"second"]);
        shown.show(6);
        shown.hide();
        assert!(!queue(&mut shown, 6..11));
        shown.show(6);
        assert!(queue(&mut shown, 6..11));
        shown.show(13);
        shown.hide();
        assert_eq!(shown.frames(), b"\x82\x05first");
        assert!(!queue(&mut shown, 13..17), "it would adjoin");
    }

    #[test]
    fn frames_that_were_copied_are_not_made_again() {
        let mut shown = lent(&[b"first", b"second"]);
        shown.show(6);
        assert!(queue(&mut shown, 6..11));
        shown.forget_frames();
        assert!(!shown.has_frames() && !queue(&mut shown, 6..11));
        shown.show(17);
        assert!(queue(&mut shown, 17..23));
        assert_eq!(shown.frames(), b"\x82\x06second");
    }

    #[test]
    fn memory_that_would_mostly_lie_idle_is_given_back() {
        for (message, is_kept) in [(9, false), (10, true)] {
            let mut memory = Buffer::with_capacity(2 * 12).unwrap();
            memory.extend(&[b'#'; 6]).unwrap();
            memory.extend(&vec![b'x'; message]).unwrap();
            let mut shown = Shown::default();
            shown.lend(memory);
            shown.show(6);
            assert!(queue(&mut shown, 6..6 + message));
            let (memory, _) = shown.take();
            assert_eq!(memory.len(), 2 + message);
            assert_eq!(memory.idle_capacity() > 0, is_kept);
        }
    }

    #[test]
    fn without_frames_the_memory_comes_back_as_it_was() {
        let mut shown = lent(&[b"message"]);
        shown.show(6);
        let (memory, has_frames) = shown.take();
        assert!(!has_frames && memory.as_slice() == b"######message");
        assert!(!Shown::default().take().1);
    }
}
