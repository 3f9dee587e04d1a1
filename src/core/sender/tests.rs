//! Unit tests of the send machine: random sessions against a plain model of the
//! order that contract S demands, with every kind of short write.

use super::*;
use crate::core::opcode::{PING, PONG, TEXT};
use crate::core::{header, mask};
use std::collections::VecDeque;

/// A frame that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Frame {
    fin: bool,
    opcode: u8,
    payload: Vec<u8>,
}

/// The frames in `bytes`, unmasked.
fn decode(mut bytes: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let Ok(header::Parsed::Complete { header, length }) = header::parse(bytes) {
        let end = length + header.payload_length as usize;
        let mut payload = bytes[length..end].to_vec();
        mask::apply(header.mask_key.unwrap_or_default(), 0, &mut payload);
        frames.push(Frame { fin: header.fin, opcode: header.opcode, payload });
        bytes = &bytes[end..];
    }
    assert!(bytes.is_empty());
    frames
}

struct Random(u32);

impl Random {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % bound
    }
}

/// Takes at most `budget` bytes, as a send callback would; `fragments` are what is left
/// of the current source.
fn drain(
    sender: &mut Sender<u8>,
    mut budget: usize,
    sources: &mut [VecDeque<Vec<u8>>; 256],
    out: &mut Vec<u8>,
) {
    loop {
        match sender.next() {
            SendStep::Idle | SendStep::Failed | SendStep::NoMemory => return,
            SendStep::NeedMaskKey => sender.mask([9, 8, 7, 6]),
            SendStep::NeedFragment => {
                let source = *sender.current_source().unwrap();
                let fragments = &mut sources[usize::from(source)];
                let mut frame = sender.fragment_memory().unwrap();
                frame.extend(&fragments.pop_front().unwrap_or_default()).unwrap();
                sender.fragment_read(frame, fragments.is_empty());
            }
            SendStep::Transmit(batch) => {
                let bytes = batch.bytes();
                let count = bytes.len().min(budget);
                out.extend_from_slice(&bytes[..count]);
                budget -= count;
                let refused = count < bytes.len();
                sender.sent(batch, count, refused);
                if refused {
                    return;
                }
            }
        }
    }
}

#[test]
fn s2_s5_random_sessions_go_out_in_order_whole_and_counted() {
    for seed in 0..if cfg!(miri) { 2 } else { 600 } {
        for role in [Role::Server, Role::Client] {
            random_session(&mut Random(seed), role);
        }
    }
}

fn random_session(random: &mut Random, role: Role) {
    let mut sender = Sender::new(role);
    let mut sources: [VecDeque<Vec<u8>>; 256] = std::array::from_fn(|_| VecDeque::new());
    let (mut data, mut control) = (Vec::new(), Vec::new());
    let mut out = Vec::new();
    for source in 0..60_u8 {
        let length = [0, 1, 5, 125, 126, 300][random.below(6) as usize];
        let payload = vec![source; length];
        match random.below(5) {
            0 | 1 => {
                sender.queue_message(TEXT, 0, 0, &payload).unwrap();
                data.push(Frame { fin: true, opcode: TEXT, payload });
            }
            2 if length <= 125 => {
                let opcode = if random.below(2) == 0 { PING } else { PONG };
                sender.queue_message(opcode, 0, 0, &payload).unwrap();
                control.push(Frame { fin: true, opcode, payload });
            }
            3 => {
                let count = 1 + random.below(3) as usize;
                sources[usize::from(source)] = vec![payload.clone(); count].into();
                sender.queue_fragmented(TEXT, 0, 0, || Ok(source)).unwrap();
                for number in 0..count {
                    let opcode = if number == 0 { TEXT } else { CONTINUATION };
                    data.push(Frame { fin: number + 1 == count, opcode, payload: payload.clone() });
                }
            }
            _ => drain(&mut sender, random.below(400) as usize, &mut sources, &mut out),
        }
    }
    drain(&mut sender, usize::MAX, &mut sources, &mut out);
    let frames = decode(&out);
    let (sent_control, sent_data): (Vec<_>, Vec<_>) =
        frames.into_iter().partition(|frame| super::super::opcode::is_control(frame.opcode));
    assert_eq!(sent_data, data);
    assert_eq!(sent_control, control);
    assert_eq!((sender.queued_count(), sender.queued_length()), (0, 0));
    assert!(!sender.wants_write());
}

