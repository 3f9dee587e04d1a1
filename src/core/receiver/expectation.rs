//! How much the next read will probably bring, so that large messages can be read into
//! memory that becomes their own, and several of them at once where a peer sends so many.
//!
//! It is a guess: whatever comes is read all the same.

/// From this size on, in bytes with its header, a message is large.
const LARGE_MESSAGE: u64 = 2048;
/// At most so much memory is provided for a message of which no byte has come. It is
/// given back when the call ends.
const MAX_MESSAGE: u64 = 1024 * 1024 + 16;
/// At most so much memory is provided for several messages. It stays below the 128 KiB that
/// glibc's allocator gives back to the system and gets from it again when they come and go.
const MAX_BATCH: usize = 96 * 1024;
/// Into memory for several messages at least so much is read at a time, and no message more:
/// what was read is still in the nearest cache when it is unmasked.
const LEAST_READ: usize = 15 * 1024;

/// So many bytes more are asked for than are expected: a read that is not full then says
/// that nothing more is there.
const MARGIN: usize = 16;

/// See the module's description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// What the last message took, 0 if it was small.
    message: u32,
    /// So many of them at once, if that is not too much; 0 and 1 are the same.
    times: u8,
}

impl Expectation {
    /// A message of `length` bytes, with its header, came; the next is expected to be as
    /// large.
    #[inline]
    pub fn message(&mut self, length: u64) {
        if (LARGE_MESSAGE..=MAX_MESSAGE).contains(&length) {
            self.message = length as u32;
        } else {
            *self = Self::default();
        }
    }

    /// How many bytes of large messages will probably come before they are answered, and a few
    /// more; 0 if nothing large is expected.
    pub fn batch_size(&self) -> usize {
        match self.message as usize * usize::from(self.times()) {
            0 => 0,
            size => size + MARGIN,
        }
    }

    /// Whether the memory is for several messages.
    pub fn is_of_several(&self) -> bool {
        self.times() > 1
    }

    /// For how many messages memory is provided. A message may have come since that is larger
    /// than those that the number grew with.
    fn times(&self) -> u8 {
        let fits = self.message as usize * usize::from(self.times) <= MAX_BATCH;
        if fits { self.times.max(1) } else { self.most_times() }
    }

    /// How many messages memory is provided for at most.
    fn most_times(&self) -> u8 {
        (MAX_BATCH / (self.message as usize).max(1)).clamp(1, usize::from(u8::MAX)) as u8
    }

    /// How many bytes to read first into memory of [`Expectation::batch_size`].
    pub fn first_read(&self) -> usize {
        self.batch_size().min(self.enough(self.message as usize))
    }

    /// How many bytes to read on behind `there`, which are the start of a message that needs at
    /// least `missing` more, where there is room for `spare`; nothing if the message, or one
    /// like the last, does not fit.
    pub fn next_read(&self, there: usize, missing: usize, spare: usize) -> Option<usize> {
        let message = (self.message as usize).saturating_sub(there).max(missing);
        let behind = spare.checked_sub(message)?;
        // The start of a message that does not fit would have to be moved.
        let whole_messages = message + behind - behind.checked_rem(self.message as usize)?;
        Some(whole_messages.min(self.enough(message)))
    }

    /// The size of a read for `first` bytes and as many messages behind it as make the least.
    fn enough(&self, first: usize) -> usize {
        let message = (self.message as usize).max(1);
        first + LEAST_READ.saturating_sub(first).div_ceil(message) * message + MARGIN
    }

