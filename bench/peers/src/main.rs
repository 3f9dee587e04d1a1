//! Measures one case of one Rust library in memory: the same work on the same frames, and
//! the same arguments and output, as the driver for C (../in-memory).
//!
//!     peers LIBRARY ROLE KIND SIZE MODE DIR MILLISECONDS ROUNDS

mod frames;
mod peers;
mod poll;
mod wire;

use std::{env, path::Path, process::exit};

use bytes::Bytes;

use frames::Frames;
use wire::Wire;

/// Processor time in nanoseconds: the subjects wait for nothing, and other processes do
/// not count.
fn now() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is writable for the duration of the call.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// What to play, and how.
struct Case {
    frames: Frames,
    /// One message for each turn, instead of the whole burst.
    single: bool,
}

impl Case {
    /// Echoes the burst `times` times.
    fn echo<'a>(&'a self, wire: &Wire<'a>, mut turn: impl FnMut(), times: usize) {
        let client = &self.frames.client;
        let piece = if self.single { self.frames.client_frame() } else { client.len() };
        for _ in 0..times {
            for bytes in client.chunks(piece) {
                wire.put(bytes);
                turn();
            }
        }
    }

    /// Sends the burst `times` times.
    fn send(&self, mut turn: impl FnMut(&[Bytes]), times: usize) {
        let payloads = &self.frames.payloads;
        let piece = if self.single { 1 } else { payloads.len() };
        for _ in 0..times {
            payloads.chunks(piece).for_each(&mut turn);
        }
    }
}

/// A library in a role: plays a case a number of times on a wire.
type Play = for<'a> fn(&'a Case, &Wire<'a>, usize);

macro_rules! peers {
    ($($name:literal => $module:ident),* $(,)?) => {
        fn find(library: &str, role: &str) -> Option<Play> {
            match (library, role) {
                $(($name, "echo") => {
                    Some(|case, wire, times| case.echo(wire, peers::$module::echo(wire), times))
                }
                ($name, "send") => Some(|case, wire, times| {
                    case.send(peers::$module::send(wire, case.frames.kind), times)
                }),)*
                _ => None,
            }
        }
    };
}

peers! {
    "fastwebsockets" => fastwebsockets,
    "sockudo-ws" => sockudo,
    "sockudo-ws-protocol" => sockudo_protocol,
    "tokio-websockets" => tokio_websockets,
    "tungstenite" => tungstenite,
    "wtx" => wtx,
}

fn fail(message: &str) -> ! {
    eprintln!("peers: {message}");
    exit(1)
}

/// Plays the burst once and ends the program if what comes out is wrong.
fn verify(play: Play, case: &Case, role: &str) {
    let wire = Wire::keeping();
    play(case, &wire, 1);
    let mut kept = wire.into_kept();
    if role == "send" {
        kept = case.frames.unmask(&kept);
    }
    if kept != case.frames.server {
        fail("wrong bytes came out");
    }
}

/// Nanoseconds that it takes to play the burst `times` times.
fn measure(play: Play, case: &Case, role: &str, times: usize) -> f64 {
    let start = now();
    let wire = Wire::default();
    play(case, &wire, times);
    let taken = now() - start;
    let expected = if role == "send" { &case.frames.client } else { &case.frames.server };
    if wire.sent() != times * expected.len() {
        fail("bytes are missing");
    }
    taken
}

/// How often the burst has to be played to take as long as `nanoseconds`.
fn calibrate(play: Play, case: &Case, role: &str, nanoseconds: f64) -> usize {
    let mut times = 1;
    loop {
        let taken = measure(play, case, role, times);
        if taken >= nanoseconds / 2.0 {
            return ((times as f64 * nanoseconds / taken) as usize).max(1);
        }
        times *= 2;
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [library, role, kind, size, mode, dir, milliseconds, rounds] = &arguments[..] else {
        fail("usage: peers LIBRARY echo|send KIND SIZE burst|single DIR MILLISECONDS ROUNDS");
    };
    let number = |text: &String| text.parse::<usize>().unwrap_or_else(|_| fail(text));
    let Some(play) = find(library, role) else { fail("no such library or role") };
    let frames = Frames::read(Path::new(dir), kind, number(size));
    let frames = frames.unwrap_or_else(|error| fail(&error.to_string()));
    let case = Case { frames, single: mode == "single" };
    verify(play, &case, role);
    let times = calibrate(play, &case, role, number(milliseconds) as f64 * 1e6);
    for _ in 0..number(rounds) {
        let taken = measure(play, &case, role, times);
        println!("{:.2}", taken / times as f64 / case.frames.payloads.len() as f64);
    }
}
