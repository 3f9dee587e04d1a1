//! What the compiler asks of a crate without std.

/// The crate has no path that panics; this satisfies the compiler.
#[panic_handler]
fn panic(_: &::core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: abort has no precondition.
    unsafe { libc::abort() }
}

// The precompiled core library's unwind tables name this function, although nothing
// here unwinds. Weak and hidden, it neither clashes with the real one, where a program
// holds other Rust code, nor appears among the exported functions.
#[cfg(all(unix, not(target_vendor = "apple")))]
::core::arch::global_asm!(
    ".pushsection .rodata",
    ".weak rust_eh_personality",
    ".hidden rust_eh_personality",
    "rust_eh_personality:",
    ".byte 0",
    ".popsection",
);
