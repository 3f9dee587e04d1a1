#!/usr/bin/env python3
"""Measures the libraries in memory, side by side.

    memory.py --dir DIR --ours LIBDIR --theirs LIBDIR [--quick]

DIR has the driver, in-memory; the two LIBDIRs have a libwslay.so.1 each, which the
same driver is run with. Every measurement is a process of its own. For each case the
libraries take turns, several times over, so that a change of the machine's speed
meets them all. Writes DIR/memory.tsv: case, size, mode, library, ns a message; a line
for each round, so that lines of one turn stand at the same place in their series.
"""

import argparse
import collections
import os
import pathlib
import statistics
import subprocess
import sys

SIZES = (16, 125, 1024, 16384, 65536, 1048576)
SEND_SIZES = (125, 16384, 1048576)
KINDS = ("ascii", "multibyte", "binary")
MODES = ("burst", "single")
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
        for kind in KINDS:
            for size in SEND_SIZES:
                yield "send", kind, size, mode


class Library:
    """A column of the table: how to run its driver."""

    def __init__(self, name, driver, subject, library_dir=None):
        self.name = name
        self.driver = driver
        self.subject = subject
        self.library_dir = library_dir

    def measure(self, case, frames, milliseconds, rounds):
        """A list of ns a message, or None if the driver does not know the case."""
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


def row(case, series):
    role, kind, size, mode = case
    ours, theirs = series["ours"], series["libwslay1"]
    ratio = statistics.median(b / a for a, b in zip(ours, theirs))
    cells = [f"{statistics.median(ns):>14.1f}" for ns in series.values()]
    return f"{role + ' ' + kind:<15}{size:>8} {mode:<7}{''.join(cells)}{ratio:>10.2f}x"


def write_wire(directory, cases):
    pairs = sorted({(kind, str(size)) for _, kind, size, _ in cases})
    script = pathlib.Path(__file__).with_name("wire.py")
    words = [word for pair in pairs for word in pair]
    subprocess.run([sys.executable, script, directory, *words], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True, type=pathlib.Path)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--theirs", required=True)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    cases = QUICK_CASES if arguments.quick else list(all_cases())
    passes, milliseconds, rounds = (3, 10, 2) if arguments.quick else (5, 20, 3)
    driver = arguments.dir / "in-memory"
    libraries = [
        Library("ours", driver, "wslay", arguments.ours),
        Library("libwslay1", driver, "wslay", arguments.theirs),
        Library("floor", driver, "floor"),
    ]
    frames = arguments.dir / "frames"
    write_wire(frames, cases)
    names = "".join(f"{library.name:>14}" for library in libraries)
    print(f"{'ns a message':<15}{'bytes':>8} {'mode':<7}{names}{'ratio':>11}")
    with open(arguments.dir / "memory.tsv", "w", encoding="ascii") as tsv:
        for case in cases:
            series = measure_case(case, libraries, frames, passes, milliseconds, rounds)
            print(row(case, series), flush=True)
            role, kind, size, mode = case
            for name, values in series.items():
                for ns in values:
                    print(f"{role}-{kind}", size, mode, name, ns, sep="\t", file=tsv)


if __name__ == "__main__":
    main()
