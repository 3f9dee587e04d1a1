"""The server as a process: its children, its signals, rude clients."""

import os
import pathlib
import signal
import socket
import struct
import subprocess
import time

import pytest

from wire import CLOSE, TEXT, TIMEOUT, Peer, close_frame, frame


def children(pid):
    """The process's children, zombies too, as {pid: state}."""
    found = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        state, parent = text.rpartition(")")[2].split()[:2]
        if int(parent) == pid:
            found[int(stat.parent.name)] = state
    return found


def wait_for_children(server, count):
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        found = children(server.process.pid)
        if len(found) == count:
            return found
        time.sleep(0.01)
    raise AssertionError(f"{found}, not {count} children")


def test_children_are_reaped(own_server):
    for _ in range(5):
        peers = [Peer(own_server.port) for _ in range(8)]
        for peer in peers:
            peer.upgrade()
        assert "Z" not in wait_for_children(own_server, 8).values()
        for peer in peers:
            peer.send(close_frame(1000))
            peer.expect_close(1000)
            peer.sock.close()
        wait_for_children(own_server, 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_server_and_children(own_server, number):
    peers = [Peer(own_server.port) for _ in range(4)]
    for peer in peers[:3]:
        peer.upgrade()
    pids = wait_for_children(own_server, 4)
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
        command = [os.environ["WSLAY_ECHOSERV"], str(own_server.port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as again:
            line = again.stdout.readline()
            again.terminate()
            assert line == f"listening on port {own_server.port}\n"


def test_port_in_use_is_an_error(server):
    command = [os.environ["WSLAY_ECHOSERV"], str(server.port)]
    result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=TIMEOUT)
    assert result.returncode == 1
    assert result.stdout == "" and result.stderr != ""


@pytest.mark.parametrize("arguments", [[], [""], ["x"], ["-1"], ["65536"], ["80x"], ["1", "2"]])
def test_wrong_arguments(arguments):
    command = [os.environ["WSLAY_ECHOSERV"], *arguments]
    result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=TIMEOUT)
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
    wait_for_children(own_server, 0)
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
        wait_for_children(own_server, 0)
