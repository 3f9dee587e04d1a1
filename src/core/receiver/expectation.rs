//! How much the next read will probably bring, so that large messages can be read into
//! memory that becomes their own, and several of them at once where a peer sends so many.
//!
//! It is a guess: whatever comes is read all the same.

/// From this size on, in bytes with its header, a message is large.
const LARGE_MESSAGE: u64 = 2048;
/// At most so much memory is provided for a message of which no byte has come. It is
/// given back when the call ends.
const MAX_MESSAGE: u64 = 1024 * 1024 + 16;
/// At most so much is asked for because several messages came in one read. With the answers
/// to them it stays below the 128 KiB that glibc's allocator gives back to the system and
/// gets from it again when they come and go.
const MAX_READ: usize = 56 * 1024;

/// So many bytes more are asked for than are expected: a read that is not full then says
/// that nothing more is there.
const MARGIN: usize = 16;

/// See the module's description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// What the last message took, 0 if it was small.
    message: u32,
    /// So many times that is asked for; 0 and 1 are the same.
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

    /// How many bytes to ask for, a few more than are expected; 0 if nothing large is expected.
    pub fn read_size(&self) -> usize {
        match self.message as usize * usize::from(self.times.max(1)) {
            0 => 0,
            size => size + MARGIN,
        }
    }

    /// A read of [`Expectation::read_size`] brought `count` bytes: more are asked for if it
    /// was full, and fewer if it was far from that.
    pub fn read(&mut self, count: usize) {
        let asked = self.read_size();
        let times = self.times.max(1);
        let most = (MAX_READ / (self.message as usize).max(1)).clamp(1, usize::from(u8::MAX)) as u8;
        if count >= asked {
            self.times = times.saturating_mul(2).min(most);
        } else if count < asked / 4 {
            self.times = times / 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_grow_while_they_are_full_and_shrink_when_little_comes() {
        let mut expectation = Expectation::default();
        expectation.message(16_392);
        let sizes = |times: usize| times * 16_392 + MARGIN;
        assert_eq!(expectation.read_size(), sizes(1));
        for times in [2, 3, 3] {
            expectation.read(expectation.read_size());
            assert_eq!(expectation.read_size(), sizes(times));
        }
        expectation.read(3 * 16_392);
        assert_eq!(expectation.read_size(), sizes(3), "not full, and not far from it");
        for _ in 0..3 {
            expectation.read(1);
            assert_eq!(expectation.read_size(), sizes(1));
        }
        expectation.message(100_000);
        expectation.read(100_016);
        assert_eq!(expectation.read_size(), 100_000 + MARGIN);
    }

    #[test]
    fn small_messages_and_huge_ones_are_not_provided_for() {
        let mut expectation = Expectation::default();
        for (length, large) in
            [(2047, false), (2048, true), (1 << 20, true), (1 << 21, false), (u64::MAX, false)]
        {
            expectation.message(length);
            let size = if large { length as usize + MARGIN } else { 0 };
            assert_eq!(expectation.read_size(), size);
        }
    }
}
