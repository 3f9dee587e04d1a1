#!/usr/bin/env python3
"""Writes the seeds: bytes for the targets that read plain bytes, and for the others what
the crate `arbitrary` decodes to the values wanted (`cargo fuzz fmt` shows them)."""

import pathlib

SEEDS = pathlib.Path(__file__).resolve().parent / "seeds"
SERVER, ALLOW_RSV, NO_BUFFERING, FRAME_REPORTS, ANSWER_AT_ONCE = 1, 2, 4, 8, 16


def frame(first_byte, payload=b"", key=None):
    length = len(payload)
    masked = 0 if key is None else 128
    if length < 126:
        head = bytes([first_byte, masked | length])
    elif length < 65536:
        head = bytes([first_byte, masked | 126]) + length.to_bytes(2, "big")
    else:
        head = bytes([first_byte, masked | 127]) + length.to_bytes(8, "big")
    if key is None:
        return head + payload
    return head + key + bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))


def event_recv(options, frames, max_length=0, sizes=(1, 3, 0, 255)):
    key = bytes(4) if options & SERVER else None
    stream = b"".join(part if isinstance(part, bytes) else frame(*part, key) for part in frames)
    return bytes([options | FRAME_REPORTS, max_length, len(sizes), *sizes]) + stream


FRAGMENTS = [(0x01, "zwölf ".encode()), (0x89, b"ping"), (0x80, "Boxkämpfer".encode())]
CLOSE = (0x88, b"\x03\xe8bye")


