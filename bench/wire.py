#!/usr/bin/env python3
"""Writes the frames that the in-memory benchmarks play.

    wire.py DIR KIND SIZE ...

For each KIND-SIZE it writes two files of the same messages into DIR:
KIND-SIZE.client, as a client sends them (masked, a key for each frame), and
KIND-SIZE.server, as a server sends them. All drivers read these, so that all
libraries get the same bytes. The bytes are the same in each run.
"""

import pathlib
import random
import sys

BURST_BYTES = 64 * 1024
TEXT, BINARY = 1, 2

# Code points of 2, 3 and 4 bytes, from several scripts.
MULTIBYTE = "éßñøžğаяжщλπσאבשعقم中文字日本語한국어กขค€‰∑√≠🙂🚀🎉🦀𝄞𐍈"


def ascii_text(size, rng):
    return bytes(rng.choices(range(0x20, 0x7F), k=size))


def multibyte_text(size, rng):
    """SIZE bytes of text without ASCII, but for up to 3 bytes at the end."""
    text = "".join(rng.choices(MULTIBYTE, k=size // 2 + 1)).encode()[:size]
    text = text.decode(errors="ignore").encode()
    return text + b"." * (size - len(text))


def binary(size, rng):
    return rng.randbytes(size)


KINDS = {
    "ascii": (TEXT, ascii_text),
    "multibyte": (TEXT, multibyte_text),
    "binary": (BINARY, binary),
}


def header(opcode, length, mask_bit):
    """The shortest header (RFC 6455 section 5.2), without a mask key."""
    start = bytes([0x80 | opcode])
    if length < 126:
        return start + bytes([mask_bit | length])
    if length < 1 << 16:
        return start + bytes([mask_bit | 126]) + length.to_bytes(2, "big")
    return start + bytes([mask_bit | 127]) + length.to_bytes(8, "big")


def masked(payload, key):
    stream = (key * (len(payload) // 4 + 1))[: len(payload)]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(payload), "big")


def frames(kind, size):
    """As many frames as make a burst, at least one: (client's, server's)."""
    rng = random.Random(f"{kind}-{size}")
    opcode, make_payload = KINDS[kind]
    client, server = bytearray(), bytearray()
    while True:
        payload, key = make_payload(size, rng), rng.randbytes(4)
        client += header(opcode, size, 0x80) + key + masked(payload, key)
        server += header(opcode, size, 0) + payload
        frame = len(header(opcode, size, 0)) + 4 + size
        if len(client) + frame > BURST_BYTES:
            return client, server


def main():
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for kind, size in zip(sys.argv[2::2], sys.argv[3::2]):
        client, server = frames(kind, int(size))
        (directory / f"{kind}-{size}.client").write_bytes(client)
        (directory / f"{kind}-{size}.server").write_bytes(server)


if __name__ == "__main__":
    main()
