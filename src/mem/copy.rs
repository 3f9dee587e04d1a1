//! Copying much at once.

/// So many bytes are copied at a time. For more, glibc's `memcpy` takes the processor's
/// instruction for that, which on AMD's takes many times as long when the copy lies a few
/// bytes behind the original modulo 4 KiB, as it easily does where both were allocated
/// (`make bench-alignment`).
const PIECE: usize = 2048;

/// Copies `count` elements from `from` to `to`, as `ptr::copy_nonoverlapping` does, whichever
/// way they lie to each other in about the same time.
///
/// # Safety
/// As for `ptr::copy_nonoverlapping`.
#[inline]
pub unsafe fn copy_elements<T: Copy>(from: *const T, to: *mut T, count: usize) {
    let (from, to, length) = (from.cast::<u8>(), to.cast::<u8>(), count * size_of::<T>());
    if length > PIECE {
        // SAFETY: the caller vouches for as many bytes as the elements have.
        unsafe { copy_in_pieces(from, to, length) };
    } else {
        // SAFETY: as above.
        unsafe { ::core::ptr::copy_nonoverlapping(from, to, length) };
    }
}

/// # Safety
/// As for `ptr::copy_nonoverlapping`.
#[inline(never)]
unsafe fn copy_in_pieces(from: *const u8, to: *mut u8, length: usize) {
    let mut done = 0;
    while done < length {
        // SAFETY: `done` is less than `length`, for which the caller vouches.
        let piece_from = unsafe { from.add(done) };
        // SAFETY: as above.
        let piece_to = unsafe { to.add(done) };
        let piece = PIECE.min(length - done);
        // SAFETY: so many of the bytes are left.
        unsafe { ::core::ptr::copy_nonoverlapping(piece_from, piece_to, piece) };
        done += piece;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_just_what_it_is_given() {
        let lengths = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7];
        for length in lengths {
            let from: Vec<u8> = b"0123456789abcdefg".repeat(length / 17 + 1)[..length].to_vec();
            let mut to = vec![b'#'; length + 2];
            // SAFETY: both have so many bytes, and do not overlap.
            unsafe { copy_elements(from.as_ptr(), to[1..].as_mut_ptr(), length) };
            assert_eq!(to, [b"#", &from[..], b"#"].concat(), "{length}");
        }
        let from: Vec<(u32, u16)> = (0..700).map(|i| (i, i as u16)).collect();
        let mut to = vec![(0, 0); 700];
        // SAFETY: as above.
        unsafe { copy_elements(from.as_ptr(), to.as_mut_ptr(), from.len()) };
        assert_eq!(to, from);
    }
}
