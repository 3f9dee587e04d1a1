#!/usr/bin/env python3
"""Measures echo servers over loopback, side by side.

    loopback.py --dir DIR --ours LIBDIR --theirs LIBDIR [--peers PROGRAM] [--quick]

DIR/loopback has the server, which is run with the libwslay.so of either LIBDIR, the
load generator, and a server without a protocol, which shows the floor. PROGRAM has servers on Rust libraries. The server is pinned to the
first core, the generator to the last. For each case the servers take turns, several
times over, each time as a process of its own, so that a change of the machine's speed
meets them all: a ratio is the median of the ratios of each turn.

Writes DIR/loopback.tsv, a line for each run, and prints a table. Fails if our server
makes more system calls than it may, or if a server echoes something wrong.
"""

import argparse
import collections
import os
import pathlib
import statistics
import subprocess
import sys

# Connections, messages in flight on each, bytes of a message.
CASES = (
    (1, 1, 16),
    (100, 1, 125),
    (100, 16, 125),
    (10, 4, 16 << 10),
    (4, 1, 1 << 20),
)
SERVER_CORE, LOAD_CORE = 0, os.cpu_count() - 1
# System calls that our server may make, by case.
SENDS_A_BATCH = 1
RECVS_A_MEBIBYTE = 5

Run = collections.namedtuple("Run", "echoes cpu_ns busy recvs sends sends_a_batch")


def pin(core):
    return lambda: os.sched_setaffinity(0, {core})


class Server:
    """A column of the table: how to start it."""

    def __init__(self, name, command, library_dir=None, takes_size=False):
        self.name = name
        self.command = [str(word) for word in command]
        self.library_dir = library_dir
        self.takes_size = takes_size

    def start(self, size):
        """The running process and its port."""
        environment = dict(os.environ)
        if self.library_dir:
            environment["LD_LIBRARY_PATH"] = self.library_dir
        process = subprocess.Popen(
            self.command + [str(size)] * self.takes_size,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=pin(SERVER_CORE),
        )
        # listening on port N with LIBRARY
        words = process.stdout.readline().split()
        if len(words) != 6 or not words[5].startswith(self.library_dir or ""):
            process.kill()
            sys.exit(f"{self.name}: wanted {self.library_dir}, got {' '.join(words)}")
        return process, words[3]

    def measure(self, load, case, seconds):
        process, port = self.start(case[2])
        command = [load, port, process.pid, *case, seconds]
        try:
            result = subprocess.run(
                [str(word) for word in command],
                capture_output=True,
                text=True,
                preexec_fn=pin(LOAD_CORE),
            )
        finally:
            process.terminate()
            rest = process.communicate()[0]
        if result.returncode != 0:
            sys.exit(f"{self.name}: {describe(case)}: {result.stderr}")
        return Run(*map(float, result.stdout.split()), *read_counters(rest))


def read_counters(line):
    """recvs and sends a message, sends a batch; None for servers that do not count."""
    words = line.split()
    if not words:
        return None, None, None
    counters = {name: int(count) for name, count in zip(words[::2], words[1::2])}
    messages = counters["messages"]
    return (
        counters["recvs"] / messages,
        counters["sends"] / messages,
        counters["sends"] / counters["batches"],
    )


def describe(case):
    connections, in_flight, size = case
    unit = "B"
    for larger in ("KiB", "MiB"):
        if size % 1024 == 0:
            size, unit = size // 1024, larger
    return f"{connections}x{in_flight}x{size} {unit}"


def measure_case(servers, load, case, turns, seconds):
    runs = collections.defaultdict(list)
    for turn in range(turns):
        # Every second turn goes backwards, so that nobody is always first.
        for server in servers[:: -1 if turn % 2 else 1]:
            runs[server.name].append(server.measure(load, case, seconds))
    return runs


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)


def ratio(runs, base, field):
    """How many times what the base has."""
    pairs = zip(runs, base)
    return statistics.median(getattr(a, field) / getattr(b, field) for a, b in pairs)


def print_case(case, runs):
    print(
        f"\n{describe(case):<18}{'echoes/s':>10}{'ratio':>7}{'CPU ns':>11}{'ratio':>7}"
        f"{'busy':>6}{'recvs':>9}{'sends':>7}{'a batch':>9}"
    )
    base = runs["libwslay1"]
    for name, series in runs.items():
        row = f"{name:<18}{median(series, 'echoes'):>10.0f}"
        row += f"{ratio(series, base, 'echoes'):>7.2f}{median(series, 'cpu_ns'):>11.0f}"
        row += f"{ratio(series, base, 'cpu_ns'):>7.3f}{median(series, 'busy'):>6.0%}"
        if series[0].recvs is not None:
            row += f"{median(series, 'recvs'):>9.3f}{median(series, 'sends'):>7.3f}"
            row += f"{median(series, 'sends_a_batch'):>9.3f}"
        print(row, flush=True)


def check_system_calls(case, ours):
    """The checks of one case: what was counted, its limit, what it is."""
    yield max(run.sends_a_batch for run in ours), SENDS_A_BATCH, "sends a batch"
    if case[2] == 1 << 20:
        yield median(ours, "recvs"), RECVS_A_MEBIBYTE, "recvs a message"


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True, type=pathlib.Path)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--theirs", required=True)
    parser.add_argument("--peers", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    return parser.parse_args()


def find_servers(arguments):
    programs = arguments.dir / "loopback"
    server = programs / "server"
    servers = [
        Server("ours", [server], arguments.ours),
        Server("libwslay1", [server], arguments.theirs),
    ]
    if arguments.peers:
        names = subprocess.check_output([arguments.peers, "--list"], text=True)
        servers += [Server(name, [arguments.peers, name]) for name in names.split()]
    servers.append(Server("floor", [programs / "floor"], takes_size=True))
    return servers


def main():
    arguments = parse_arguments()
    turns, seconds = (3, 0.3) if arguments.quick else (7, 1)
    servers = find_servers(arguments)
    load = arguments.dir / "loopback" / "load"
    print("connections x messages in flight x size; a message: CPU time of the server,")
    print("its recv and send calls, and its send calls a batch; ratios to libwslay1")
    passed, failed = 0, 0
    with open(arguments.dir / "loopback.tsv", "w", encoding="ascii") as tsv:
        print("case", "server", *Run._fields, sep="\t", file=tsv)
        for case in CASES:
            runs = measure_case(servers, load, case, turns, seconds)
            print_case(case, runs)
            for name, series in runs.items():
                for run in series:
                    print(describe(case), name, *run, sep="\t", file=tsv)
            for count, limit, what in check_system_calls(case, runs["ours"]):
                good = count <= limit
                passed, failed = passed + good, failed + (not good)
                if not good:
                    print(f"FAILED: {count:.3f} {what}, over {limit}")
    print(f"\nsystem calls: {passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