#[test]
fn s10_the_stream_is_the_same_however_it_is_taken() {
    let stream = |budget: usize| {
        let mut sender = Sender::new(Role::Client);
        let mut sources = std::array::from_fn(|_| VecDeque::new());
        sources[7] = vec![b"one".to_vec(), b"two".to_vec()].into();
        sender.queue_message(PING, 0, 0, b"ping").unwrap();
        sender.queue_message(TEXT, 0, 0, &[b'x'; 130]).unwrap();
        sender.queue_fragmented(TEXT, 0, 0, || Ok(7)).unwrap();
        sender.queue_message(TEXT, 0, 0, b"last").unwrap();
        let mut out = Vec::new();
        while sender.wants_write() {
            drain(&mut sender, budget, &mut sources, &mut out);
        }
        out
    };
    let whole = stream(usize::MAX);
    for budget in (1..=whole.len()).step_by(if cfg!(miri) { 29 } else { 1 }) {
        assert_eq!(stream(budget), whole, "{budget} bytes at a time");
    }
}

/// What goes out when `queue` fills a sender that is interrupted after `cut` bytes of
/// one text by `interrupt`.
fn interrupted(role: Role, cut: usize, interrupt: fn(&mut Sender<u8>)) -> (Vec<Frame>, Sender<u8>) {
    let mut sender = Sender::new(role);
    let mut sources = std::array::from_fn(|_| VecDeque::new());
    let mut out = Vec::new();
    sender.queue_message(TEXT, 0, 0, b"first").unwrap();
    sender.queue_message(TEXT, 0, 0, b"second").unwrap();
    drain(&mut sender, cut, &mut sources, &mut out);
    interrupt(&mut sender);
    drain(&mut sender, usize::MAX, &mut sources, &mut out);
    (decode(&out), sender)
}

#[test]
fn s2_a_ping_goes_between_frames_never_into_one() {
    for role in [Role::Server, Role::Client] {
        let first_frame = header::encoded_length(5, role == Role::Client) + 5;
        for cut in 0..first_frame {
            let (frames, _) =
                interrupted(role, cut, |sender| sender.queue_message(PING, 0, 0, b"p").unwrap());
            let opcodes: Vec<u8> = frames.iter().map(|frame| frame.opcode).collect();
            assert_eq!(opcodes, [TEXT, PING, TEXT], "cut at {cut}");
        }
    }
}

#[test]
fn s3_d9_a_close_overtakes_and_drops_pings_and_ends_writing() {
    for role in [Role::Server, Role::Client] {
        let (frames, sender) = interrupted(role, 3, |sender| {
            sender.queue_message(PING, 0, 0, b"p").unwrap();
            sender.queue_close(1001, b"bye").unwrap();
        });
        let opcodes: Vec<u8> = frames.iter().map(|frame| frame.opcode).collect();
        assert_eq!(opcodes, [TEXT, CLOSE]);
        assert_eq!(frames[1].payload, b"\x03\xe9bye");
        assert!(sender.close_sent() && !sender.is_enabled() && sender.status_sent() == 1001);
        assert_eq!((sender.queued_count(), sender.queued_length()), (1, 6));
    }
}

