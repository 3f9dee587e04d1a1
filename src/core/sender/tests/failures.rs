//! When a failed callback is reported (S4, S5).

use super::*;

#[test]
fn a_failure_is_said_once_what_is_ready_is_out_and_asks_nothing_more() {
    let mut sender = Sender::<u8>::new(Role::Client);
    sender.queue_message(TEXT, 0, 0, b"first").unwrap();
    sender.queue_message(TEXT, 0, 0, b"second").unwrap();
    mask_next(&mut sender);
    assert!(matches!(sender.next(), SendStep::NeedMaskKey));
    sender.fail();
    let batch = next_batch(&mut sender);
    assert_eq!(batch.bytes().len(), 11);
    sender.sent(batch, 4, true);
    let batch = next_batch(&mut sender);
    assert_eq!(batch.bytes().len(), 7);
    sender.sent(batch, 7, false);
    assert!(matches!(sender.next(), SendStep::Failed));
    assert_eq!(sender.queued_count(), 1);
}

#[test]
fn s1_a_failure_is_said_once() {
    let mut sender = Sender::<u8>::new(Role::Client);
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    give_fragment(&mut sender, b"", true);
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
fn s4_control_frames_that_are_ready_go_out_before_a_failure_is_said() {
    let mut sender = Sender::<u8>::new(Role::Client);
    sender.queue_message(TEXT, 0, 0, b"text").unwrap();
    sender.queue_message(PING, 0, 0, b"first").unwrap();
    sender.queue_message(PING, 0, 0, b"second").unwrap();
    mask_next(&mut sender);
    assert!(matches!(sender.next(), SendStep::NeedMaskKey));
    sender.fail();
    assert_eq!(rest(&mut sender), [whole(PING, b"first")]);
    assert!(matches!(sender.next(), SendStep::Failed));
    assert_eq!(sender.queued_count(), 2);
}
