//! A header that the frame API parses is what an independent parser makes of it, and goes
//! out again as the same bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wslay::abi::*;
use wslay_fuzz::Given;
use wslay_fuzz::frame::{FrameContext, FrameProgram, no_iocb};
use wslay_fuzz::wire::{NoHeader, parse_header};

struct Peer {
    input: Vec<u8>,
    /// How much a read gives.
    at_most: usize,
    key: [u8; 4],
}

impl FrameProgram for Peer {
    fn recv(&mut self, room: usize) -> Given {
        let count = room.min(self.at_most).min(self.input.len());
        if count == 0 { Err(-1) } else { Ok(self.input.drain(..count).collect()) }
    }

    fn genmask(&mut self) -> [u8; 4] {
        self.key
    }
}

fuzz_target!(|header: &[u8]| {
    let expected = parse_header(header);
    for at_most in [usize::MAX, 1] {
        // A payload byte, because a header alone is not reported.
        let end = expected.map_or(header.len(), |expected| expected.size);
        let mut input = header[..end].to_vec();
        if expected.is_ok() {
            input.push(0);
        }
        let key = expected.ok().and_then(|expected| expected.key).unwrap_or_default();
        let mut peer = FrameContext::new(Peer { input, at_most, key });
        let result = loop {
            match peer.recv() {
                Err(error) if error == wslay_error::WSLAY_ERR_WANT_READ as isize => {
                    if peer.program().input.is_empty() {
                        break Err(error);
                    }
                }
                result => break result,
            }
        };
        let (expected, received) = match (expected, result) {
            (Ok(expected), Ok(received)) => (expected, received),
            (Err(NoHeader::Malformed), Err(error)) => {
                assert_eq!(error, wslay_error::WSLAY_ERR_PROTO as isize);
                continue;
            }
            (Err(NoHeader::Incomplete), Err(error)) => {
                assert_eq!(error, wslay_error::WSLAY_ERR_WANT_READ as isize);
                continue;
            }
            (expected, received) => panic!("{expected:?}, but received {received:?}"),
        };
        assert_eq!(
            (received.fin, received.rsv, received.opcode, received.masked, received.payload_length),
            (expected.fin, expected.rsv, expected.opcode, expected.key.is_some(), expected.payload_length)
        );
        let iocb = wslay_frame_iocb {
            fin: received.fin.into(),
            rsv: received.rsv,
            opcode: received.opcode,
            mask: received.masked.into(),
            payload_length: received.payload_length,
            ..no_iocb()
        };
        let mut room = [0; 14];
        assert_eq!(peer.write(&iocb, &[], &mut room), (expected.size as isize, 0));
        assert_eq!(room[..expected.size], header[..expected.size]);
    }
});
