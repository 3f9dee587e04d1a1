"""WebSocket over a plain socket, so that tests can send what no client would."""

import base64
import os
import socket
import struct
import time

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
TIMEOUT = 10

# The example of RFC 6455, section 1.3.
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

HEADERS = (
    ("Host", "localhost"),
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Key", KEY),
    ("Sec-WebSocket-Version", "13"),
)


def request(line="GET / HTTP/1.1", drop=(), add=()):
    """A handshake request; names in drop are left out, pairs in add appended."""
    headers = [h for h in HEADERS if h[0] not in drop] + list(add)
    lines = [line] + [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def frame(opcode, payload=b"", fin=True, rsv=0, masked=True, length=None):
    """Encodes a frame; length overrides the encoded length field's bytes."""
    size = len(payload)
    if length is None:
        if size < 126:
            length = bytes([size])
        elif size < 65536:
            length = b"\x7e" + struct.pack("!H", size)
        else:
            length = b"\x7f" + struct.pack("!Q", size)
    head = bytes([fin << 7 | rsv << 4 | opcode, length[0] | masked << 7])
    if not masked:
        return head + length[1:] + payload
    mask = os.urandom(4)
    body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return head + length[1:] + mask + body


def close_frame(code, reason=b""):
    return frame(CLOSE, struct.pack("!H", code) + reason)


def new_key():
    return base64.b64encode(os.urandom(16)).decode()


class Peer:
    """The client's end of a connection to the server under test."""

    def __init__(self, port, host="127.0.0.1"):
        self.sock = socket.create_connection((host, port), timeout=TIMEOUT)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def send_slowly(self, data, pause=0.001):
        """One segment a byte, as far as a sender can bring that about."""
        for i in range(len(data)):
            self.sock.sendall(data[i : i + 1])
            time.sleep(pause)

    def take(self, size):
        while len(self.rest) < size:
            data = self.sock.recv(65536)
            if not data:
                raise EOFError(f"end of stream, {self.rest!r} left")
            self.rest += data
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken

    def read_head(self):
        """Returns the response's status and its headers, names in lower case."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.take(1)
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1"
        pairs = [line.split(":", 1) for line in lines]
        return int(status), {k.lower(): v.strip() for k, v in pairs}

    def upgrade(self, data=None):
        """Sends a good handshake and whatever it ends in; expects a 101."""
        self.send(request() if data is None else data)
        self.expect_upgraded()

    def expect_upgraded(self, subprotocol=None):
        status, headers = self.read_head()
        assert status == 101
        assert headers["upgrade"].lower() == "websocket"
        assert headers["connection"].lower() == "upgrade"
        assert headers["sec-websocket-accept"] == ACCEPT
        assert "sec-websocket-extensions" not in headers
        assert headers.get("sec-websocket-protocol") == subprotocol

    def read_frame(self):
        """Returns (opcode, payload) of a server's frame, which is never masked."""
        first, second = self.take(2)
        assert first & 0xF0 == 0x80, "the server sends whole messages, no RSV"
        assert second & 0x80 == 0, "a server does not mask"
        size = second
        if size == 126:
            (size,) = struct.unpack("!H", self.take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self.take(8))
        return first & 0x0F, self.take(size)

    def expect_close(self, code, reason=b""):
        """The next frame is this Close (code None: an empty one), then EOF."""
        body = b"" if code is None else struct.pack("!H", code) + reason
        assert self.read_frame() == (CLOSE, body)
        self.expect_end()

    def expect_end(self):
        """EOF and no reset: a reset could have swallowed the last frame."""
        assert self.rest == b""
        assert self.sock.recv(1) == b""
