//! A drop-in replacement for wslay, the C WebSocket library.
//!
//! The layers, outermost first; each uses only those below it:
//!
//! - `capi`: the exported C functions, a few lines each.
//! - `event`, `frame`: the two APIs: they perform the steps that the protocol asks for,
//!   through the program's callbacks.
//! - `callbacks`: the only calls into C.
//! - `context`: the memory that C holds a pointer to, and how it is entered.
//! - `core`: the protocol, without I/O and without unsafe code.
//! - `handshake`: the opening handshake, likewise.
//! - `accept_key`, `random`: the opening handshake's answer, and random keys.
//! - `simd`: the loops over every byte.
//! - `mem`, `error`, `abi`: memory, error codes, the C types.

#![cfg_attr(not(any(test, feature = "std")), no_std)]

pub mod abi;
mod accept_key;
mod callbacks;
pub mod capi;
mod context;
mod core;
mod error;
mod event;
mod frame;
mod handshake;
mod mem;
#[cfg(not(any(test, feature = "std")))]
mod no_std;
mod random;
mod simd;
