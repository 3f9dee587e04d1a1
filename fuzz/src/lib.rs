//! What the fuzz targets share: programs on top of the C functions, and a WebSocket
//! frame codec of their own to judge the library's by.

pub mod event;
pub mod frame;
pub mod handshake;
pub mod wire;

/// Bytes that the heap holds now.
pub fn heap_in_use() -> usize {
    unsafe extern "C" {
        fn __sanitizer_get_current_allocated_bytes() -> usize;
    }
    // SAFETY: AddressSanitizer, with which cargo-fuzz links by default, has this function.
    unsafe { __sanitizer_get_current_allocated_bytes() }
}

/// What a callback gives, or the result by which it says that it gives nothing.
pub type Given = Result<Vec<u8>, isize>;

/// Stores what a recv or read callback gives, and makes the callback's result.
///
/// # Safety
/// `to` points to `room` writable bytes.
unsafe fn give(given: Given, to: *mut u8, room: usize) -> isize {
    match given {
        Ok(bytes) => {
            assert!(bytes.len() <= room, "the fuzz target gives too much");
            // SAFETY: there is room for the bytes.
            unsafe { to.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
            bytes.len() as isize
        }
        Err(result) => result,
    }
}

/// # Safety
/// `data` is NULL or points to `length` bytes, which live as long as the slice.
unsafe fn slice_of<'a>(data: *const u8, length: usize) -> &'a [u8] {
    if length == 0 {
        return &[];
    }
    // SAFETY: the caller vouches for it.
    unsafe { std::slice::from_raw_parts(data, length) }
}
