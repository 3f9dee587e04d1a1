#!/usr/bin/env python3
"""Measures the libraries in memory, side by side.

    in_memory.py --dir DIR --ours LIBDIR --theirs LIBDIR [--peers PROGRAM] [--quick]
                 [--cases PATTERN]

DIR has the driver for C, in-memory; the two LIBDIRs have a libwslay.so.1 each, which
the same driver is run with; PROGRAM drives the Rust libraries. Every measurement is a
process of its own. For each case the libraries take turns, several times over, so that
a change of the machine's speed meets them all. PATTERN chooses cases by their names,
such as echo-ascii-16384-burst.

Writes DIR/in-memory.tsv: case, size, mode, library, ns a message; a line for each round,
so that lines of one turn stand at the same place in their series.
"""

import argparse
import collections
import fnmatch
import os
import pathlib
import statistics
import subprocess
import sys

SIZES = (16, 125, 1024, 16384, 65536, 1048576)
SEND_SIZES = (16, 125, 1024, 16384, 1048576)
KINDS = ("ascii", "multibyte", "binary")
MODES = ("burst", "single")
PEERS = (
    "fastwebsockets",
    "sockudo-ws",
    "sockudo-ws-protocol",
    "tokio-websockets",
    "tungstenite",
    "wtx",
)
QUICK_CASES = [
    *(("echo", "ascii", size, "burst") for size in (16, 125, 1024, 16384, 1048576)),
    ("echo", "multibyte", 16384, "burst"),
    ("echo", "binary", 16384, "burst"),
    ("echo", "binary", 1048576, "burst"),
    ("send", "binary", 16384, "burst"),
]


def all_cases():
    for mode in MODES:
        for kind in KINDS:
            for size in SIZES:
                yield "echo", kind, size, mode
        for size in SEND_SIZES:
            yield "send", "binary", size, mode


def case_name(case):
    return "-".join(str(part) for part in case)


class Library:
    """A column of the table: how to run its driver."""

    def __init__(self, name, driver, subject, library_dir=None):
        self.name = name
        self.driver = driver
        self.subject = subject
        self.library_dir = library_dir

    def measure(self, case, frames, milliseconds, rounds):
        """Nanoseconds a message, for each round."""
        role, kind, size, mode = case
        command = [self.driver, self.subject, role, kind, size, mode, frames]
        command += [milliseconds, rounds]
        environment = dict(os.environ)
        if self.library_dir:
            environment["LD_LIBRARY_PATH"] = self.library_dir
        result = subprocess.run(
            [str(word) for word in command],
            env=environment,
            capture_output=True,
            text=True,
        )
        if result.returncode != 0:
            sys.exit(f"{self.name}: {' '.join(map(str, command))}: {result.stderr}")
        loaded = result.stderr.strip()
        if self.library_dir and not loaded.startswith(self.library_dir):
            sys.exit(f"{self.name}: wanted {self.library_dir}, ran with {loaded}")
        return [float(line) for line in result.stdout.split()]


def measure_case(case, libraries, frames, passes, milliseconds, rounds):
    series = collections.defaultdict(list)
    for turn in range(passes):
        # Every second turn goes backwards, so that nobody is always first.
        for library in libraries[:: -1 if turn % 2 else 1]:
            series[library.name] += library.measure(
                case, frames, milliseconds, rounds
            )
    return series


def width(name):
    """Of a library's column."""
    return max(12, len(name) + 2)


def print_heading(libraries):
    names = [f"{library.name:>{width(library.name)}}" for library in libraries]
    print(f"{'ns a message':<15}{'bytes':>8} {'mode':<7}{''.join(names)}", end="")
    print(f"{'to C wslay':>12}{'to best peer':>14}")


def median_ratio(theirs, ours):
    """How many times faster ours is, turn by turn."""
    return statistics.median(b / a for a, b in zip(ours, theirs))


def print_row(case, series):
    role, kind, size, mode = case
    cells = [
        f"{statistics.median(ns):>{width(name)}.1f}" for name, ns in series.items()
    ]
    print(f"{role + ' ' + kind:<15}{size:>8} {mode:<7}{''.join(cells)}", end="")
    print(f"{median_ratio(series['libwslay1'], series['ours']):>11.2f}x", end="")
    peers = [series[name] for name in PEERS if name in series]
    if peers:
        best = min(peers, key=statistics.median)
        print(f"{median_ratio(best, series['ours']):>13.2f}x", end="")
    print(flush=True)


def write_wire(directory, cases):
    pairs = sorted({(kind, str(size)) for _, kind, size, _ in cases})
    script = pathlib.Path(__file__).with_name("wire.py")
    words = [word for pair in pairs for word in pair]
    subprocess.run([sys.executable, script, directory, *words], check=True)


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True, type=pathlib.Path)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--theirs", required=True)
    parser.add_argument("--peers")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--cases", default="*")
    return parser.parse_args()


def find_libraries(arguments):
    driver = arguments.dir / "in-memory"
    libraries = [
        Library("ours", driver, "wslay", arguments.ours),
        Library("libwslay1", driver, "wslay", arguments.theirs),
        Library("floor", driver, "floor"),
    ]
    if arguments.peers:
        libraries += [Library(name, arguments.peers, name) for name in PEERS]
    return libraries


def main():
    arguments = parse_arguments()
    cases = QUICK_CASES if arguments.quick else list(all_cases())
    cases = [case for case in cases if fnmatch.fnmatch(case_name(case), arguments.cases)]
    passes, milliseconds, rounds = (3, 10, 2) if arguments.quick else (5, 20, 3)
    libraries = find_libraries(arguments)
    frames = arguments.dir / "frames"
    write_wire(frames, cases)
    print_heading(libraries)
    with open(arguments.dir / "in-memory.tsv", "w", encoding="ascii") as tsv:
        for case in cases:
            series = measure_case(case, libraries, frames, passes, milliseconds, rounds)
            print_row(case, series)
            role, kind, size, mode = case
            for name, values in series.items():
                for ns in values:
                    print(f"{role}-{kind}", size, mode, name, ns, sep="\t", file=tsv)


if __name__ == "__main__":
    main()
