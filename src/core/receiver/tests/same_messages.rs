//! The short ways give the same messages, and find the same faults, as the machine does.

use super::*;

/// Messages around the size from which on they are read in place, in an order in which
/// each kind of expectation is right and wrong.
fn large_and_small() -> Vec<Vec<u8>> {
    let text = "h\u{e9}llo \u{4e2d}\u{6587} ".repeat(600);
    let cut = |length: usize| {
        let end = (0..=length).rev().find(|end| text.is_char_boundary(*end)).unwrap();
        text.as_bytes()[..end].to_vec()
    };
    vec![
        frame(true, TEXT, &cut(2100)),
        frame(true, TEXT, &cut(2100)),
        frame(true, opcode::BINARY, &cut(5000)),
        frame(true, opcode::PING, b"ping"),
        frame(true, TEXT, &cut(2047)),
        frame(true, TEXT, b"small"),
        frame(true, TEXT, &cut(3000)),
        frame(false, TEXT, &cut(2500)),
        frame(true, CONTINUATION, &cut(2600)),
        frame(true, TEXT, &cut(9000)),
        frame(true, opcode::BINARY, b""),
        frame(true, TEXT, &cut(3000)),
        frame(true, CLOSE, b"\x03\xe8"),
    ]
}

/// Every place in or next to a header, and some of the others.
fn cuts(frames: &[Vec<u8>]) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut start = 0;
    for frame in frames {
        let end = start + frame.len();
        let near_header = (start + header::MAX_LENGTH).min(end);
        cuts.extend(start..near_header);
        cuts.extend((near_header..end).step_by(307));
        cuts.push(end - 1);
        start = end;
    }
    cuts
}

fn messages_of(outcome: Outcome) -> Vec<String> {
    outcome.reports.into_iter().filter(|report| report.starts_with("message")).collect()
}

#[test]
fn the_short_ways_give_the_same_messages_at_every_cut() {
    let frames = large_and_small();
    let session = frames.concat();
    let expected = messages_of(play_at_once(&session));
    assert_eq!(expected.len(), 12);
    let around_a_message = 2100..2115;
    let steps = (1..16).chain(around_a_message).chain((16..3000).step_by(61));
    for step in if cfg!(miri) { vec![5000] } else { steps.collect() } {
        let reads: Vec<&[u8]> = session.chunks(step).collect();
        let outcome = play_with(&mut Receiver::new(Role::Server), &reads, false);
        assert_eq!(outcome.fault, None);
        assert_eq!(outcome.reports, expected, "read {step} at a time");
    }
    for cut in if cfg!(miri) { vec![0] } else { cuts(&frames) } {
        let reads = [&session[..cut], &session[cut..]];
        let outcome = play_with(&mut Receiver::new(Role::Server), &reads, false);
        assert_eq!(outcome.reports, expected, "cut at {cut}");
    }
}

#[test]
fn the_short_ways_find_the_same_faults() {
    let large = frame(true, TEXT, &[b'a'; 3000]);
    let mut broken = vec![b'a'; 3000];
    broken[2500] = 0xff;
    let mut ends_inside_a_code_point = vec![b'a'; 3000];
    ends_inside_a_code_point[2999] = 0xe2;
    let unmasked = [vec![0x81, 126, 0x0b, 0xb8], vec![b'a'; 3000]].concat();
    let reserved_bit = [vec![0xc1, 0xfe, 0x0b, 0xb8], vec![0; 3004]].concat();
    let faults = [
        frame(true, TEXT, &broken),
        frame(true, TEXT, &ends_inside_a_code_point),
        frame(true, TEXT, b"\xff"),
        frame(true, TEXT, b"\xe2\x82"),
        frame(true, opcode::BINARY, &[0; 4001]),
        unmasked,
        reserved_bit,
        vec![0x81, 0xfe, 0, 5],
        frame(true, 3, &[0; 3000]),
        frame(true, CONTINUATION, &[0; 3000]),
    ];
    for fault in faults {
        let session = [&large[..], &fault].concat();
        let steps: &[usize] =
            if cfg!(miri) { &[3008] } else { &[1, 500, 3007, 3008, 3009, 3010, 3011, 7000] };
        for &step in steps {
            let reads: Vec<&[u8]> = session.chunks(step).collect();
            let play = |frame_reports| {
                let mut receiver = Receiver::new(Role::Server);
                receiver.set_max_message_length(4000);
                play_with(&mut receiver, &reads, frame_reports)
            };
            let (slow, short) = (play(true), play(false));
            assert!(slow.fault.is_some());
            assert_eq!(short.fault, slow.fault);
            assert_eq!(messages_of(short), messages_of(slow));
        }
    }
}
