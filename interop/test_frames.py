"""What the server answers to frames that no proper client sends."""

import struct

import pytest

from wire import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    close_frame,
    frame,
)

START = frame(TEXT, b"a", fin=False)

PROTOCOL_ERRORS = {
    "r3_rsv1": frame(TEXT, b"a", rsv=4),
    "r3_rsv2": frame(TEXT, b"a", rsv=2),
    "r3_rsv3": frame(BINARY, b"a", rsv=1),
    "r3_rsv1_on_ping": frame(PING, b"a", rsv=4),
    "r3_unmasked": frame(TEXT, b"a", masked=False),
    "r3_unmasked_empty": frame(TEXT, masked=False),
    "r3_opcode_3": frame(3, b"a"),
    "r3_opcode_7_empty": frame(7),
    "r3_opcode_11": frame(11, b"a"),
    "r3_opcode_15_empty": frame(15),
    "r3_continuation_of_nothing": frame(CONTINUATION, b"a"),
    "r3_continuation_after_the_end": START + frame(CONTINUATION, b"b") + frame(CONTINUATION, b"c"),
    "r3_text_inside_message": START + frame(TEXT, b"b"),
    "r3_binary_inside_message": START + frame(BINARY, b"b"),
    "r3_opcode_3_inside_message": START + frame(3, b"b"),
    "d2_fragmented_ping": frame(PING, b"a", fin=False),
    "d2_fragmented_close": frame(CLOSE, b"", fin=False),
    "d2_ping_of_126_bytes": frame(PING, bytes(126)),
    "d2_16_bit_length_too_small": frame(BINARY, bytes(125), length=b"\x7e\x00\x7d"),
    "d2_64_bit_length_too_small": frame(BINARY, b"a", length=b"\x7f" + struct.pack("!Q", 65535)),
    "d2_64_bit_length_top_bit": frame(BINARY, b"a", length=b"\x7f" + struct.pack("!Q", 1 << 63)),
    "d4_close_of_one_byte": frame(CLOSE, b"\x03"),
}

NOT_UTF8 = {
    "never_valid": b"ok \xff",
    "lone_continuation": b"ok \x80",
    "overlong": b"ok \xc0\xaf",
    "surrogate": b"ok \xed\xa0\x80",
    "above_10ffff": b"ok \xf4\x90\x80\x80",
    "cut_short": b"ok \xe2\x82",
}


def expect_close_after_echoes(peer, code):
    """The start of a message may have been echoed, if it was one by itself."""
    opcode, payload = peer.read_frame()
    while opcode != CLOSE:
        opcode, payload = peer.read_frame()
    assert payload == struct.pack("!H", code)
    peer.expect_end()


@pytest.mark.parametrize("name", PROTOCOL_ERRORS)
def test_protocol_error_closes_with_1002(open_peer, name):
    open_peer.send(PROTOCOL_ERRORS[name])
    expect_close_after_echoes(open_peer, 1002)


@pytest.mark.parametrize("name", NOT_UTF8)
def test_r4_text_not_utf8_closes_with_1007(open_peer, name):
    open_peer.send(frame(TEXT, NOT_UTF8[name]))
    open_peer.expect_close(1007)


@pytest.mark.parametrize("name", NOT_UTF8)
def test_r4_text_not_utf8_in_fragments(open_peer, name):
    data = NOT_UTF8[name]
    frames = frame(TEXT, data[:4], fin=False) + frame(CONTINUATION, data[4:])
    open_peer.send_slowly(frames)
    open_peer.expect_close(1007)


def test_r4_fails_before_the_message_ends(open_peer):
    """Only the first fragment's first bytes are sent, and nothing more."""
    whole = frame(TEXT, b"\xf4\x90" + b"x" * 1000, fin=False)
    open_peer.send(whole[:-1000])
    open_peer.expect_close(1007)


def test_r4_code_points_cut_by_frames_and_packets(open_peer):
    text = "κόσμε € \U0001f600".encode()
    frames = frame(TEXT, text[:3], fin=False)
    for i in range(3, len(text)):
        frames += frame(CONTINUATION, text[i : i + 1], fin=i == len(text) - 1)
    open_peer.send_slowly(frames)
    assert open_peer.read_frame() == (TEXT, text)


def test_r3_message_too_big_closes_with_1009(open_peer):
    too_big = b"\x7f" + struct.pack("!Q", 1 << 31)
    open_peer.send(frame(BINARY, b"first byte", length=too_big))
    open_peer.expect_close(1009)


def test_r5_control_frames_between_fragments(open_peer):
    open_peer.send(frame(TEXT, b"one ", fin=False) + frame(PING, b"p"))
    assert open_peer.read_frame() == (PONG, b"p")
    open_peer.send(frame(CONTINUATION, b"two ", fin=False) + frame(PONG, b"unasked"))
    open_peer.send(frame(CONTINUATION, b"", fin=True))
    assert open_peer.read_frame() == (TEXT, b"one two ")


@pytest.mark.parametrize("size", [0, 1, 124, 125])
def test_r9_ping_is_answered(open_peer, size):
    payload = bytes(range(size))
    open_peer.send(frame(PING, payload))
    assert open_peer.read_frame() == (PONG, payload)


@pytest.mark.parametrize(
    "size", [0, 1, 125, 126, 127, 4095, 4096, 4097, 65535, 65536, 65537, 1 << 20]
)
def test_s5_echo_at_length_borders(open_peer, size):
    """read_frame would take a longer length form, so the header is looked at."""
    payload = bytes(i * 7 & 0xFF for i in range(size))
    open_peer.send(frame(BINARY, payload))
    header = 2 if size < 126 else 4 if size < 65536 else 10
    assert open_peer.take(header) == frame(BINARY, payload, masked=False)[:header]
    assert open_peer.take(size) == payload


@pytest.mark.parametrize(
    "code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
)
def test_r8_close_code_is_returned(open_peer, code):
    open_peer.send(close_frame(code, b"because"))
    open_peer.expect_close(code, b"because")


@pytest.mark.parametrize("code", [1012, 1013, 1014])
def test_d3_close_code_registered_since(open_peer, code):
    open_peer.send(close_frame(code, b"because"))
    open_peer.expect_close(code, b"because")


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535])
def test_r8_close_code_not_for_the_wire(open_peer, code):
    open_peer.send(close_frame(code))
    open_peer.expect_close(1002)


def test_r8_close_without_code(open_peer):
    open_peer.send(frame(CLOSE))
    open_peer.expect_close(None)


def test_r8_nothing_is_read_behind_a_close(open_peer):
    open_peer.send(close_frame(1000) + frame(TEXT, b"late"))
    open_peer.expect_close(1000)


def test_r4_close_reason_not_utf8(open_peer):
    open_peer.send(close_frame(1000, b"\xff"))
    open_peer.expect_close(1007)


def test_d1_close_reason_in_single_bytes(open_peer):
    reason = "κόσμε €".encode()
    open_peer.send_slowly(close_frame(1000, reason))
    open_peer.expect_close(1000, reason)


def test_d1_close_reason_not_utf8_in_single_bytes(open_peer):
    open_peer.send_slowly(close_frame(1000, b"abc\xff"))
    open_peer.expect_close(1007)
