//! `wslayx_accept_key` answers the base64 form of 16 bytes and nothing else, and writes
//! nothing beyond its room.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wslay::abi::wslay_error::WSLAY_ERR_INVALID_ARGUMENT;
use wslay::capi::extensions::{WSLAYX_ACCEPT_KEY_SIZE, wslayx_accept_key};

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'
}

fn is_key(key: &[u8]) -> bool {
    key.len() == 24 && key[..22].iter().all(|byte| is_base64(*byte)) && &key[22..] == b"=="
}

fuzz_target!(|key: &[u8]| {
    // On the heap, where AddressSanitizer sees the first byte beyond.
    let key = key.to_vec().into_boxed_slice();
    let mut accept = vec![b'?'; WSLAYX_ACCEPT_KEY_SIZE].into_boxed_slice();
    // SAFETY: both are ours, and as long as they must be.
    let result = unsafe { wslayx_accept_key(key.as_ptr().cast(), key.len(), accept.as_mut_ptr().cast()) };
    if is_key(&key) {
        assert_eq!(result, 0);
        let (value, end) = accept.split_at(27);
        assert!(value.iter().all(|byte| is_base64(*byte)) && end == b"=\0", "{accept:?}");
    } else {
        assert_eq!(result, WSLAY_ERR_INVALID_ARGUMENT as i32);
        assert_eq!(accept[0], 0);
    }
});
