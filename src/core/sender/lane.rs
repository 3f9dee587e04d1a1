//! Encoded frames on their way out.
//!
//! A lane is two runs of whole frames in contiguous memory: the one being sent,
//! which never grows while the program's send callback looks at it, and the one
//! that waits behind it. Frames describe themselves, so nothing else is stored.
//! A client's frames are encoded with an empty mask key; their payload is masked
//! in place when their turn comes.

use crate::core::header::{self, Encoded, Header, Parsed};
use crate::core::{Role, close, mask, opcode};
use crate::mem::{Buffer, Note};

/// One frame of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameInLane {
    /// Last frame of its message.
    pub fin: bool,
    /// Its opcode.
    pub opcode: u8,
    /// Its header's length in bytes.
    pub header_length: usize,
    /// Its payload's length in bytes.
    pub payload_length: usize,
    mask_key: Option<[u8; 4]>,
}

impl FrameInLane {
    /// Header and payload together.
    pub fn length(&self) -> usize {
        self.header_length + self.payload_length
    }

    /// The frame that `bytes` begin with.
    pub fn at_start_of(bytes: &[u8]) -> Option<Self> {
        let Ok(Parsed::Complete { header, length }) = header::parse(bytes) else {
            return None;
        };
        let Header { fin, opcode, payload_length, mask_key, .. } = header;
        let payload_length = usize::try_from(payload_length).ok()?;
        Some(Self { fin, opcode, header_length: length, payload_length, mask_key })
    }

    /// The code in a Close whose bytes these are, 1005 without one.
    pub fn close_code(&self, bytes: &[u8]) -> u16 {
        let payload = bytes.get(self.header_length..self.length()).unwrap_or_default();
        let Some(masked) = payload.first_chunk::<{ close::CODE_LENGTH }>() else {
            return close::NO_STATUS_RECEIVED;
        };
        let mut code = *masked;
        if let Some(key) = self.mask_key {
            mask::apply(key, 0, &mut code);
        }
        u16::from_be_bytes(code)
    }
}

/// The header of a frame that is a whole message.
#[inline]
pub fn encode_header(role: Role, opcode: u8, rsv: u8, payload: &[u8]) -> Encoded {
    let mask_key = unmasked_yet(role);
    header::encode(&Header { fin: true, rsv, opcode, payload_length: payload.len() as u64, mask_key })
}

/// The key that holds a client frame's place until its turn comes: XORed with it,
/// the payload is the same.
pub fn unmasked_yet(role: Role) -> Option<[u8; 4]> {
    match role {
        Role::Server => None,
        Role::Client => Some([0; 4]),
    }
}

/// How far the frames being sent have come; kept with them.
#[derive(Clone, Copy, Default)]
struct Progress {
    /// So many bytes are out: always less than the length of the first frame.
    sent: usize,
    /// So many bytes from the start, whole frames, have their final form.
    ready: usize,
    /// The first frame must go out before anything else.
    begun: bool,
}

/// See the module's description.
#[derive(Default)]
pub struct Lane {
    /// Whole frames, with their [`Progress`].
    sending: Buffer<u8>,
    /// Whole frames behind those.
    pub waiting: Buffer<u8>,
}

impl Lane {
    fn progress(&self) -> Progress {
        let Note { first, second, flag } = self.sending.note();
        Progress { sent: first, ready: second, begun: flag }
    }

    fn set_progress(&mut self, progress: Progress) {
        let Progress { sent, ready, begun } = progress;
        self.sending.set_note(Note { first: sent, second: ready, flag: begun });
    }

    /// Whether the first frame must come next: part of it is out, or it was offered
    /// and refused, or its bytes were read, which in wslay begins it too.
    pub fn is_in_mid_frame(&self) -> bool {
        let Progress { sent, begun, .. } = self.progress();
        begun || sent > 0
    }

