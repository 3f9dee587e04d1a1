"""The epoll echo server: many clients in one process, none of which holds up the others."""

import os
import select
import signal
import socket
import struct
import time

import pytest

from programs import Server
from wire import BINARY, CLOSE, PING, PONG, TEXT, Peer, close_frame, frame, request

MIB = 1 << 20


@pytest.fixture
def epoll_server():
    own = Server("epoll-echoserv")
    yield own
    if own.process.poll() is None:
        assert own.stop() == 0


@pytest.fixture
def impatient_server():
    """It asks for a sign of life after a second."""
    own = Server("epoll-echoserv", "-i", "1")
    yield own
    assert own.stop() == 0


@pytest.fixture
def scribbling_server(monkeypatch):
    """Its malloc overwrites what is freed, so that it stumbles if it uses that."""
    monkeypatch.setenv("MALLOC_PERTURB_", "165")
    own = Server("epoll-echoserv")
    yield own
    assert own.stop() == 0


def open_peers(server, count):
    peers = [Peer(server.port) for _ in range(count)]
    for peer in peers:
        peer.send(request())
    for peer in peers:
        peer.expect_upgraded()
    return peers


def close_all(peers):
    for peer in peers:
        peer.sock.close()


def expect_echo(peer, text):
    peer.send(frame(TEXT, text))
    assert peer.read_frame() == (TEXT, text)


def test_a_thousand_clients(epoll_server):
    """Each gets its own messages, all are open at once, and all are let go."""
    peers = open_peers(epoll_server, 1000)
    assert epoll_server.clients() == 1000
    assert not epoll_server.children()
    for turn in range(3):
        for number, peer in enumerate(peers):
            peer.send(frame(TEXT, f"turn {turn} of {number}".encode()))
        for number, peer in enumerate(peers):
            assert peer.read_frame() == (TEXT, f"turn {turn} of {number}".encode())
    for peer in peers:
        peer.send(close_frame(1000))
    for peer in peers:
        peer.expect_close(1000)
    close_all(peers)
    epoll_server.wait_for_clients(0)


def test_clients_that_stop_in_the_middle_hold_up_nobody(epoll_server):
    """In the request, behind it, in a frame's header, in its payload, in a message."""
    stages = [
        b"GET / HT",
        request(),
        request() + frame(TEXT, b"x" * 200)[:3],
        request() + frame(TEXT, b"x" * 200)[:50],
        request() + frame(TEXT, b"x" * 200, fin=False),
    ]
    stuck = [Peer(epoll_server.port) for _ in range(100)]
    for number, peer in enumerate(stuck):
        peer.send(stages[number % len(stages)])
    (peer,) = open_peers(epoll_server, 1)
    for _ in range(100):
        expect_echo(peer, b"still there")
    close_all([peer, *stuck])
    epoll_server.wait_for_clients(0)


def test_clients_that_do_not_read_hold_up_nobody(epoll_server):
    """Each sends until the server takes no more of its echoes' messages."""
    stuck = open_peers(epoll_server, 10)
    left = {peer.sock: memoryview(frame(TEXT, b"z" * 65536) * 512) for peer in stuck}
    for sock in left:
        sock.setblocking(False)
    while ready := select.select([], list(left), [], 0.5)[1]:
        for sock in ready:
            left[sock] = left[sock][sock.send(left[sock][:MIB]) :]
            assert left[sock], "the server takes whatever comes"
    (peer,) = open_peers(epoll_server, 1)
    for _ in range(100):
        expect_echo(peer, b"still there")
    close_all([peer, *stuck])
    epoll_server.wait_for_clients(0)


def test_clients_that_are_gone_before_the_server_answers(scribbling_server):
    """The server reads a request, a message and a Close, and finds the connection reset when
    it answers them: what begins to talk ends in the same turn of the loop."""
    os.kill(scribbling_server.process.pid, signal.SIGSTOP)
    for _ in range(20):
        with Peer(scribbling_server.port) as peer:
            peer.send(request() + frame(TEXT, b"hello") + close_frame(1000))
    os.kill(scribbling_server.process.pid, signal.SIGCONT)
    (peer,) = open_peers(scribbling_server, 1)
    expect_echo(peer, b"still there")
    peer.sock.close()
    scribbling_server.wait_for_clients(0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_closes_with_1001(epoll_server, number):
    peers = open_peers(epoll_server, 20)
    in_request = Peer(epoll_server.port)
    epoll_server.wait_for_clients(21)
    os.kill(epoll_server.process.pid, number)
    for peer in peers:
        opcode, payload = peer.read_frame()
        assert (opcode, payload[:2]) == (CLOSE, struct.pack("!H", 1001))
        peer.send(close_frame(1001))
        peer.expect_end()
    close_all([*peers, in_request])
    assert epoll_server.process.wait(10) == 0


def test_signal_ends_also_with_clients_that_do_not_answer(epoll_server):
    peers = open_peers(epoll_server, 3)
    assert epoll_server.stop() == 0
    close_all(peers)


def test_second_signal_ends_at_once(epoll_server):
    """The first waits three seconds for the client's answer."""
    (peer,) = open_peers(epoll_server, 1)
    started = time.monotonic()
    os.kill(epoll_server.process.pid, signal.SIGTERM)
    assert peer.read_frame()[0] == CLOSE
    assert epoll_server.stop() == 0
    assert time.monotonic() - started < 2
    peer.sock.close()


def test_silent_client_is_pinged_and_kept_while_it_answers(impatient_server):
    (peer,) = open_peers(impatient_server, 1)
    for _ in range(3):
        assert peer.read_frame() == (PING, b"")
        peer.send(frame(PONG))
    expect_echo(peer, b"still there")
    peer.sock.close()


def test_client_that_answers_no_ping_is_closed(impatient_server):
    (peer,) = open_peers(impatient_server, 1)
    assert peer.read_frame() == (PING, b"")
    opcode, payload = peer.read_frame()
    assert (opcode, payload[:2]) == (CLOSE, struct.pack("!H", 1001))
    peer.send(close_frame(1001))
    peer.expect_end()
    peer.sock.close()


def test_client_that_neither_reads_nor_answers_is_dropped(impatient_server):
    """Its echoes fill all buffers, so that neither Ping nor Close can reach it."""
    (peer,) = open_peers(impatient_server, 1)
    peer.sock.setblocking(False)
    data = memoryview(frame(TEXT, b"z" * 65536) * 512)
    while data and select.select([], [peer.sock], [], 0.5)[1]:
        data = data[peer.sock.send(data[:MIB]) :]
    assert data
    impatient_server.wait_for_clients(0)
    peer.sock.close()


def test_client_that_reads_slowly_is_not_dropped(impatient_server):
    """It says nothing for longer than the server waits, but takes its long echo."""
    size = 16 * MIB
    message = frame(BINARY, bytes(size))
    peer = Peer(impatient_server.port)
    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    peer.upgrade()
    peer.send(message)
    assert peer.take(10) == b"\x82\x7f" + struct.pack("!Q", size)
    left = size
    slow_until = time.monotonic() + 3.5
    while left > 0:
        left -= len(peer.take(min(left, 65536)))
        if time.monotonic() < slow_until:
            time.sleep(0.05)
    peer.send(frame(TEXT, b"still there"))
    while (answer := peer.read_frame()) == (PING, b""):
        pass
    assert answer == (TEXT, b"still there")
    peer.sock.close()
