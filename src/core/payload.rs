//! Opening payload: unmasking (RFC 6455 section 5.3) and the check of text (section 8.1)
//! in one go.

use super::mask;
use super::utf8::{InvalidUtf8, Utf8Stream};

/// Text is unmasked and checked in blocks of this size, so that a block is still in the
/// nearest cache when it is checked. A multiple of the mask key's length. Smaller for Miri,
/// which is slow.
pub const BLOCK: usize = if cfg!(miri) { 128 } else { 16 * 1024 };

/// Unmasks `piece`, which starts at payload byte `offset` of its frame, where there is a
/// key; and checks it, where it belongs to a `text`.
///
/// # Errors
/// [`InvalidUtf8`]: the text so far cannot become valid.
#[inline]
pub fn open(
    key: Option<[u8; 4]>,
    offset: u64,
    piece: &mut [u8],
    text: Option<&mut Utf8Stream>,
) -> Result<(), InvalidUtf8> {
    match text {
        Some(text) => open_text(key, offset, piece, text),
        None => {
            if let Some(key) = key {
                mask::apply(key, offset, piece);
            }
            Ok(())
        }
    }
}

fn open_text(
    key: Option<[u8; 4]>,
    mut offset: u64,
    piece: &mut [u8],
    text: &mut Utf8Stream,
) -> Result<(), InvalidUtf8> {
    for block in piece.chunks_mut(BLOCK) {
        let ascii = match key {
            Some(key) => mask::apply(key, offset, block),
            None => block.is_ascii(),
        };
        if !(ascii && text.is_complete()) {
            text.check(block)?;
        }
        offset = offset.wrapping_add(BLOCK as u64);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 4] = [0x11, 0x82, 0x33, 0xc4];

    fn opens(text: &[u8], cut: usize) -> bool {
        let mut masked = text.to_vec();
        mask::apply(KEY, 0, &mut masked);
        let mut stream = Utf8Stream::new();
        let (first, second) = masked.split_at_mut(cut);
        let opened = open(Some(KEY), 0, first, Some(&mut stream))
            .and_then(|()| open(Some(KEY), cut as u64, second, Some(&mut stream)));
        assert!(opened.is_err() || masked == text);
        opened.is_ok() && stream.is_complete()
    }

    #[test]
    fn r4_code_points_across_blocks_and_pieces_are_checked() {
        for place in BLOCK - 5..BLOCK + 2 {
            let mut text = vec![b'a'; BLOCK + 40];
            text[place..place + 4].copy_from_slice("😀".as_bytes());
            for cut in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, text.len()] {
                assert!(opens(&text, cut), "{place} {cut}");
                for broken in place..place + 4 {
                    let mut text = text.clone();
                    text[broken] = b'a';
                    assert!(!opens(&text, cut), "{place} {cut} {broken}");
                }
            }
        }
    }

    #[test]
    fn without_a_key_or_a_text_only_the_other_is_done() {
        let mut stream = Utf8Stream::new();
        assert_eq!(open(None, 0, &mut [0xc3], Some(&mut stream)), Ok(()));
        assert_eq!(open(None, 1, &mut [b'a', b'b'], Some(&mut stream)), Err(InvalidUtf8));
        let mut bytes = [0xff; 3];
        assert_eq!(open(Some(KEY), 1, &mut bytes, None), Ok(()));
        assert_eq!(bytes, [0x7d, 0xcc, 0x3b]);
    }
}
