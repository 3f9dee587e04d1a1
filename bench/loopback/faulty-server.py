#!/usr/bin/env python3
"""An echo server for one connection, with a fault that the load generator must find.

    faulty-server.py FAULT

Listens on a free port of 127.0.0.1 and prints it. FAULT is one of

    none        echoes as it should
    byte        changes a byte of an echo during the warm-up
    surplus     sends a byte too many after the warm-up
    missing     leaves out a byte after the warm-up
    hang-up     ends the connection
"""

import contextlib
import socket
import sys
import time

# Longer than the warm-up, and shorter than warm-up and measurement.
LATE = 0.6


def read_exactly(stream, length):
    data = stream.read(length)
    if len(data) < length:
        sys.exit(0)  # the load generator is done
    return data


def read_message(stream):
    """The payload of one masked frame of up to 125 bytes."""
    _, length = read_exactly(stream, 2)
    key = read_exactly(stream, 4)
    payload = read_exactly(stream, length & 0x7F)
    return bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))


def shake_hands(stream):
    while stream.readline() != b"\r\n":
        pass
    stream.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    stream.flush()


def echo(stream, fault):
    start = time.monotonic()
    while True:
        payload = read_message(stream)
        frame = bytes([0x81, len(payload)]) + payload
        if fault == "byte":
            frame = frame[:-1] + bytes([frame[-1] ^ 1])
        if fault == "hang-up":
            return
        if time.monotonic() - start > LATE:
            frame = {"surplus": frame + b"x", "missing": frame[1:]}.get(fault, frame)
            fault = "none"
        stream.write(frame)
        stream.flush()


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening on port", listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
    with connection, contextlib.suppress(ConnectionError):
        stream = connection.makefile("rwb")
        shake_hands(stream)
        echo(stream, sys.argv[1])


if __name__ == "__main__":
    main()
