//! The check of UTF-8 in one piece, by simdutf8 where it has a form for the processor.

/// Below this many bytes std is as fast.
const WORTH_DISPATCHING: usize = 64;

/// Whether `bytes` are valid UTF-8 from the first to the last.
#[inline]
pub fn is_utf8(bytes: &[u8]) -> bool {
    if bytes.len() < WORTH_DISPATCHING {
        return ::core::str::from_utf8(bytes).is_ok();
    }
    #[cfg(target_arch = "x86_64")]
    if super::has_avx2() {
        // SAFETY: the processor has AVX2.
        return unsafe { simdutf8::basic::imp::x86::avx2::validate_utf8(bytes) }.is_ok();
    }
    simdutf8::basic::from_utf8(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_utf8;

    /// Whatever precedes and follows, so that each form and each border is met.
    fn check(text: &[u8], before: &[usize]) {
        for before in before {
            for after in [0, 1, 64] {
                let whole = [&vec![b'a'; *before][..], text, &vec![b'z'; after]].concat();
                assert_eq!(is_utf8(&whole), std::str::from_utf8(&whole).is_ok(), "{whole:x?}");
            }
        }
    }

    #[test]
    fn agrees_with_std_on_every_pair_of_bytes_and_on_borders_of_longer_sequences() {
        let step = if cfg!(miri) { 51 } else { 1 };
        for first in (0x7f..=0xff_u8).step_by(step) {
            for second in (0..=0xff_u8).step_by(step) {
                check(&[first, second], &[0, 63, 64]);
                for third in [0x7f, 0x80, 0xbf, 0xc0] {
                    check(&[first, second, third], &[62]);
                    check(&[first, second, third, 0xbf], &[61]);
                }
            }
        }
    }
}
