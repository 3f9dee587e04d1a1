//! How many frames go out together, and how many of their bytes into a buffer.

use super::*;

#[test]
fn s8_fitting_never_tears_a_header() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_message(TEXT, 0, 0, b"abc").unwrap();
    sender.queue_message(TEXT, 0, 0, &[b'x'; 126]).unwrap();
    let batch = next_batch(&mut sender);
    let fitting: Vec<usize> = (0..12).map(|room| batch.fitting(room)).collect();
    assert_eq!(fitting, [0, 0, 2, 3, 4, 5, 5, 5, 5, 9, 10, 11]);
    assert_eq!(batch.fitting(1000), 5 + 4 + 126);
}

#[test]
fn s8_fitting_counts_from_where_the_batch_begins() {
    for sent in [1, 3] {
        let mut sender = Sender::<u8>::new(Role::Server);
        sender.queue_message(TEXT, 0, 0, b"abc").unwrap();
        sender.queue_message(TEXT, 0, 0, b"de").unwrap();
        let batch = next_batch(&mut sender);
        sender.sent(batch, sent, true);
        let batch = next_batch(&mut sender);
        assert_eq!(batch.len(), 9 - sent);
        let fitting: Vec<usize> = (sent..12).map(|room| sent + batch.fitting(room - sent)).collect();
        let expected = [1, 2, 3, 4, 5, 5, 7, 8, 9, 9, 9];
        assert_eq!(fitting, expected[sent - 1..]);
    }
}

#[test]
fn a_client_masks_ahead_what_a_cache_holds_and_then_sends() {
    let mut sender = Sender::<u8>::new(Role::Client);
    for _ in 0..25 {
        sender.queue_message(TEXT, 0, 0, &[b'x'; 4000]).unwrap();
    }
    let masked_until_sent = |_| match next_step(&mut sender) {
        SendStep::Transmit(batch) => Some(batch),
        _ => {
            sender.mask(KEY);
            None
        }
    };
    let batch = (0..MANY_STEPS).find_map(masked_until_sent).unwrap();
    assert!((32 * 1024..96 * 1024).contains(&batch.len()));
    let bytes = batch.bytes().to_vec();
    let count = bytes.len();
    sender.sent(batch, count, false);
    assert_eq!(rest_behind(&bytes, &mut sender).len(), 25);
    assert_eq!((sender.queued_count(), sender.queued_length()), (0, 0));
}

#[test]
fn s6_no_batch_goes_beyond_a_close() {
    for role in [Role::Server, Role::Client] {
        let mut sender = Sender::<u8>::new(role);
        for opcode in [PING, CLOSE, PING] {
            sender.queue_message(opcode, 0, 0, b"").unwrap();
        }
        assert_eq!(opcodes(&rest(&mut sender)), [PING, CLOSE]);
        assert!(sender.close_sent() && !sender.wants_write());
        assert_eq!(sender.status_sent(), 1005);
    }
}