def variant(names, name, *fields):
    """A value of an enum whose variants are `names`."""
    names = names.split()
    number = -(-(names.index(name) << 32) // len(names))
    return number.to_bytes(4, "little") + b"".join(fields)


def u16(number):
    return number.to_bytes(2, "little")


def vec(items):
    return b"".join(b"\1" + item for item in items) + b"\0"


def op(name, *fields):
    names = """Queue QueueControl QueueClose QueueFragmented Feed Recv Send SendToFailure Write
        FailGenmask ShutdownRead ShutdownWrite Free"""
    return variant(names, name, *fields)


def event_operations(server, operations, inside=()):
    """`inside`: pairs of how many callbacks to let pass, and an operation."""
    options = bytes([server, 1, 0, 1])
    return options + vec(operations) + vec(bytes([wait]) + operation for wait, operation in inside)


def queue(opcode, length, rsv=0):
    return op("Queue", bytes([opcode, rsv]), u16(length))


def ping(length=4):
    return op("QueueControl", bytes([9, length]))


def source(*fragments):
    """A fragmented text with RSV1: lengths, or names of what the callback does instead."""
    names = "Bytes Stall Fail TooMuch"
    kinds = [variant(names, f) if isinstance(f, str) else variant(names, "Bytes", u16(f)) for f in fragments]
    return op("QueueFragmented", b"\1\1", vec(kinds))


def feed(*frames):
    """Frames of the peer: opcodes and lengths."""
    names = "Frame Bytes EndOfInput TooMuch"
    return op("Feed", vec(variant(names, "Frame", bytes([1, *f])) for f in frames))


def send(budget):
    return op("Send", u16(budget))


def write(room):
    return op("Write", u16(room))


def frame_api(frames, steps, reads):
    """Frames: fin, rsv, opcode, masked, length."""
    names = "Send Write TooMuch Lie"
    steps = [variant(names, name, *map(u16, numbers)) for name, *numbers in steps]
    frames = [bytes(frame[:4]) + u16(frame[4]) for frame in frames]
    return vec(frames) + vec(steps) + vec(map(u16, reads))


def head(start, *lines, behind=b"", sizes=(3, 1, 200)):
    text = "".join(line + "\r\n" for line in (start, *lines, "")).encode("latin-1")
    return bytes([len(sizes), *sizes]) + text + behind


ASK = [
    "Host: a.example",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
]
OPEN = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: ACCEPT"]
SWITCH = "HTTP/1.1 101 Switching Protocols"


def server_handshake(start, *lines, behind=b""):
    return head(start, *lines, behind=behind)


def client_handshake(start, *lines, offers=1, behind=b""):
    return bytes([offers]) + head(start, *lines, behind=behind)


CLOSE_1000 = op("QueueClose", u16(1000), b"\3")
MIXED = [queue(1, 200), source(10, "Stall", 5000, 0), queue(2, 0, 1), ping()]
PIECES = [("Write", 5, 5), ("Send", 5, 3), ("Write", 40, 9), ("TooMuch",)]
PIECES += [("Write", 400, 200), ("Lie",), ("Send", 400, 90)]

TARGETS = {
    "event_operations": {
        "mixed-server": event_operations(1, [*MIXED, send(50), ping(), write(90), send(6000)]),
        "mixed-client": event_operations(0, [*MIXED, send(50), ping(), write(90), send(6000)]),
        "close": event_operations(0, [*MIXED, send(20), CLOSE_1000, send(400)]),
        "source-fails": event_operations(1, [source(5, "Fail"), send(100)]),
        "echo": event_operations(
            1,
            [feed((1, 3), (9, 2), (8, 0)), op("Recv"), send(99)],
            [(3, queue(1, 3)), (0, send(99)), (4, ping())],
        ),
        "free-in-send": event_operations(1, [ping(), queue(1, 9), send(999)], [(0, op("Free"))]),
        "free-in-genmask": event_operations(0, [ping(), queue(1, 9), send(999)], [(0, op("Free"))]),
        "free-in-source": event_operations(1, [source(7, 7), send(999)], [(2, op("Free"))]),
        "shutdown": event_operations(
            0,
            [feed((2, 9)), op("Recv"), *MIXED, send(9)],
            [(2, op("ShutdownRead")), (2, op("ShutdownWrite"))],
        ),
        "genmask-fails": event_operations(0, [queue(1, 9), op("FailGenmask"), write(99)]),
    },
    "frame_api": {
        "unmasked": frame_api([(1, 0, 1, 0, 5), (1, 0, 9, 0, 0), (0, 4, 2, 0, 299)], PIECES, [1, 300]),
        "masked": frame_api([(1, 0, 1, 1, 5), (1, 0, 9, 1, 125), (0, 4, 2, 1, 299)], PIECES, [7]),
        "large": frame_api([(1, 0, 2, 1, 8192)], [("Send", 9000, 5000)], [5000, 0]),
    },
    "event_recv": {
        "fragments-server": event_recv(SERVER, [*FRAGMENTS, CLOSE]),
        "fragments-client": event_recv(ANSWER_AT_ONCE, [*FRAGMENTS, CLOSE]),
        "masked": event_recv(SERVER, [frame(0x81, b"Hello", b"\x37\xfa\x21\x3d")]),
        "not-utf8": event_recv(SERVER, [(0x01, b"\xf0\x9f\x92"), (0x80, b"\xa9\xed\xa0\x80")]),
        "close-not-utf8": event_recv(0, [(0x88, b"\x0b\xb8\xc3")]),
        "code-1005": event_recv(0, [(0x88, b"\x03\xed")]),
        "rsv1": event_recv(ALLOW_RSV, [(0x41, b"\xff"), (0x00, b"\xff"), (0x80, b"")]),
        "too-big": event_recv(0, [(0x02, bytes(7)), (0x80, bytes(2))], max_length=2),
        "no-buffering": event_recv(NO_BUFFERING, [*FRAGMENTS, CLOSE]),
        "malformed": event_recv(0, [b"\x82\x7e\x00\x7d"]),
        "announces-2-gib": event_recv(0, [b"\x82\x7f\x00\x00\x00\x00\x7f\xff\xff\xff" + bytes(99)]),
        "large": event_recv(SERVER, [(0x02, bytes(range(256)) * 23), CLOSE], sizes=(255, 200)),
    },
    "header": {
        "short": b"\x81\x05",
        "masked": b"\x82\x85\x01\x02\x03\x04",
        "16-bits": b"\x02\x7e\x01\x00",
        "64-bits-masked": b"\xf2\xff\x00\x00\x00\x00\x00\x01\x00\x00\x05\x06\x07\x08",
        "not-shortest": b"\x82\x7e\x00\x7d",
        "too-long": b"\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00",
        "control-fragment": b"\x09\x00",
    },
    "server_handshake": {
        "plain": server_handshake("GET /chat?a=b HTTP/1.1", *ASK, behind=b"\x81\x80\0\0\0\0"),
        "uri": server_handshake("GET http://b.example?x HTTP/1.1", *ASK, "Origin: null"),
        "lists": server_handshake(
            "GET / HTTP/1.2", *ASK, "connection: ,a", "Sec-WebSocket-Protocol: chat ,, v2", "X-Empty:"
        ),
        "same-subprotocol": server_handshake("GET / HTTP/1.1", *ASK, "Sec-WebSocket-Protocol: a,b,a"),
        "http": server_handshake("GET / HTTP/1.1", ASK[0]),
        "post": server_handshake("POST / HTTP/1.0", "Content-Length: 2", behind=b"ab"),
        "version-8": server_handshake("GET / HTTP/1.1", *ASK[:4], "Sec-WebSocket-Version: 8"),
        "body": server_handshake("GET / HTTP/1.1", *ASK, "Content-Length: 0", "Transfer-Encoding: x"),
        "folded": server_handshake("GET / HTTP/1.1", *ASK, "X: a", " b"),
        "options": server_handshake("OPTIONS * HTTP/1.1", ASK[0]),
        "http-2": server_handshake("PRI * HTTP/2.0", behind=b"SM\r\n\r\n"),
    },
    "client_handshake": {
        "plain": client_handshake(SWITCH, *OPEN, offers=0, behind=b"\x81\0"),
        "subprotocol": client_handshake(SWITCH, *OPEN, "Sec-WebSocket-Protocol: v2.chat"),
        "other-subprotocol": client_handshake(SWITCH, *OPEN, "Sec-WebSocket-Protocol: v3"),
        "extension": client_handshake(SWITCH, *OPEN, 'Sec-WebSocket-Extensions: x; a="b,c"'),
        "no-extension": client_handshake(SWITCH, *OPEN, "Sec-WebSocket-Extensions: ,; a=1"),
        "interim": client_handshake("HTTP/1.1 103 ", "Link: a", "", SWITCH, *OPEN),
        "refused": client_handshake("HTTP/1.0 302 Found", "Location: /b", behind=b"body"),
        "wrong": client_handshake(SWITCH, *OPEN[:2], "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI="),
    },
    "accept_key": {
        "rfc-6455": b"dGhlIHNhbXBsZSBub25jZQ==",
        "17-bytes": b"dGhlIHNhbXBsZSBub25jZWE=",
        "18-bytes": b"dGhlIHNhbXBsZSBub25jZQAA",
        "space": b"dGhlIHNhbXBsZSBub25j Q==",
    },
}

for target, seeds in TARGETS.items():
    folder = SEEDS / target
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in seeds.items():
        (folder / name).write_bytes(content)
