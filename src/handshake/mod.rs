//! The opening handshake (RFC 6455 section 4), from both ends.
//!
//! Bytes in, bytes out: whoever uses this does the I/O. [`server::ServerHandshake`] is
//! fed what a client sent, and [`client::ClientHandshake`] what a server answered; each
//! holds the bytes that it wants sent, and those of the peer's that lie behind the head.
//!
//! - `head`: cuts a head out of a byte stream, as little at a time as comes.
//! - `start_line`, `fields`: what stands in its lines.
//! - `syntax`: the grammar of tokens, field values, hosts, and lists.
//! - `request`: whether a request asks for a WebSocket as RFC 6455 wants it.
//! - `verify`: the same for the response.
//! - `answer`, `lines`: HTTP to be sent.
//!
//! Nothing here trusts the peer, nor the strings of the program: what is not allowed in a
//! header is refused before a byte of it is written.

#![forbid(unsafe_code)]

mod answer;
pub mod client;
mod fields;
mod head;
mod lines;
mod request;
pub mod server;
mod start_line;
mod syntax;
mod verify;

pub use head::Rest;

use ::core::ffi::CStr;

/// Why a peer's head is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status that a server answers it with.
    pub status: u16,
    /// What is wrong, in a few words.
    pub text: &'static CStr,
}

impl Problem {
    const fn new(status: u16, text: &'static CStr) -> Self {
        Self { status, text }
    }

    const fn bad(text: &'static CStr) -> Self {
        Self::new(400, text)
    }
}

/// What the bytes fed so far amount to, at either end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The head has not ended.
    Incomplete,
    /// Server: a request for a WebSocket, to be accepted or answered. Client: the WebSocket
    /// is open.
    WebSocket,
    /// Other HTTP. Server: a response that refuses it is ready.
    Http,
    /// Nothing that can be taken. Server: a response that says so is ready.
    Bad,
}

/// What ends the reading of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The peer's fault.
    Problem(Problem),
    /// There was no memory to go on with.
    NoMemory,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<crate::mem::OutOfMemory> for Failure {
    fn from(_: crate::mem::OutOfMemory) -> Self {
        Self::NoMemory
    }
}

/// Miri, which is slow, would find nothing in code without `unsafe`: `tests/handshake.rs`
/// is for it.
#[cfg(all(test, not(miri)))]
mod tests;