    /// Whether there is no frame in it.
    pub fn is_empty(&self) -> bool {
        self.sending.is_empty() && self.waiting.is_empty()
    }

    /// Whether nothing is left that has its final form.
    pub fn is_drained(&self) -> bool {
        let Progress { sent, ready, .. } = self.progress();
        ready <= sent
    }

    /// How many bytes of the frames being sent are out.
    pub fn sent(&self) -> usize {
        self.progress().sent
    }

    /// How many bytes of the frames being sent, from their start, may be sent.
    pub fn ready(&self) -> usize {
        self.progress().ready
    }

    /// The frames being sent.
    pub fn frames(&self) -> &[u8] {
        self.sending.as_slice()
    }

    /// Once the frames being sent are out, the waiting ones take their place; says
    /// whether they did. A server's frames are final at once.
    pub fn refill(&mut self, role: Role) -> bool {
        let can_refill = self.sending.is_empty();
        if can_refill {
            let waiting = ::core::mem::take(&mut self.waiting);
            self.start(waiting, role);
        }
        can_refill
    }

    /// Puts one more run of frames to be sent, into a lane that has none.
    pub fn start(&mut self, frames: Buffer<u8>, role: Role) {
        self.sending = frames;
        let ready = if role == Role::Server { self.sending.len() } else { 0 };
        self.set_progress(Progress { sent: 0, ready, begun: false });
    }

    /// Masks the first frame that is not ready.
    pub fn mask_next(&mut self, key: [u8; 4]) {
        let progress = self.progress();
        let unready = self.sending.as_mut_slice().get_mut(progress.ready..).unwrap_or_default();
        let Some(frame) = FrameInLane::at_start_of(unready) else { return };
        let Some(frame_bytes) = unready.get_mut(..frame.length()) else { return };
        if let Some((header, payload)) = frame_bytes.split_at_mut_checked(frame.header_length) {
            if let Some(place) = header.last_chunk_mut() {
                *place = key;
            }
            mask::apply(key, 0, payload);
        }
        self.set_progress(Progress { ready: progress.ready + frame.length(), ..progress });
    }

    /// Lends out the frames being sent; [`Lane::put_back`] must follow.
    pub fn take(&mut self) -> Buffer<u8> {
        ::core::mem::take(&mut self.sending)
    }

    /// Takes back what was lent, of which `count` more bytes are out; `begun` says that
    /// the frame behind them is begun, as it stays when nothing more of it goes out.
    pub fn put_back(&mut self, frames: Buffer<u8>, count: usize, begun: bool) {
        self.sending = frames;
        let Progress { sent, ready, begun: was_begun } = self.progress();
        self.set_progress(Progress { sent: sent + count, ready, begun: begun || was_begun && count == 0 });
    }

    /// Takes away the first frame, if all of it is out; gives it with the Close code
    /// that it would have.
    pub fn pop_sent(&mut self) -> Option<(FrameInLane, u16)> {
        let bytes = self.sending.as_slice();
        let frame = FrameInLane::at_start_of(bytes)?;
        let progress = self.progress();
        let sent = progress.sent.checked_sub(frame.length())?;
        let code = if frame.opcode == opcode::CLOSE { frame.close_code(bytes) } else { 0 };
        self.set_progress(Progress { sent, ..progress });
        self.remove_first(&frame);
        Some((frame, code))
    }

    /// Takes away the first frame, none of which is out.
    pub fn remove_first(&mut self, frame: &FrameInLane) {
        self.sending.consume(frame.length());
        let progress = self.progress();
        self.set_progress(Progress { ready: progress.ready.saturating_sub(frame.length()), ..progress });
        self.sending.give_back_consumed();
    }

    /// Gives up the memory of the frames being sent, once all of them are out.
    pub fn take_empty(&mut self) -> Buffer<u8> {
        if self.sending.is_empty() { ::core::mem::take(&mut self.sending) } else { Buffer::new() }
    }
}