#[test]
fn s8_fitting_never_tears_a_header() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_message(TEXT, 0, 0, b"abc").unwrap();
    sender.queue_message(TEXT, 0, 0, &[b'x'; 126]).unwrap();
    let SendStep::Transmit(batch) = sender.next() else { panic!() };
    let fitting: Vec<usize> = (0..12).map(|room| batch.fitting(room)).collect();
    assert_eq!(fitting, [0, 0, 2, 3, 4, 5, 5, 5, 5, 9, 10, 11]);
    assert_eq!(batch.fitting(1000), 5 + 4 + 126);
}

#[test]
fn a_failure_is_said_once_what_is_ready_is_out_and_asks_nothing_more() {
    let mut sender = Sender::<u8>::new(Role::Client);
    sender.queue_message(TEXT, 0, 0, b"first").unwrap();
    sender.queue_message(TEXT, 0, 0, b"second").unwrap();
    assert!(matches!(sender.next(), SendStep::NeedMaskKey));
    sender.mask([1, 2, 3, 4]);
    assert!(matches!(sender.next(), SendStep::NeedMaskKey));
    sender.fail();
    let SendStep::Transmit(batch) = sender.next() else { panic!() };
    assert_eq!(batch.bytes().len(), 11);
    sender.sent(batch, 4, true);
    let SendStep::Transmit(batch) = sender.next() else { panic!() };
    assert_eq!(batch.bytes().len(), 7);
    sender.sent(batch, 7, false);
    assert!(matches!(sender.next(), SendStep::Failed));
    assert_eq!(sender.queued_count(), 1);
}

/// A client with one fragmented message and a text behind it, whose first fragment was
/// read while `meanwhile` ran in the callback.
fn fragment_read_while(meanwhile: fn(&mut Sender<u8>)) -> (Vec<u8>, Sender<u8>) {
    let mut sender = Sender::new(Role::Server);
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    assert!(matches!(sender.next(), SendStep::NeedFragment));
    let mut frame = sender.fragment_memory().unwrap();
    frame.extend(b"abc").unwrap();
    meanwhile(&mut sender);
    sender.fragment_read(frame, true);
    let mut out = Vec::new();
    drain(&mut sender, usize::MAX, &mut std::array::from_fn(|_| VecDeque::new()), &mut out);
    (decode(&out).iter().map(|frame| frame.opcode).collect(), sender)
}

#[test]
fn s2_a_frame_whose_bytes_were_read_goes_before_what_the_callback_queued() {
    let (order, _) = fragment_read_while(|sender| sender.queue_message(PING, 0, 0, b"").unwrap());
    assert_eq!(order, [TEXT, PING]);
    let (order, _) = fragment_read_while(|sender| sender.queue_close(1000, b"").unwrap());
    assert_eq!(order, [TEXT, CLOSE]);
    let (order, sender) = fragment_read_while(|sender| {
        sender.queue_close(1000, b"").unwrap();
        sender.disable();
    });
    assert_eq!(order, [TEXT]);
    assert!(!sender.close_sent());
}

#[test]
fn s2_a_frame_whose_key_was_asked_for_goes_before_what_the_callback_queued() {
    for shut_down in [false, true] {
        let mut sender = Sender::<u8>::new(Role::Client);
        sender.queue_message(TEXT, 0, 0, b"text").unwrap();
        assert!(matches!(sender.next(), SendStep::NeedMaskKey));
        sender.queue_close(1000, b"").unwrap();
        if shut_down {
            sender.disable();
        }
        sender.mask([1, 2, 3, 4]);
        let mut out = Vec::new();
        drain(&mut sender, usize::MAX, &mut std::array::from_fn(|_| VecDeque::new()), &mut out);
        let order: Vec<u8> = decode(&out).iter().map(|frame| frame.opcode).collect();
        assert_eq!(order, if shut_down { &[TEXT][..] } else { &[TEXT, CLOSE] });
    }
}

