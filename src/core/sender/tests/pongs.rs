//! The answers to Pings (R9, D15).

use super::*;

/// The first payload byte of each frame.
fn first_bytes(frames: &[Frame]) -> Vec<u8> {
    frames.iter().map(|frame| frame.payload[0]).collect()
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
    assert_eq!(first_bytes(&rest(&mut sender)), expected);
    assert_eq!((sender.queued_count(), sender.queued_length()), (0, 0));
    sender.answer_ping(&[7]).unwrap();
    sender.answer_ping(&[8]).unwrap();
    assert_eq!(first_bytes(&rest(&mut sender)), [7, 8], "the count starts over once they are out");
}

#[test]
fn d15_the_programs_own_control_messages_are_kept_and_a_begun_run_stays_whole() {
    let mut sender = Sender::<u8>::new(Role::Server);
    let limit = waiting_pongs::MAX_WAITING_PONGS;
    sender.answer_ping(&[0]).unwrap();
    let mut first_byte = Vec::new();
    drain(&mut sender, 1, &mut no_sources(), &mut first_byte);
    for _ in 0..limit {
        sender.answer_ping(&[1]).unwrap();
    }
    sender.queue_message(PING, 0, 0, &[2]).unwrap();
    sender.queue_message(PONG, 0, 0, &[3]).unwrap();
    sender.answer_ping(&[4, 4, 4]).unwrap();
    assert_eq!(sender.queued_count(), usize::from(limit) + 3);
    let ones = vec![1; usize::from(limit) - 1];
    let expected = [&[0], &ones[..], &[2, 3, 4]].concat();
    assert_eq!(first_bytes(&rest_behind(&first_byte, &mut sender)), expected);
}
