//! Random sessions against a plain model of the order that contract S demands, with every
//! kind of short write.

use super::*;

struct Random(u32);

impl Random {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % bound
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
    let mut sources = no_sources();
    let (mut data, mut control) = (Vec::new(), Vec::new());
    let mut out = Vec::new();
    for source in 0..60_u8 {
        let length = [0, 1, 5, 125, 126, 300][random.below(6) as usize];
        let payload = vec![source; length];
        match random.below(5) {
            0 | 1 => {
                sender.queue_message(TEXT, 0, 0, &payload).unwrap();
                data.push(whole(TEXT, &payload));
            }
            2 if length <= 125 => {
                let opcode = if random.below(2) == 0 { PING } else { PONG };
                sender.queue_message(opcode, 0, 0, &payload).unwrap();
                control.push(whole(opcode, &payload));
            }
            3 => {
                let count = 1 + random.below(3) as usize;
                sources[usize::from(source)] = vec![payload.clone(); count].into();
                sender.queue_fragmented(TEXT, 0, 0, || Ok(source)).unwrap();
                for number in 0..count {
                    let opcode = if number == 0 { TEXT } else { CONTINUATION };
                    data.push(Frame { fin: number + 1 == count, ..whole(opcode, &payload) });
                }
            }
            _ => drain(&mut sender, random.below(400) as usize, &mut sources, &mut out),
        }
    }
    drain(&mut sender, usize::MAX, &mut sources, &mut out);
    let frames = decode(&out);
    let (sent_control, sent_data): (Vec<_>, Vec<_>) =
        frames.into_iter().partition(|frame| crate::core::opcode::is_control(frame.opcode));
    assert_eq!(sent_data, data);
    assert_eq!(sent_control, control);
    assert_eq!((sender.queued_count(), sender.queued_length()), (0, 0));
    assert!(!sender.wants_write());
}

#[test]
fn s10_the_stream_is_the_same_however_it_is_taken() {
    let stream = |budget: usize| {
        let mut sender = Sender::new(Role::Client);
        let mut sources = no_sources();
        sources[7] = vec![b"one".to_vec(), b"two".to_vec()].into();
        sender.queue_message(PING, 0, 0, b"ping").unwrap();
        sender.queue_message(TEXT, 0, 0, &[b'x'; 130]).unwrap();
        sender.queue_fragmented(TEXT, 0, 0, || Ok(7)).unwrap();
        sender.queue_message(TEXT, 0, 0, b"last").unwrap();
        let mut out = Vec::new();
        for _ in 0..MANY_STEPS {
            if !sender.wants_write() {
                return out;
            }
            drain(&mut sender, budget, &mut sources, &mut out);
        }
        panic!("it goes on for ever");
    };
    let whole = stream(usize::MAX);
    for budget in (1..=whole.len()).step_by(if cfg!(miri) { 29 } else { 1 }) {
        assert_eq!(stream(budget), whole, "{budget} bytes at a time");
    }
}
