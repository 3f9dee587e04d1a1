"""The server as a process: its children, its signals, rude clients."""

import os
import signal
import socket
import struct
import subprocess

import pytest

from programs import ECHO_SERVERS, Server, path_of
from wire import CLOSE, TEXT, TIMEOUT, Peer, close_frame, frame


fork_server_only = pytest.mark.parametrize("own_server", ["fork-echoserv"], indirect=True)


@fork_server_only
def test_children_are_reaped(own_server):
    for _ in range(5):
        peers = [Peer(own_server.port) for _ in range(8)]
        for peer in peers:
            peer.upgrade()
        own_server.wait_for_clients(8)
        assert "Z" not in own_server.children().values()
        for peer in peers:
            peer.send(close_frame(1000))
            peer.expect_close(1000)
            peer.sock.close()
        own_server.wait_for_clients(0)


@fork_server_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_server_and_children(own_server, number):
    peers = [Peer(own_server.port) for _ in range(4)]
    for peer in peers[:3]:
        peer.upgrade()
    own_server.wait_for_clients(4)
    pids = own_server.children()
    assert own_server.stop(number) == 0
    for pid in pids:
        assert not os.path.exists(f"/proc/{pid}")
    for peer in peers:
        peer.expect_end()
        peer.sock.close()


def test_port_is_free_again_after_a_signal(own_server):
    with Peer(own_server.port) as peer:
        peer.upgrade()
        own_server.stop()
        again = Server(own_server.program, port=own_server.port)
        assert again.port == own_server.port
        with Peer(again.port) as other:
            other.upgrade()
        assert again.stop() == 0


def run_to_end(program, *arguments):
    command = [path_of(program), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=TIMEOUT)


def test_port_in_use_is_an_error(server):
    result = run_to_end(server.program, str(server.port))
    assert result.returncode == 1
    assert result.stdout == "" and result.stderr != ""


@pytest.mark.parametrize("program", ECHO_SERVERS)
@pytest.mark.parametrize("arguments", [[], [""], ["x"], ["-1"], ["65536"], ["80x"], ["1", "2"]])
def test_wrong_arguments(program, arguments):
    result = run_to_end(program, *arguments)
    assert result.returncode == 1
    assert "usage:" in result.stderr


def test_clients_that_vanish(own_server):
    """A hang-up or reset at any moment ends that child and nothing else."""
    for stage in ("silent", "in_head", "open", "in_frame", "echoing"):
        for reset in (False, True):
            with Peer(own_server.port) as peer:
                if stage == "in_head":
                    peer.send(b"GET / HT")
                elif stage != "silent":
                    peer.upgrade()
                if stage == "in_frame":
                    peer.send(frame(TEXT, b"hello")[:-2])
                if stage == "echoing":
                    peer.send(frame(TEXT, b"x" * (1 << 20)) * 2)
                if reset:
                    linger = struct.pack("ii", 1, 0)
                    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    own_server.wait_for_clients(0)
    with Peer(own_server.port) as peer:
        peer.upgrade()
        peer.send(frame(TEXT, b"still there"))
        assert peer.read_frame() == (TEXT, b"still there")
    assert own_server.stop() == 0


def test_peer_that_does_not_close_is_left(own_server):
    """After both Close frames the server does not wait for ever."""
    with Peer(own_server.port) as peer:
        peer.upgrade()
        peer.send(close_frame(1000))
        assert peer.read_frame() == (CLOSE, b"\x03\xe8")
        own_server.wait_for_clients(0)