#[test]
fn s8_a_frame_that_was_begun_stays_so_when_its_header_does_not_fit() {
    for refused_before in [false, true] {
        let mut sender = Sender::<u8>::new(Role::Server);
        sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
        assert!(matches!(sender.next(), SendStep::NeedFragment));
        let mut frame = sender.fragment_memory().unwrap();
        frame.extend(b"abc").unwrap();
        sender.fragment_read(frame, true);
        if refused_before {
            let SendStep::Transmit(batch) = sender.next() else { panic!() };
            sender.sent(batch, 0, true);
        }
        sender.queue_close(1000, b"").unwrap();
        let SendStep::Transmit(batch) = sender.next() else { panic!() };
        assert_eq!(batch.fitting(1), 0);
        sender.sent(batch, 0, false);
        let mut out = Vec::new();
        drain(&mut sender, usize::MAX, &mut std::array::from_fn(|_| VecDeque::new()), &mut out);
        let order: Vec<u8> = decode(&out).iter().map(|frame| frame.opcode).collect();
        assert_eq!(order, [TEXT, CLOSE]);
    }
}

#[test]
fn s1_a_failure_is_said_once() {
    let mut sender = Sender::<u8>::new(Role::Client);
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    assert!(matches!(sender.next(), SendStep::NeedFragment));
    let frame = sender.fragment_memory().unwrap();
    sender.fragment_read(frame, true);
    assert!(matches!(sender.next(), SendStep::NeedMaskKey));
    sender.fail();
    assert!(matches!(sender.next(), SendStep::Failed));
    sender.failure_reported();
    assert!(matches!(sender.next(), SendStep::Idle));
}

#[test]
fn s5_a_failure_is_said_although_the_callback_disabled_writing_before() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    assert!(matches!(sender.next(), SendStep::NeedFragment));
    sender.disable();
    sender.fail();
    assert!(matches!(sender.next(), SendStep::Failed));
    sender.failure_reported();
    assert!(matches!(sender.next(), SendStep::Idle));
}

#[test]
fn an_idle_sender_keeps_no_memory_of_fragmented_messages() {
    let (_, sender) = fragment_read_while(|_| {});
    assert_eq!(sender.queued_count(), 0);
    assert_eq!(sender.fragmented.spare_capacity() + sender.data.frames().len(), 0);
}

#[test]
fn an_idle_sender_keeps_no_memory() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_message(TEXT, 0, 0, b"once").unwrap();
    drain(&mut sender, usize::MAX, &mut std::array::from_fn(|_| VecDeque::new()), &mut Vec::new());
    assert_eq!(sender.data.frames().len() + sender.data.waiting.spare_capacity(), 0);
}

fn ping_answers(sender: &mut Sender<u8>) -> Vec<u8> {
    let mut out = Vec::new();
    drain(sender, usize::MAX, &mut std::array::from_fn(|_| VecDeque::new()), &mut out);
    decode(&out).iter().map(|frame| frame.payload[0]).collect()
}

#[test]
fn d15_pongs_that_wait_are_bounded_and_the_newest_ping_is_answered() {
    let limit = waiting_pongs::MAX_WAITING_PONGS;
    let mut sender = Sender::<u8>::new(Role::Server);
    for ping in 0..200_u8 {
        sender.answer_ping(&[ping; 100]).unwrap();
    }
    assert_eq!((sender.queued_count(), sender.queued_length()), (limit.into(), usize::from(limit) * 100));
    assert!(sender.control.waiting.len() <= usize::from(limit) * 102);
    let expected: Vec<u8> = (0..limit - 1).chain([199]).collect();
    assert_eq!(ping_answers(&mut sender), expected);
    assert_eq!((sender.queued_count(), sender.queued_length()), (0, 0));
    sender.answer_ping(&[7]).unwrap();
    sender.answer_ping(&[8]).unwrap();
    assert_eq!(ping_answers(&mut sender), [7, 8], "the count starts over once they are out");
}

