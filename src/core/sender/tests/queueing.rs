//! What can be queued, and how it is counted (Q1 to Q7).

use super::*;
use crate::core::close::MAX_REASON;
use crate::core::opcode::MAX_CONTROL_PAYLOAD;
use crate::error::Error;

/// The results of queueing a message in each of the three ways.
fn queue_each(sender: &mut Sender<u8>) -> [Result<(), Error>; 3] {
    [
        sender.queue_message(TEXT, 0, 0, b"text"),
        sender.queue_fragmented(TEXT, 0, 0, || Ok(0)),
        sender.queue_close(1000, b""),
    ]
}

#[test]
fn q1_nothing_is_queued_without_writing_or_behind_a_close() {
    let mut disabled = Sender::<u8>::new(Role::Server);
    disabled.disable();
    assert_eq!(queue_each(&mut disabled), [Err(Error::NoMoreMessages); 3]);
    disabled.answer_ping(b"").unwrap();
    disabled.answer_with_close(1000, b"").unwrap();
    assert_eq!(disabled.queued_count(), 0);

    let mut closing = Sender::<u8>::new(Role::Server);
    assert_eq!(queue_each(&mut closing), [Ok(()); 3]);
    assert_eq!(queue_each(&mut closing), [Err(Error::NoMoreMessages); 3]);
    assert_eq!(closing.queued_count(), 3);

    let mut own_close = Sender::<u8>::new(Role::Server);
    own_close.queue_message(CLOSE, 0, 0, b"").unwrap();
    assert_eq!(queue_each(&mut own_close), [Ok(()); 3]);
}

#[test]
fn q2_control_messages_are_short_and_not_fragmented() {
    let mut sender = Sender::<u8>::new(Role::Server);
    let payload = [b'x'; MAX_CONTROL_PAYLOAD + 1];
    assert_eq!(sender.queue_message(PING, 0, 0, &payload[1..]), Ok(()));
    assert_eq!(sender.queue_message(PING, 0, 0, &payload), Err(Error::InvalidArgument));
    assert_eq!(sender.queue_message(TEXT, 0, 0, &payload), Ok(()));
    assert_eq!(sender.queue_fragmented(PING, 0, 0, || Ok(0)), Err(Error::InvalidArgument));
    assert_eq!(rest(&mut sender), [whole(PING, &payload[1..]), whole(TEXT, &payload)]);
}

#[test]
fn q2_rsv_bits_must_be_allowed_and_rsv1_is_for_data() {
    let refused = Err(Error::InvalidArgument);
    let mut sender = Sender::<u8>::new(Role::Server);
    assert_eq!(sender.queue_message(TEXT, RSV1, RSV1, b""), Ok(()));
    assert_eq!(sender.queue_message(PING, RSV1, RSV1, b""), refused);
    assert_eq!(sender.queue_message(PING, 0, RSV1, b""), Ok(()));
    assert_eq!(sender.queue_fragmented(TEXT, RSV1, RSV1, || Ok(0)), Ok(()));
    for (rsv, allowed) in [(RSV1, 0), (RSV1 | 1, RSV1), (2, RSV1)] {
        assert_eq!(sender.queue_message(TEXT, rsv, allowed, b""), refused);
        assert_eq!(sender.queue_fragmented(TEXT, rsv, allowed, || Ok(0)), refused);
    }
    assert_eq!(sender.queued_count(), 3);
}

#[test]
fn s5_the_first_frame_alone_has_opcode_and_rsv1() {
    for role in [Role::Server, Role::Client] {
        let mut sender = Sender::<u8>::new(role);
        let mut sources = no_sources();
        sources[0] = vec![b"a".to_vec(), b"".to_vec(), b"b".to_vec()].into();
        sender.queue_fragmented(TEXT, RSV1, RSV1, || Ok(0)).unwrap();
        let mut out = Vec::new();
        drain(&mut sender, usize::MAX, &mut sources, &mut out);
        let expected = [
            Frame { fin: false, rsv: RSV1, ..whole(TEXT, b"a") },
            Frame { fin: false, ..whole(CONTINUATION, b"") },
            whole(CONTINUATION, b"b"),
        ];
        assert_eq!(decode(&out), expected);
    }
}

#[test]
fn q2_q5_a_closes_reason_is_bounded_and_ignored_without_a_code() {
    let reason = [b'x'; MAX_REASON + 1];
    for (code, payload) in [(1000, [b"\x03\xe8", &reason[1..]].concat()), (0, Vec::new())] {
        let mut sender = Sender::<u8>::new(Role::Client);
        assert_eq!(sender.queue_close(code, &reason), Err(Error::InvalidArgument));
        assert_eq!(sender.queue_close(code, &reason[1..]), Ok(()));
        assert_eq!((sender.queued_count(), sender.queued_length()), (1, payload.len()));
        assert_eq!(rest(&mut sender), [whole(CLOSE, &payload)]);
        assert_eq!(sender.status_sent(), if code == 0 { 1005 } else { code });
    }
}

#[test]
fn s9_q6_a_message_waits_until_its_last_byte_is_out() {
    let mut sender = Sender::<u8>::new(Role::Server);
    let state = |sender: &Sender<u8>| (sender.wants_write(), sender.queued_count(), sender.queued_length());
    assert!(sender.is_enabled());
    assert_eq!(state(&sender), (false, 0, 0));
    sender.queue_message(TEXT, 0, 0, b"text").unwrap();
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    assert_eq!(state(&sender), (true, 2, 4));
    let batch = next_batch(&mut sender);
    sender.sent(batch, 5, true);
    assert_eq!(state(&sender), (true, 2, 4));
    let batch = next_batch(&mut sender);
    sender.sent(batch, 1, false);
    assert_eq!(state(&sender), (true, 1, 0));
    sender.disable();
    assert_eq!(state(&sender), (false, 1, 0));
    assert!(!sender.is_enabled());
}
