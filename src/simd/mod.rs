//! The two loops that look at every byte, with the widest instructions of the machine:
//! masking and the check of UTF-8.
//!
//! What the processor can do is found out at run time. For each loop there is a portable
//! form, used where there is nothing better, and the tests hold the forms against each
//! other. Nothing here knows of frames or messages.

mod mask;
mod utf8;

pub use mask::{mask, mask_moving};
pub use utf8::is_utf8;

#[cfg(target_arch = "x86_64")]
cpufeatures::new!(avx2_feature, "avx2");

/// Whether the processor and the system know AVX2.
#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    avx2_feature::get()
}
