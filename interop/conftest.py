"""Fixtures: the programs under test."""

import os
import subprocess

import pytest

pytest.register_assert_rewrite("programs", "wire")

from programs import ECHO_SERVERS, Server  # noqa: E402
from wire import Peer  # noqa: E402


@pytest.fixture(scope="session")
def running():
    """Gives the one server of a program for all tests that leave it as they found it."""
    servers = {}

    def get(program):
        if program not in servers:
            servers[program] = Server(program)
        return servers[program]

    yield get
    for server in servers.values():
        assert server.stop() == 0


@pytest.fixture(params=ECHO_SERVERS)
def server(request, running):
    return running(request.param)


@pytest.fixture(params=ECHO_SERVERS)
def own_server(request):
    """A server for one test, which may end it."""
    own = Server(request.param)
    yield own
    if own.process.poll() is None:
        own.stop()


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
