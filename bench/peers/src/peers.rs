//! One module for each library. `echo` gives a function that reads all messages that lie on
//! the wire, sends them back and flushes; `send` one that sends some messages as a client
//! and flushes. Where a library has several ways, it has the one that measured fastest
//! here.

pub mod fastwebsockets;
pub mod sockudo;
pub mod sockudo_protocol;
pub mod tokio_websockets;
pub mod tungstenite;
pub mod wtx;
