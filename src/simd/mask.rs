//! Masking: XOR with a pattern of eight bytes that repeats, in place or on the way to a
//! place further to the front.

/// What one turn of the vector loops takes, in bytes.
const BLOCK: usize = 128;
const SMALL_BLOCK: usize = 32;
/// The widest vectors' size. Memory at multiples of it is never split between two lines of
/// the cache, which would cost a third of the speed.
const ALIGNMENT: usize = 32;
/// From this size on the first bytes are taken apart for that.
const WORTH_ALIGNING: usize = 512;

/// XORs `data` with `pattern`, whose first byte in memory meets the first of `data`, and
/// says whether the result is ASCII throughout.
#[inline]
pub fn mask(pattern: u64, data: &mut [u8]) -> bool {
    match data.len() {
        ..SMALL_BLOCK => mask_rest(pattern, data, 0),
        SMALL_BLOCK..WORTH_ALIGNING => mask_blockwise(pattern, data),
        WORTH_ALIGNING.. => mask_aligned(pattern, data),
    }
}

fn mask_aligned(pattern: u64, data: &mut [u8]) -> bool {
    let (head, rest) = data.split_at_mut(distance_to_alignment(data));
    let head_is_ascii = mask_rest(pattern, head, 0);
    mask_blockwise(pattern_behind(pattern, head.len()), rest) && head_is_ascii
}

/// How many bytes of `memory` lie before the first that is aligned.
fn distance_to_alignment(memory: &[u8]) -> usize {
    memory.as_ptr().align_offset(ALIGNMENT).min(memory.len())
}

/// The pattern for what lies `count` bytes behind the first.
fn pattern_behind(pattern: u64, count: usize) -> u64 {
    let bits = count as u32 % 8 * 8;
    if cfg!(target_endian = "little") { pattern.rotate_right(bits) } else { pattern.rotate_left(bits) }
}

