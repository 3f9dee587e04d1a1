#!/usr/bin/env python3
"""Runs the programs of the tutorial and talks to them: try_tutorial.py DIRECTORY CLIENT"""

import contextlib
import pathlib
import signal
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))
sys.dont_write_bytecode = True

from wire import CLOSE, CONTINUATION, TEXT, TIMEOUT, Peer, close_frame, frame, request  # noqa: E402

PROGRAMS, CLIENT = pathlib.Path(sys.argv[1]), sys.argv[2]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(name):
    """Yields the process and its port, once it accepts connections."""
    port = free_port()
    with subprocess.Popen([PROGRAMS / name, str(port)]) as process:
        try:
            deadline = time.monotonic() + TIMEOUT
            while True:
                try:
                    Peer(port).sock.close()
                    break
                except ConnectionRefusedError:
                    assert time.monotonic() < deadline and process.poll() is None
                    time.sleep(0.01)
            yield process, port
        finally:
            process.kill()


def open_peer(port):
    peer = Peer(port)
    peer.upgrade()
    return peer


def run_client(port, count, size):
    command = [CLIENT, "-p", "-n", str(count), "-s", str(size), "127.0.0.1", str(port)]
    subprocess.run(command, check=True, timeout=60)


def try_hello():
    result = subprocess.run([PROGRAMS / "hello"], check=True, capture_output=True, text=True)
    first, last = result.stdout.split(", ")
    assert first.startswith("wslay 1.")
    assert last == "wants to write: 1\n"


def try_echo():
    with running("echo") as (_, port):
        run_client(port, 200, 5000)
        run_client(port, 5, 1 << 20)
        with Peer(port) as peer:
            peer.upgrade(request() + frame(TEXT, b"at once"))
            assert peer.read_frame() == (TEXT, b"at once")
            peer.send(frame(TEXT, b"in ", fin=False) + frame(CONTINUATION, b"two"))
            assert peer.read_frame() == (TEXT, b"in two")
            peer.send(close_frame(1000))
            peer.expect_close(1000)
        with Peer(port) as peer:
            peer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert peer.read_head()[0] == 426


def try_page_of_the_room(port):
    with Peer(port) as peer:
        peer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        status, headers = peer.read_head()
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert b"</html>" in peer.take(int(headers["content-length"]))
        peer.expect_end()
    for origin, expected in (("http://localhost", 101), ("http://elsewhere", 403)):
        with Peer(port) as peer:
            peer.send(request(add=[("Origin", origin)]))
            assert peer.read_head()[0] == expected


def try_slow_member(port):
    """It is told that it was too slow; the other one loses nothing."""
    message = frame(TEXT, b"z" * (1 << 20))
    with open_peer(port) as fast, open_peer(port) as slow:
        for _ in range(14):
            fast.send(message)
            assert fast.read_frame() == (TEXT, b"z" * (1 << 20))
        opcode, payload = slow.read_frame()
        while opcode == TEXT:
            opcode, payload = slow.read_frame()
        assert (opcode, payload[:2]) == (CLOSE, (1013).to_bytes(2, "big"))


def try_room():
    with running("room") as (process, port):
        run_client(port, 200, 5000)
        try_page_of_the_room(port)
        try_slow_member(port)
        with open_peer(port) as one, open_peer(port) as other, Peer(port) as silent:
            for speaker, text in ((one, "κόσμε €".encode()), (other, b"")):
                speaker.send(frame(TEXT, text))
                assert one.read_frame() == other.read_frame() == (TEXT, text)
            process.send_signal(signal.SIGINT)
            for peer in (one, other):
                opcode, payload = peer.read_frame()
                assert (opcode, payload[:2]) == (CLOSE, (1001).to_bytes(2, "big"))
            one.send(close_frame(1001))
            one.expect_end()
            assert process.wait(TIMEOUT) == 0
            silent.sock.close()


for attempt in (try_hello, try_echo, try_room):
    attempt()
