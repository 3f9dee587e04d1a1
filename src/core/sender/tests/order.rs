//! Which frame goes before which, whatever is queued when (S2, S3).

use super::*;

/// What goes out when `queue` fills a sender that is interrupted after `cut` bytes of
/// one text by `interrupt`.
fn interrupted(role: Role, cut: usize, interrupt: fn(&mut Sender<u8>)) -> (Vec<Frame>, Sender<u8>) {
    let mut sender = Sender::new(role);
    let mut out = Vec::new();
    sender.queue_message(TEXT, 0, 0, b"first").unwrap();
    sender.queue_message(TEXT, 0, 0, b"second").unwrap();
    drain(&mut sender, cut, &mut no_sources(), &mut out);
    interrupt(&mut sender);
    (rest_behind(&out, &mut sender), sender)
}

#[test]
fn s2_a_ping_goes_between_frames_never_into_one() {
    for role in [Role::Server, Role::Client] {
        let first_frame = header::encoded_length(5, role == Role::Client) + 5;
        for cut in 0..first_frame {
            let (frames, _) =
                interrupted(role, cut, |sender| sender.queue_message(PING, 0, 0, b"p").unwrap());
            assert_eq!(opcodes(&frames), [TEXT, PING, TEXT], "cut at {cut}");
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
        assert_eq!(opcodes(&frames), [TEXT, CLOSE]);
        assert_eq!(frames[1].payload, b"\x03\xe9bye");
        assert!(sender.close_sent() && !sender.is_enabled() && sender.status_sent() == 1001);
        assert_eq!((sender.queued_count(), sender.queued_length()), (1, 6));
    }
}

/// The order in which a fragmented message goes out whose callback runs `meanwhile`.
fn fragment_read_while(meanwhile: fn(&mut Sender<u8>)) -> (Vec<u8>, Sender<u8>) {
    let mut sender = Sender::new(Role::Server);
    sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
    assert!(matches!(sender.next(), SendStep::NeedFragment));
    let mut frame = sender.fragment_memory().unwrap();
    frame.extend(b"abc").unwrap();
    meanwhile(&mut sender);
    sender.fragment_read(frame, true);
    (opcodes(&rest(&mut sender)), sender)
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
        sender.mask(KEY);
        assert_eq!(opcodes(&rest(&mut sender)), if shut_down { &[TEXT][..] } else { &[TEXT, CLOSE] });
    }
}

#[test]
fn s2_only_the_frame_whose_key_was_asked_for_goes_before_what_the_callback_queued() {
    let mut sender = Sender::<u8>::new(Role::Client);
    sender.queue_message(TEXT, 0, 0, b"first").unwrap();
    sender.queue_message(TEXT, 0, 0, b"second").unwrap();
    assert!(matches!(sender.next(), SendStep::NeedMaskKey));
    sender.queue_message(PING, 0, 0, b"").unwrap();
    sender.mask(KEY);
    assert_eq!(opcodes(&rest(&mut sender)), [TEXT, PING, TEXT]);
}

#[test]
fn s3_a_control_frame_that_is_begun_goes_before_a_close() {
    for role in [Role::Server, Role::Client] {
        let mut sender = Sender::<u8>::new(role);
        sender.queue_message(PING, 0, 0, b"begun").unwrap();
        sender.queue_message(PING, 0, 0, b"dropped").unwrap();
        let mut out = Vec::new();
        drain(&mut sender, 1, &mut no_sources(), &mut out);
        sender.queue_close(1000, b"").unwrap();
        assert_eq!(opcodes(&rest_behind(&out, &mut sender)), [PING, CLOSE]);
    }
    let mut sender = Sender::<u8>::new(Role::Client);
    sender.queue_message(PING, 0, 0, b"whose key was asked for").unwrap();
    assert!(matches!(sender.next(), SendStep::NeedMaskKey));
    sender.queue_close(1000, b"").unwrap();
    sender.mask(KEY);
    assert_eq!(opcodes(&rest(&mut sender)), [PING, CLOSE]);
}

#[test]
fn s2_a_frame_that_was_refused_is_begun_and_one_that_did_not_fit_is_not() {
    for (refused, order) in [(true, [TEXT, PING, TEXT]), (false, [PING, TEXT, TEXT])] {
        let mut sender = Sender::<u8>::new(Role::Server);
        sender.queue_message(TEXT, 0, 0, b"first").unwrap();
        sender.queue_message(TEXT, 0, 0, b"second").unwrap();
        let batch = next_batch(&mut sender);
        sender.sent(batch, 0, refused);
        sender.queue_message(PING, 0, 0, b"").unwrap();
        assert_eq!(opcodes(&rest(&mut sender)), order);
    }
}

#[test]
fn s2_s8_a_frame_that_was_written_in_part_goes_on_before_a_ping() {
    let mut sender = Sender::<u8>::new(Role::Server);
    sender.queue_message(TEXT, 0, 0, b"text").unwrap();
    let batch = next_batch(&mut sender);
    let start = batch.bytes()[..3].to_vec();
    sender.sent(batch, 3, false);
    sender.queue_message(PING, 0, 0, b"").unwrap();
    assert_eq!(opcodes(&rest_behind(&start, &mut sender)), [TEXT, PING]);
}

#[test]
fn s8_a_frame_that_was_begun_stays_so_when_its_header_does_not_fit() {
    for refused_before in [false, true] {
        let mut sender = Sender::<u8>::new(Role::Server);
        sender.queue_fragmented(TEXT, 0, 0, || Ok(0)).unwrap();
        give_fragment(&mut sender, b"abc", true);
        if refused_before {
            let batch = next_batch(&mut sender);
            sender.sent(batch, 0, true);
        }
        sender.queue_close(1000, b"").unwrap();
        let batch = next_batch(&mut sender);
        assert_eq!(batch.fitting(1), 0);
        sender.sent(batch, 0, false);
        assert_eq!(opcodes(&rest(&mut sender)), [TEXT, CLOSE]);
    }
}

/// What goes out after the library's own Close, by opcode.
fn order_around_a_close(close_after_queued: bool, role: Role) -> Vec<u8> {
    let mut sender = Sender::<u8>::new(role);
    let mut sources = no_sources();
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
    opcodes(&frames)
}

#[test]
fn s3_the_librarys_close_overtakes_data_unless_told_to_go_behind_it() {
    for role in [Role::Server, Role::Client] {
        assert_eq!(order_around_a_close(false, role), [CLOSE]);
        assert_eq!(order_around_a_close(true, role), [PING, TEXT, CONTINUATION, TEXT, CLOSE]);
    }
}
