//! How many automatic Pongs wait, and where the newest is (D15).
//!
//! Offsets count from the start of the control frames that wait: whoever takes those
//! away starts over with [`WaitingPongs::default`].

/// So many may wait before a newer one takes the place of the newest.
pub const MAX_WAITING_PONGS: u8 = 64;

/// See the module's description.
#[derive(Clone, Copy, Debug, Default)]
pub struct WaitingPongs {
    count: u8,
    newest: u32,
}

impl WaitingPongs {
    /// One more was queued at offset `start`, behind the others.
    pub fn push(&mut self, start: usize) {
        // Behind 4 GiB of the program's own control frames, Pongs are not the problem.
        if let Ok(start) = u32::try_from(start) {
            self.count = self.count.saturating_add(1);
            self.newest = start;
        }
    }

    /// If no more may wait: where the one lies that a newer one stands for, which is then
    /// counted no more.
    pub fn superseded(&mut self) -> Option<usize> {
        if self.count < MAX_WAITING_PONGS {
            return None;
        }
        self.count -= 1;
        Some(self.newest as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d15_what_is_superseded_is_counted_no_more() {
        let mut pongs = WaitingPongs::default();
        for start in 0..usize::from(MAX_WAITING_PONGS) {
            assert_eq!(pongs.superseded(), None);
            pongs.push(start);
        }
        assert_eq!(pongs.superseded(), Some(usize::from(MAX_WAITING_PONGS) - 1));
        assert_eq!(pongs.superseded(), None, "without memory for the newer Pong there is none instead");
    }
}
