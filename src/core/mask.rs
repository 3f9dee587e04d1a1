//! Masking (RFC 6455 section 5.3): every byte is XORed with one of the key's four.
//!
//! The same operation masks and unmasks.

use crate::simd;

/// XORs `data`, which starts at payload byte `offset` of its frame, with `key`; says
/// whether the result is ASCII throughout.
#[inline]
pub fn apply(key: [u8; 4], offset: u64, data: &mut [u8]) -> bool {
    simd::mask(pattern(key, offset), data)
}

/// XORs a whole payload, which lies in `memory` behind the first `distance` bytes, with `key`
/// and moves it up to the front; says whether the result is ASCII throughout.
pub fn apply_moving(key: [u8; 4], memory: &mut [u8], distance: usize) -> bool {
    simd::mask_moving(pattern(key, 0), memory, distance)
}

#[inline]
fn pattern(key: [u8; 4], offset: u64) -> u64 {
    let [a, b, c, d] = u32::from_be_bytes(key).rotate_left((offset % 4) as u32 * 8).to_be_bytes();
    u64::from_ne_bytes([a, b, c, d, a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_definition_for_all_short_lengths_and_offsets() {
        let key = [0x37, 0xfa, 0x21, 0x3d];
        for length in 0..=if cfg!(miri) { 20 } else { 300 } {
            for offset in 0..8 {
                let mut data: Vec<u8> = (0..length).map(|i| i as u8).collect();
                apply(key, offset, &mut data);
                for (i, byte) in data.iter().enumerate() {
                    assert_eq!(*byte, i as u8 ^ key[(i + offset as usize) % 4]);
                }
            }
        }
    }

    #[test]
    fn a_frame_may_be_many_gib_long() {
        let mut data = [0; 3];
        apply([1, 2, 3, 4], (1 << 40) - 5, &mut data);
        assert_eq!(data, [4, 1, 2]);
    }

    #[test]
    fn the_example_of_rfc_6455_section_5_7() {
        let mut data = *b"Hello";
        apply([0x37, 0xfa, 0x21, 0x3d], 0, &mut data);
        assert_eq!(data, [0x7f, 0x9f, 0x4d, 0x51, 0x58]);
        let mut moved = *b"....Hello";
        assert!(!apply_moving([0x37, 0xfa, 0x21, 0x3d], &mut moved, 4));
        assert!(moved.starts_with(&data));
    }
}
