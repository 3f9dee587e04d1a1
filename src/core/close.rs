//! Close codes and the payload of a Close (RFC 6455 sections 5.5.1 and 7.4).

/// The peer broke the protocol.
pub const PROTOCOL_ERROR: u16 = 1002;
/// Stands for a Close without a code; never on the wire.
pub const NO_STATUS_RECEIVED: u16 = 1005;
/// Stands for a connection without a Close; never on the wire.
pub const ABNORMAL_CLOSURE: u16 = 1006;
/// A text was not UTF-8.
pub const INVALID_FRAME_PAYLOAD_DATA: u16 = 1007;
/// A message was larger than this end takes.
pub const MESSAGE_TOO_BIG: u16 = 1009;

/// The longest reason: a control payload less the two bytes of the code.
pub const MAX_REASON: usize = super::opcode::MAX_CONTROL_PAYLOAD - CODE_LENGTH;
/// The bytes that the code takes at the start of a Close's payload.
pub const CODE_LENGTH: usize = 2;

/// Whether a peer may send `code` (contract R8; D3 for 1012 to 1014).
pub const fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// What a Close's payload says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The payload is empty.
    None,
    /// A code that may be on the wire.
    Valid(u16),
    /// One byte alone (D4), or a code that may not be on the wire.
    Invalid,
}

/// Reads the code at the start of a Close's payload.
pub fn code_of(payload: &[u8]) -> Code {
    match payload {
        [] => Code::None,
        [high, low, ..] if may_be_sent(u16::from_be_bytes([*high, *low])) => {
            Code::Valid(u16::from_be_bytes([*high, *low]))
        }
        _ => Code::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r8_d3_codes_that_may_be_on_the_wire() {
        let valid = |code: u16| {
            (1000..=1014).contains(&code) && ![1004, 1005, 1006].contains(&code)
                || (3000..=4999).contains(&code)
        };
        let codes = if cfg!(miri) { 990..=1020 } else { 0..=u16::MAX };
        for code in codes.chain([2999, 3000, 4999, 5000]) {
            assert_eq!(may_be_sent(code), valid(code), "{code}");
        }
    }

    #[test]
    fn a_reason_fits_into_a_control_frame_behind_the_code() {
        assert_eq!(MAX_REASON, 123);
    }

    #[test]
    fn d4_one_byte_is_no_close_code() {
        assert_eq!(code_of(b""), Code::None);
        assert_eq!(code_of(b"\x03"), Code::Invalid);
        assert_eq!(code_of(b"\x03\xe8bye"), Code::Valid(1000));
        assert_eq!(code_of(b"\x03\xed"), Code::Invalid);
    }
}