fn mask_blockwise(pattern: u64, data: &mut [u8]) -> bool {
    #[cfg(target_arch = "x86_64")]
    if data.len() >= BLOCK && super::has_avx2() {
        // SAFETY: the processor has AVX2.
        return unsafe { with_avx2(pattern, data) };
    }
    portable(pattern, data)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(pattern: u64, data: &mut [u8]) -> bool {
    portable(pattern, data)
}

/// XORs the bytes of `memory` behind the first `distance` with `pattern`, whose first byte in
/// memory meets the first of them, moves them up to the front, and says whether the result is
/// ASCII throughout.
pub fn mask_moving(pattern: u64, memory: &mut [u8], distance: usize) -> bool {
    let length = memory.len().saturating_sub(distance);
    let head = if length < WORTH_ALIGNING { 0 } else { distance_to_alignment(memory) };
    let Some(front) = memory.get_mut(..head.saturating_add(distance)) else { return true };
    let head_is_ascii = mask_rest_moving(pattern, front, distance, 0);
    let rest = memory.get_mut(head..).unwrap_or_default();
    mask_moving_blockwise(pattern_behind(pattern, head), rest, distance) && head_is_ascii
}

fn mask_moving_blockwise(pattern: u64, memory: &mut [u8], distance: usize) -> bool {
    #[cfg(target_arch = "x86_64")]
    if super::has_avx2() {
        // SAFETY: the processor has AVX2.
        return unsafe { moving_with_avx2(pattern, memory, distance) };
    }
    portable_moving(pattern, memory, distance)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn moving_with_avx2(pattern: u64, memory: &mut [u8], distance: usize) -> bool {
    portable_moving(pattern, memory, distance)
}

/// Inlined as [`portable`] is. A block has been read before the place is written that it goes
/// to, which never reaches beyond its end.
#[inline(always)]
fn portable_moving(pattern: u64, memory: &mut [u8], distance: usize) -> bool {
    let mut seen = [0; BLOCK / 8];
    let mut to = 0;
    while let Some(from) = memory.get(to + distance..).and_then(<[u8]>::first_chunk::<BLOCK>) {
        let mut block = *from;
        let (words, _) = block.as_chunks_mut::<8>();
        for (word, seen) in words.iter_mut().zip(&mut seen) {
            *seen |= mask_word(pattern, word);
        }
        let Some(place) = memory.get_mut(to..).and_then(<[u8]>::first_chunk_mut) else { break };
        *place = block;
        to += BLOCK;
    }
    let rest = memory.get_mut(to..).unwrap_or_default();
    let seen = seen.iter().fold(0, |seen, word| seen | word);
    mask_rest_moving(pattern, rest, distance, seen)
}

/// As [`mask_rest`].
#[inline(always)]
fn mask_rest_moving(pattern: u64, memory: &mut [u8], distance: usize, seen: u64) -> bool {
    memory.copy_within(distance.min(memory.len()).., 0);
    let length = memory.len().saturating_sub(distance);
    mask_rest(pattern, memory.get_mut(..length).unwrap_or_default(), seen)
}

/// Inlined into each form, to be compiled for each.
#[inline(always)]
fn portable(pattern: u64, data: &mut [u8]) -> bool {
    let mut seen = 0;
    let (blocks, rest) = data.as_chunks_mut::<BLOCK>();
    if !blocks.is_empty() {
        seen |= mask_blocks(pattern, blocks);
    }
    let (blocks, rest) = rest.as_chunks_mut::<SMALL_BLOCK>();
    if !blocks.is_empty() {
        seen |= mask_blocks(pattern, blocks);
    }
    mask_rest(pattern, rest, seen)
}

/// What is too short for the others; `seen` are the words before it ORed.
#[inline(always)]
fn mask_rest(pattern: u64, data: &mut [u8], mut seen: u64) -> bool {
    let (words, rest) = data.as_chunks_mut::<8>();
    for word in words {
        seen |= mask_word(pattern, word);
    }
    for (byte, mask) in rest.iter_mut().zip(pattern.to_ne_bytes()) {
        *byte ^= mask;
        seen |= u64::from(*byte);
    }
    seen & 0x8080_8080_8080_8080 == 0
}

/// Written so that the compiler turns it into vector instructions, whichever it may use;
/// gives all words ORed.
#[inline(always)]
fn mask_blocks<const N: usize>(pattern: u64, blocks: &mut [[u8; N]]) -> u64 {
    let mut seen = [0; BLOCK / 8];
    for block in blocks {
        let (words, _) = block.as_chunks_mut::<8>();
        for (word, seen) in words.iter_mut().zip(&mut seen) {
            *seen |= mask_word(pattern, word);
        }
    }
    seen.iter().take(N / 8).fold(0, |seen, word| seen | word)
}

#[inline(always)]
fn mask_word(pattern: u64, word: &mut [u8; 8]) -> u64 {
    let masked = u64::from_ne_bytes(*word) ^ pattern;
    *word = masked.to_ne_bytes();
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATTERN: [u8; 8] = [1, 0x80, 3, 4, 0xff, 6, 7, 8];

    fn lengths() -> impl Iterator<Item = usize> {
        let (step, aligned_step) = if cfg!(miri) { (97, 200) } else { (1, 7) };
        let aligned = WORTH_ALIGNING - 1..WORTH_ALIGNING + BLOCK + 40;
        (0..=400).step_by(step).chain(aligned.step_by(aligned_step))
    }

    fn check(form: fn(u64, &mut [u8]) -> bool, data: &[u8], offset: usize) {
        let mut memory = data.to_vec();
        let ascii = form(u64::from_ne_bytes(PATTERN), &mut memory[offset..]);
        let expected: Vec<u8> =
            data[offset..].iter().zip(PATTERN.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        assert_eq!(&memory[offset..], expected);
        assert_eq!(memory[..offset], data[..offset]);
        assert_eq!(ascii, expected.is_ascii());
    }

    #[test]
    fn every_form_agrees_with_the_definition_at_all_lengths_and_alignments() {
        let forms: [fn(u64, &mut [u8]) -> bool; 2] = [mask, |pattern, data| portable(pattern, data)];
        for form in forms {
            for length in lengths() {
                for offset in 0..if cfg!(miri) { 3 } else { 33 } {
                    let data: Vec<u8> = (0..length + offset).map(|i| (i * 7) as u8).collect();
                    check(form, &data, offset);
                }
            }
        }
    }

    #[test]
    fn every_form_that_moves_agrees_with_the_one_in_place_at_all_lengths_and_distances() {
        type Form = fn(u64, &mut [u8], usize) -> bool;
        let forms: [Form; 2] =
            [mask_moving, |pattern, memory, distance| portable_moving(pattern, memory, distance)];
        let pattern = u64::from_ne_bytes(PATTERN);
        for form in forms {
            for length in lengths() {
                for distance in (0..=140).step_by(if cfg!(miri) { 31 } else { 1 }) {
                    let mut memory: Vec<u8> = (0..length + distance).map(|i| (i * 7) as u8).collect();
                    let mut expected = memory[distance..].to_vec();
                    let ascii = mask(pattern, &mut expected);
                    assert_eq!(form(pattern, &mut memory, distance), ascii, "{length} {distance}");
                    assert_eq!(memory[..length], expected, "{length} {distance}");
                }
            }
        }
        assert!(mask_moving(pattern, &mut [1, 2, 3], 4), "there is nothing to move");
    }

    #[test]
    fn one_byte_that_is_not_ascii_is_found_at_every_place() {
        for length in [1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 200, 300] {
            for place in (0..length).step_by(if cfg!(miri) { 29 } else { 1 }) {
                let mut data: Vec<u8> = (0..length).map(|i| PATTERN[i % 8] ^ b'a').collect();
                assert!(mask(u64::from_ne_bytes(PATTERN), &mut data.clone()));
                assert!(portable(u64::from_ne_bytes(PATTERN), &mut data.clone()));
                data[place] ^= 0x80;
                assert!(!mask(u64::from_ne_bytes(PATTERN), &mut data.clone()), "{length} {place}");
                assert!(!mask_moving(u64::from_ne_bytes(PATTERN), &mut data.clone(), 0), "{length} {place}");
                assert!(!portable(u64::from_ne_bytes(PATTERN), &mut data), "{length} {place}");
            }
        }
    }
}