    /// Memory of [`Expectation::batch_size`] was used up to `count` bytes: more is provided if
    /// it was full, and less if it was far from that, unless it `goes_on` another.
    pub fn batch(&mut self, count: usize, goes_on: bool) {
        let (provided, message) = (self.batch_size(), self.message as usize);
        let times = self.times();
        let is_full = count > provided - provided.min(MARGIN) || times > 1 && count + message > provided;
        if is_full {
            self.times = times.saturating_mul(2).min(self.most_times());
        } else if count < provided / 4 && !goes_on {
            self.times = times / 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: usize = 16_392;

    /// After large messages, with memory for so many of them.
    fn expecting(message: usize, times: u8) -> Expectation {
        Expectation { message: message as u32, times }
    }

    #[test]
    fn memory_grows_while_it_is_filled_and_shrinks_when_little_comes() {
        let mut expectation = Expectation::default();
        expectation.message(MESSAGE as u64);
        let times = |expectation: &Expectation| (expectation.batch_size() - MARGIN) / MESSAGE;
        assert_eq!(times(&expectation), 1);
        for (came, goes_on, expected) in [
            (MESSAGE - 1, false, 1),
            (MESSAGE, false, 1),
            (MESSAGE + 1, false, 2),
            (MESSAGE, false, 2),
            (MESSAGE + MARGIN, false, 2),
            (2 * MESSAGE, false, 4),
            (2 * MESSAGE, false, 4),
            (4 * MESSAGE, true, 5),
            (5 * MESSAGE, true, 5),
            (4 * MESSAGE, false, 5),
            (2 * MESSAGE, false, 5),
            ((5 * MESSAGE + MARGIN) / 4, false, 5),
            (MESSAGE, true, 5),
            (MESSAGE, false, 2),
            (0, false, 1),
            (0, false, 1),
        ] {
            expectation.batch(came, goes_on);
            assert_eq!(times(&expectation), expected, "{came} {goes_on}");
        }
        expectation.message(100_000);
        expectation.batch(100_000 + MARGIN, false);
        assert_eq!(expectation.batch_size(), 100_000 + MARGIN);
    }

    #[test]
    fn reads_are_as_large_as_a_message_or_several_small_ones() {
        assert_eq!(expecting(MESSAGE, 1).first_read(), MESSAGE + MARGIN);
        assert_eq!(expecting(MESSAGE, 4).first_read(), MESSAGE + MARGIN);
        assert_eq!(expecting(3000, 1).first_read(), 3000 + MARGIN);
        assert_eq!(expecting(3000, 8).first_read(), 6 * 3000 + MARGIN);
        assert_eq!(Expectation::default().first_read(), 0);
    }

    #[test]
    fn reading_on_leaves_no_message_without_room() {
        let four = expecting(MESSAGE, 4);
        assert_eq!(four.next_read(0, 0, 3 * MESSAGE), Some(MESSAGE + MARGIN));
        assert_eq!(four.next_read(16, 0, 3 * MESSAGE - 16), Some(MESSAGE));
        assert_eq!(four.next_read(0, 0, 2 * MESSAGE - 1), Some(MESSAGE), "no room for a second");
        assert_eq!(four.next_read(0, 0, MESSAGE), Some(MESSAGE));
        assert_eq!(four.next_read(0, 0, MESSAGE - 1), None);
        assert_eq!(four.next_read(10, MESSAGE, MESSAGE), Some(MESSAGE), "a larger one than the last");
        assert_eq!(four.next_read(10, MESSAGE + 1, MESSAGE), None);
        let eight = expecting(3000, 8);
        assert_eq!(eight.next_read(0, 0, 8000), Some(6000));
        assert_eq!(eight.next_read(1000, 2000, 8000), Some(8000));
        assert_eq!(Expectation::default().next_read(0, 0, 8000), None);
    }

    #[test]
    fn many_times_a_larger_message_is_not_provided_for() {
        let mut expectation = expecting(2048, 48);
        assert_eq!(expectation.batch_size(), MAX_BATCH + MARGIN);
        expectation.message(2049);
        assert_eq!(expectation.batch_size(), 47 * 2049 + MARGIN);
        expectation.message(MAX_MESSAGE);
        assert!(!expectation.is_of_several());
        assert_eq!(expectation.batch_size(), MAX_MESSAGE as usize + MARGIN);
        expectation.message(2048);
        assert_eq!(expectation.batch_size(), MAX_BATCH + MARGIN);
    }

    #[test]
    fn small_messages_and_huge_ones_are_not_provided_for() {
        let mut expectation = Expectation::default();
        for (length, large) in
            [(2047, false), (2048, true), (1 << 20, true), (1 << 21, false), (u64::MAX, false)]
        {
            expectation.message(length);
            let size = if large { length as usize + MARGIN } else { 0 };
            assert_eq!(expectation.batch_size(), size);
        }
    }
}