#[test]
fn d15_the_programs_own_control_messages_are_kept_and_a_begun_run_stays_whole() {
    let mut sender = Sender::<u8>::new(Role::Server);
    let limit = waiting_pongs::MAX_WAITING_PONGS;
    sender.answer_ping(&[0]).unwrap();
    let mut first_byte = Vec::new();
    drain(&mut sender, 1, &mut std::array::from_fn(|_| VecDeque::new()), &mut first_byte);
    for _ in 0..limit {
        sender.answer_ping(&[1]).unwrap();
    }
    sender.queue_message(PING, 0, 0, &[2]).unwrap();
    sender.queue_message(PONG, 0, 0, &[3]).unwrap();
    sender.answer_ping(&[4, 4, 4]).unwrap();
    assert_eq!(sender.queued_count(), usize::from(limit) + 3);
    let mut out = first_byte;
    drain(&mut sender, usize::MAX, &mut std::array::from_fn(|_| VecDeque::new()), &mut out);
    let ones = vec![1; usize::from(limit) - 1];
    let expected = [&[0], &ones[..], &[2, 3, 4]].concat();
    assert_eq!(decode(&out).iter().map(|frame| frame.payload[0]).collect::<Vec<_>>(), expected);
}

/// What goes out after the library's own Close, by opcode.
fn order_around_a_close(close_after_queued: bool, role: Role) -> Vec<u8> {
    let mut sender = Sender::<u8>::new(role);
    let mut sources: [VecDeque<Vec<u8>>; 256] = std::array::from_fn(|_| VecDeque::new());
    sender.set_close_after_queued(close_after_queued);
    sources[0] = vec![vec![1], vec![2]].into();
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    sender.queue_message(TEXT, 0, 0, b"behind").unwrap();
    sender.queue_message(PING, 0, 0, b"").unwrap();
    sender.answer_with_close(1002, b"why").unwrap();
    assert_eq!(sender.queue_message(TEXT, 0, 0, b""), Err(crate::error::Error::NoMoreMessages));
    sender.answer_ping(b"no more").unwrap();
    sender.answer_with_close(1001, b"").unwrap();
    let mut out = Vec::new();
    drain(&mut sender, usize::MAX, &mut sources, &mut out);
    assert!(sender.close_sent() && !sender.is_enabled());
    assert_eq!(sender.status_sent(), 1002);
    let frames = decode(&out);
    assert_eq!(frames.last().unwrap().payload, b"\x03\xeawhy");
    frames.iter().map(|frame| frame.opcode).collect()
}

#[test]
fn s3_the_librarys_close_overtakes_data_unless_told_to_go_behind_it() {
    for role in [Role::Server, Role::Client] {
        assert_eq!(order_around_a_close(false, role), [CLOSE]);
        assert_eq!(order_around_a_close(true, role), [PING, TEXT, CONTINUATION, TEXT, CLOSE]);
    }
}

#[test]
fn s6_behind_a_close_nothing_keeps_memory() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_message(TEXT, 0, 0, b"never sent").unwrap();
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    sender.queue_close(1000, b"").unwrap();
    drain(&mut sender, usize::MAX, &mut std::array::from_fn(|_| VecDeque::new()), &mut Vec::new());
    assert!(sender.close_sent());
    assert_eq!((sender.queued_count(), sender.queued_length()), (2, 10), "they stay counted (Q6)");
    assert!(!sender.data.waiting.is_allocated() && !sender.fragmented.is_allocated());
}

#[test]
fn the_frames_of_a_fragmented_message_share_their_memory() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    let mut places = Vec::new();
    for last in [false, false, true] {
        let mut frame = sender.fragment_memory().unwrap();
        places.push(frame.as_ptr());
        frame.extend(b"fragment").unwrap();
        sender.fragment_read(frame, last);
        let SendStep::Transmit(batch) = sender.next() else { panic!() };
        let count = batch.bytes().len();
        sender.sent(batch, count, false);
        let idle = sender.fragment_memory().unwrap();
        sender.fragment_stalled(idle);
    }
    assert!(places.iter().all(|place| *place == places[0]));
    assert_eq!(sender.queued_count(), 0);
}
