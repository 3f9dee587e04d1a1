//! The frame API: frames in and out, one at a time, through the program's callbacks
//! (contract F).

#![forbid(unsafe_code)]

mod recv;
mod send;

pub use recv::recv;
pub use send::{Piece, send, write};
