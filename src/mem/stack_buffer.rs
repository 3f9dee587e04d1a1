//! Input bytes in the calling frame.
//!
//! Not zeroed beforehand: only what a callback has filled can be read.

use super::Fill;
use ::core::mem::MaybeUninit;

/// Room for `N` bytes, of which the first `filled` are readable.
pub struct StackBuffer<const N: usize> {
    bytes: [MaybeUninit<u8>; N],
    filled: usize,
}

impl<const N: usize> StackBuffer<N> {
    /// No byte is readable yet.
    pub const fn new() -> Self {
        Self { bytes: [const { MaybeUninit::uninit() }; N], filled: 0 }
    }

    /// Forgets what was filled.
    pub fn clear(&mut self) {
        self.filled = 0;
    }

    /// The filled bytes.
    pub fn filled_mut(&mut self) -> &mut [u8] {
        let bytes = self.bytes.as_mut_ptr().cast::<u8>();
        // SAFETY: the first `filled` bytes were written (see `assume_filled`), `filled` is at
        // most N, and the slice borrows self.
        unsafe { ::core::slice::from_raw_parts_mut(bytes, self.filled) }
    }
}

impl<const N: usize> Fill for StackBuffer<N> {
    fn spare(&mut self) -> &mut [MaybeUninit<u8>] {
        self.bytes.get_mut(self.filled..).unwrap_or_default()
    }

    unsafe fn assume_filled(&mut self, count: usize) {
        self.filled += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_filled_bytes_are_readable() {
        let mut buffer = StackBuffer::<4>::new();
        assert!(buffer.filled_mut().is_empty());
        for (spare, byte) in buffer.spare().iter_mut().zip(*b"ab") {
            spare.write(byte);
        }
        // SAFETY: two bytes were written just above.
        unsafe { buffer.assume_filled(2) };
        assert_eq!(buffer.filled_mut(), b"ab");
        assert_eq!(buffer.spare().len(), 2);
        buffer.clear();
        assert_eq!(buffer.spare().len(), 4);
    }
}
