"""Runs the servers under test, which the environment names."""

import os
import pathlib
import signal
import subprocess
import time

from wire import TIMEOUT

PATHS = {
    "fork-echoserv": "WSLAY_ECHOSERV",
    "epoll-echoserv": "WSLAY_EPOLL_ECHOSERV",
    "chat": "WSLAY_CHAT",
}

# Both have to pass the same tests.
ECHO_SERVERS = ["fork-echoserv", "epoll-echoserv"]


def path_of(program):
    return os.environ[PATHS[program]]


def status_kib(pid, name):
    """A size of /proc/PID/status, such as VmHWM, the most that was ever resident."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise KeyError(name)


class Server:
    """A running example server, by default on a free port."""

    def __init__(self, program, *options, port=0):
        self.program = program
        command = [path_of(program), *options, str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening on port "), line
        self.port = int(line.split()[-1])
        self.url = f"ws://127.0.0.1:{self.port}/"
        self.own_descriptors = self.descriptors()

    def stop(self, number=signal.SIGTERM):
        """Returns the exit status."""
        self.process.send_signal(number)
        try:
            return self.process.wait(TIMEOUT)
        finally:
            self.process.kill()
            self.process.stdout.close()

    def descriptors(self):
        return len(list(pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def children(self):
        """The process's children, zombies too, as {pid: state}."""
        found = {}
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                text = stat.read_text()
            except OSError:
                continue
            state, parent = text.rpartition(")")[2].split()[:2]
            if int(parent) == self.process.pid:
                found[int(stat.parent.name)] = state
        return found

    def clients(self):
        """How many clients it serves: one a child, or one a descriptor."""
        if self.program == "fork-echoserv":
            return len(self.children())
        return self.descriptors() - self.own_descriptors

    def wait_for_clients(self, count):
        deadline = time.monotonic() + TIMEOUT
        while (found := self.clients()) != count:
            assert time.monotonic() < deadline, f"{found}, not {count} clients"
            time.sleep(0.01)

    def serving_pid(self):
        """The process that serves the one client there is."""
        if self.program == "fork-echoserv":
            self.wait_for_clients(1)
            (pid,) = self.children()
            return pid
        return self.process.pid
