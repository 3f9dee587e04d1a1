"""Fixtures: the programs under test, named by the environment."""

import os
import signal
import subprocess

import pytest

pytest.register_assert_rewrite("wire")

from wire import TIMEOUT, Peer  # noqa: E402


class Server:
    """A running fork-echoserv."""

    def __init__(self):
        path = os.environ["WSLAY_ECHOSERV"]
        self.process = subprocess.Popen([path, "0"], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening on port "), line
        self.port = int(line.split()[-1])
        self.url = f"ws://127.0.0.1:{self.port}/"

    def stop(self, number=signal.SIGTERM):
        """Returns the exit status."""
        self.process.send_signal(number)
        try:
            return self.process.wait(TIMEOUT)
        finally:
            self.process.kill()
            self.process.stdout.close()


@pytest.fixture(scope="session")
def server():
    """One server for all tests that leave it as they found it."""
    running = Server()
    yield running
    assert running.stop() == 0


@pytest.fixture
def own_server():
    """A server for one test, which may end it."""
    running = Server()
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def peer(server):
    """A plain connection, nothing sent."""
    with Peer(server.port) as connection:
        yield connection


@pytest.fixture
def open_peer(peer):
    """A plain connection with the handshake done."""
    peer.upgrade()
    return peer


@pytest.fixture
def client():
    """Runs the command-line client; returns the completed process."""

    def run(*arguments, stdin=""):
        command = [os.environ["WSLAY_CLIENT"], *map(str, arguments)]
        data = stdin.encode() if isinstance(stdin, str) else stdin
        return subprocess.run(command, check=False, input=data, capture_output=True, timeout=60)

    return run
