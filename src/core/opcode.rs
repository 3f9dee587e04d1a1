//! Opcodes and RSV bits (RFC 6455 section 5.2).
//!
//! An opcode is a plain number: programs may send reserved ones (contract Q7).

/// A further fragment of the message under way.
pub const CONTINUATION: u8 = 0;
/// A text message, UTF-8.
pub const TEXT: u8 = 1;
/// A binary message.
pub const BINARY: u8 = 2;
/// The closing handshake.
pub const CLOSE: u8 = 8;
/// Asks for a Pong.
pub const PING: u8 = 9;
/// Answers a Ping.
pub const PONG: u8 = 10;

/// The first reserved bit, the only one that can be allowed (contract E2).
pub const RSV1: u8 = 4;

/// The longest payload of a control frame (RFC 6455 section 5.5).
pub const MAX_CONTROL_PAYLOAD: usize = 125;

/// Whether bit 3 marks `opcode` as one of a control frame.
pub const fn is_control(opcode: u8) -> bool {
    opcode & 8 != 0
}
