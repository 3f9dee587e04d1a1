//! Memory is kept no longer than it serves.

use super::*;

#[test]
fn an_idle_sender_keeps_no_memory_of_fragmented_messages() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    give_fragment(&mut sender, b"abc", true);
    assert_eq!(rest(&mut sender).len(), 1);
    assert_eq!(sender.queued_count(), 0);
    assert_eq!(sender.fragmented.spare_capacity() + sender.data.frames().len(), 0);
}

#[test]
fn an_idle_sender_keeps_no_memory() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_message(TEXT, 0, 0, b"once").unwrap();
    assert_eq!(rest(&mut sender).len(), 1);
    assert_eq!(sender.data.frames().len() + sender.data.waiting.spare_capacity(), 0);
}

#[test]
fn s6_behind_a_close_nothing_keeps_memory() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_message(TEXT, 0, 0, b"never sent").unwrap();
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    sender.queue_close(1000, b"").unwrap();
    assert_eq!(rest(&mut sender).len(), 1);
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
        assert_eq!(frame.spare_capacity(), MAX_FRAGMENT);
        frame.extend(b"fragment").unwrap();
        sender.fragment_read(frame, last);
        let batch = next_batch(&mut sender);
        let count = batch.bytes().len();
        sender.sent(batch, count, false);
        assert!(sender.fragmented.front_mut().is_none_or(|message| message.memory.is_allocated()));
        let idle = sender.fragment_memory().unwrap();
        sender.fragment_stalled(idle);
    }
    assert!(places.iter().all(|place| *place == places[0]));
    assert_eq!(sender.queued_count(), 0);
}

#[test]
fn data_gets_room_for_as_much_as_went_out_together_last() {
    let run = |sender: &mut Sender<u8>, count: usize| {
        for _ in 0..count {
            sender.queue_message(TEXT, 0, 0, &[b'x'; 1000]).unwrap();
        }
        let provided = sender.data.waiting.len() + sender.data.waiting.spare_capacity();
        assert_eq!(rest(sender).len(), count);
        provided
    };
    let mut sender = Sender::<u8>::new(Role::Server);
    run(&mut sender, 9);
    assert!((9 * 1004..10 * 1004).contains(&run(&mut sender, 1)));
    run(&mut sender, 200);
    assert!((50_000..60_000).contains(&run(&mut sender, 1)), "within bounds");
}

#[test]
fn the_first_data_message_gets_room_for_more_and_control_messages_do_not() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_message(TEXT, 0, 0, b"text").unwrap();
    sender.queue_message(PING, 0, 0, b"ping").unwrap();
    assert!(sender.data.waiting.spare_capacity() >= 100);
    assert!(sender.control.waiting.spare_capacity() < 100);
    let room = sender.data.waiting.spare_capacity();
    sender.queue_message(TEXT, 0, 0, &[b'x'; 100]).unwrap();
    assert_eq!(sender.data.waiting.spare_capacity(), room - 102);
}

#[test]
fn a_message_that_went_out_in_parts_leaves_no_memory() {
    for opcode in [TEXT, PING] {
        let mut sender = Sender::<u8>::new(Role::Server);
        sender.queue_message(opcode, 0, 0, b"payload").unwrap();
        let batch = next_batch(&mut sender);
        sender.sent(batch, 3, true);
        let batch = next_batch(&mut sender);
        assert_eq!(batch.len(), 6);
        sender.sent(batch, 6, false);
        assert!(!sender.control.take().is_allocated() && !sender.data.take().is_allocated());
    }
}

#[test]
fn a_message_larger_than_what_went_out_last_gets_room_for_itself() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_message(TEXT, 0, 0, &[b'x'; 70_000]).unwrap();
    assert_eq!(rest(&mut sender).len(), 1);
    sender.queue_message(TEXT, 0, 0, &[b'x'; 70_000]).unwrap();
    assert!(sender.data.waiting.spare_capacity() < 100);
}
