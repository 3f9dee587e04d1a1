"""The server when a client asks for more than it takes, and when resources run out."""

import os
import pathlib
import resource
import select
import socket
import struct
import time

import pytest

from programs import Server, status_kib
from wire import BINARY, CLOSE, PING, PONG, TEXT, Peer, close_frame, frame

MIB = 1 << 20
MESSAGE_MAX = 32 * MIB

# A request, its answer, and how often it is sent: in all more bytes than the socket
# buffers hold on both sides.
FLOODS = {
    "s4_large": (frame(TEXT, b"z" * 65536), frame(TEXT, b"z" * 65536, masked=False), 1024),
    "small": (frame(TEXT, b"z"), frame(TEXT, b"z", masked=False), 9 * MIB),
    "empty": (frame(TEXT), frame(TEXT, masked=False), 11 * MIB),
}


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until_asleep(pid):
    """A server that has paused does not run; one in a busy loop always does."""
    spent = -1.0
    deadline = time.monotonic() + 20
    while (now := cpu_seconds(pid)) - spent > 0.1:
        assert time.monotonic() < deadline, "still running"
        spent = now
        time.sleep(0.5)


def send_until_stuck(sock, data):
    """Returns what is left when nothing could be sent for half a second."""
    while data and select.select([], [sock], [], 0.5)[1]:
        data = data[sock.send(data[:MIB]) :]
    return data


def exchange(sock, data, expected):
    """Sends the rest and reads, both as far as possible, up to what is expected."""
    while expected:
        readable, writable, _ = select.select([sock], [sock] if data else [], [], 10)
        assert readable or writable, f"{len(data)} and {len(expected)} bytes left"
        if writable:
            data = data[sock.send(data[:MIB]) :]
        if readable:
            received = sock.recv(MIB)
            assert received and received == expected[: len(received)]
            expected = expected[len(received) :]


@pytest.mark.parametrize("name", FLOODS)
def test_client_that_does_not_read_is_not_read(own_server, name):
    request, answer, count = FLOODS[name]
    with Peer(own_server.port) as peer:
        peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        peer.upgrade()
        peer.sock.setblocking(False)
        pid = own_server.serving_pid()
        rest = send_until_stuck(peer.sock, memoryview(request * count))
        assert rest, "the server takes whatever comes"
        wait_until_asleep(pid)
        assert status_kib(pid, "VmHWM") < 32 * 1024
        exchange(peer.sock, rest, memoryview(answer * count))
        assert status_kib(pid, "VmHWM") < 32 * 1024
        peer.sock.settimeout(10)
        peer.send(close_frame(1000))
        peer.expect_close(1000)


def test_d15_pings_of_a_client_that_does_not_read(own_server):
    """All are read; no more than some dozens of Pongs wait beside the socket's bytes."""
    ping = frame(PING)
    count = 4 * MIB
    with Peer(own_server.port) as peer:
        peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        peer.upgrade()
        pid = own_server.serving_pid()
        peer.send(ping * count + frame(TEXT, b"still there"))
        wait_until_asleep(pid)
        assert status_kib(pid, "VmHWM") < 32 * 1024
        pongs = 0
        while (answer := peer.read_frame()) == (PONG, b""):
            pongs += 1
        assert answer == (TEXT, b"still there")
        assert 0 < pongs < count


def zeros(size, opcode=BINARY):
    """A masked frame's header, its mask key 0, so that zeros are zeros."""
    return bytes([0x80 | opcode, 0xFF]) + struct.pack("!Q", size) + bytes(4)


def test_r3_longest_message(open_peer):
    open_peer.send(zeros(MESSAGE_MAX) + bytes(MESSAGE_MAX))
    assert open_peer.take(10) == b"\x82\x7f" + struct.pack("!Q", MESSAGE_MAX)
    left = MESSAGE_MAX - len(open_peer.rest)
    while left > 0:
        received = open_peer.sock.recv(min(left, MIB))
        assert received == bytes(len(received)) != b""
        left -= len(received)


def test_r3_longer_message_closes_with_1009(open_peer):
    open_peer.send(zeros(MESSAGE_MAX + 1) + b"\0")
    open_peer.expect_close(1009)


def test_message_that_cannot_be_copied_closes_with_1011():
    """The last byte comes when the chat has memory for the message but not for its copy."""
    size = 3 * MIB
    chat = Server("chat")
    pid = chat.process.pid
    with Peer(chat.port) as peer:
        peer.upgrade()
        peer.send(frame(TEXT, b"name\nAnn"))
        assert peer.read_frame()[1].startswith(b"you\n")
        assert peer.read_frame()[1].startswith(b"joined\n")
        before = status_kib(pid, "VmRSS")
        peer.send(zeros(size, TEXT) + b"say\n" + bytes(size - 5))
        deadline = time.monotonic() + 10
        while status_kib(pid, "VmRSS") < before + size // 1024 - 64:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        limit = status_kib(pid, "VmSize") * 1024 + MIB
        resource.prlimit(pid, resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
        peer.send(b"\0")
        assert peer.read_frame() == (CLOSE, struct.pack("!H", 1011))
        peer.send(close_frame(1011))
        peer.expect_end()
    assert chat.stop() == 0


def test_accept_without_descriptors_does_not_spin(own_server):
    pid = own_server.process.pid
    _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (own_server.descriptors(), hard))
    with Peer(own_server.port) as peer:
        spent = cpu_seconds(pid)
        time.sleep(1)
        assert cpu_seconds(pid) - spent < 0.2
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (1024, hard))
        peer.upgrade()
        peer.send(frame(BINARY, b"served at last"))
        assert peer.read_frame() == (BINARY, b"served at last")
