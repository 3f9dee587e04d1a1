//! The WebSocket protocol (RFC 6455), without I/O.
//!
//! Bytes and commands go in, *steps* come out: read more, report this, send these
//! bytes. The caller performs a step and comes back for the next. Nothing here
//! knows a pointer, a callback or C, and a step borrows nothing from the machine
//! that gave it, so that whoever performs it may call back into the machine.

#![forbid(unsafe_code)]

pub mod close;
pub mod connection;
pub mod frame;
pub mod header;
pub mod mask;
pub mod opcode;
pub mod payload;
pub mod receiver;
pub mod sender;
pub mod utf8;

/// Which end of the connection this is (RFC 6455 section 5.1: a client masks its
/// frames, a server does not).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Sends unmasked frames, takes masked ones.
    Server,
    /// Sends masked frames, takes unmasked ones.
    Client,
}
