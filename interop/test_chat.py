"""The chat server: its page, its room, and clients that do not keep to the rules."""

import contextlib
import os
import select
import signal
import struct

import pytest

from programs import Server
from wire import BINARY, CLOSE, TEXT, Peer, close_frame, frame, request

MIB = 1 << 20


@pytest.fixture
def chat():
    own = Server("chat")
    yield own
    if own.process.poll() is None:
        assert own.stop() == 0


class Member(Peer):
    """A client in the room."""

    def __init__(self, server, name):
        super().__init__(server.port)
        self.upgrade()
        self.say_raw(f"name\n{name}")
        self.here = []
        while (message := self.read_message())[0] == "here":
            self.here.append(message[2])
        assert message[0] == "you" and message[2] == name
        self.id = message[1]
        assert self.read_message() == ["joined", self.id, name]

    def say_raw(self, text):
        self.send(frame(TEXT, text.encode()))

    def read_message(self):
        opcode, payload = self.read_frame()
        assert opcode == TEXT
        return payload.decode().split("\n", 2)


def expect_closed_with(peer, code):
    opcode, payload = peer.read_frame()
    assert (opcode, payload[:2]) == (CLOSE, struct.pack("!H", code))
    peer.send(close_frame(code))
    peer.expect_end()


def get(server, line, add=()):
    """Returns status, headers and body of a plain HTTP request."""
    with Peer(server.port) as peer:
        peer.send((f"{line}\r\nHost: localhost\r\n" + "".join(add) + "\r\n").encode())
        status, headers = peer.read_head()
        with contextlib.suppress(EOFError):
            while True:
                peer.take(len(peer.rest) + 1)
        return status, headers, peer.rest


def page_source():
    path = os.path.join(os.path.dirname(__file__), "..", "examples-c", "chat.html")
    with open(path, "rb") as file:
        return file.read()


def test_page_is_the_one_in_the_sources(chat):
    status, headers, body = get(chat, "GET / HTTP/1.1")
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert body == page_source()


def test_head_of_the_page(chat):
    status, headers, body = get(chat, "HEAD / HTTP/1.1")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) == len(page_source())


@pytest.mark.parametrize(
    "line, expected",
    [
        ("GET /favicon.ico HTTP/1.1", 404),
        ("GET /../chat.c HTTP/1.1", 404),
        ("POST / HTTP/1.1", 405),
    ],
)
def test_other_requests_are_refused(chat, line, expected):
    assert get(chat, line)[0] == expected


@pytest.mark.parametrize(
    "origin, expected",
    [
        (None, 101),
        ("http://localhost", 101),
        ("https://localhost", 101),
        ("http://localhost:81", 403),
        ("http://localhost.example", 403),
        ("http://example.com", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_only_the_own_page_may_connect(chat, origin, expected):
    add = [] if origin is None else [("Origin", origin)]
    with Peer(chat.port) as peer:
        peer.send(request(add=add))
        assert peer.read_head()[0] == expected


def test_conversation(chat):
    with Member(chat, "Ann") as ann, Member(chat, "Bo κ") as bo:
        assert ann.here == [] and bo.here == ["Ann"]
        assert ann.read_message() == ["joined", bo.id, "Bo κ"]
        for text in ("hello", "κόσμε € \U0001f600\nnext line\n", "", "<b>&amp;</b>\0"):
            ann.say_raw("say\n" + text)
            assert ann.read_message() == bo.read_message() == ["said", ann.id, text]
        bo.say_raw("name\nBo 2")
        assert ann.read_message() == bo.read_message() == ["renamed", bo.id, "Bo 2"]
        with Member(chat, "Cy") as cy:
            assert sorted(cy.here) == ["Ann", "Bo 2"]
            for other in (ann, bo):
                assert other.read_message() == ["joined", cy.id, "Cy"]
        for other in (ann, bo):
            assert other.read_message() == ["left", cy.id, "Cy"]
        bo.send(close_frame(1001))
        bo.expect_close(1001)
        assert ann.read_message() == ["left", bo.id, "Bo 2"]


def test_who_has_no_name_is_not_in_the_room(chat):
    with Peer(chat.port) as silent, Member(chat, "Ann") as ann:
        silent.upgrade()
        ann.say_raw("say\nhello")
        assert ann.read_message()[0] == "said"
        silent.send(close_frame(1000))
        silent.expect_close(1000)
        ann.say_raw("say\nagain")
        assert ann.read_message() == ["said", ann.id, "again"]


@pytest.mark.parametrize(
    "message, code",
    [
        (frame(TEXT, b"say\nhello"), 1008),
        (frame(TEXT, b""), 1008),
        (frame(TEXT, b"name"), 1008),
        (frame(TEXT, b"name\n"), 1008),
        (frame(TEXT, b"name\na\nb"), 1008),
        (frame(TEXT, b"name\na\x7f"), 1008),
        (frame(TEXT, b"name\n" + b"a" * 129), 1008),
        (frame(TEXT, b"other\nhello"), 1008),
        (frame(TEXT, b"\xff"), 1007),
        (frame(BINARY, b"name\nAnn"), 1003),
        (frame(TEXT, b"x" * 10, length=b"\x7f" + struct.pack("!Q", 4 * MIB + 1)), 1009),
    ],
)
def test_message_against_the_rules_closes(chat, message, code):
    with Peer(chat.port) as peer:
        peer.upgrade()
        peer.send(message)
        expect_closed_with(peer, code)


def test_longest_name(chat):
    with Member(chat, "a" * 128) as member:
        member.say_raw("say\nhello")
        assert member.read_message() == ["said", member.id, "hello"]


def test_member_that_does_not_read_is_dropped(chat):
    """Its backlog ends at the limit; the others lose nothing and learn that it left."""
    with Member(chat, "Ann") as ann, Member(chat, "Slow") as slow:
        assert ann.read_message() == ["joined", slow.id, "Slow"]
        text = "z" * MIB
        message = frame(TEXT, b"say\n" + text.encode())
        left = False
        for _ in range(64):
            ann.send(message)
            answer = ann.read_message()
            while answer[0] == "left":
                assert answer == ["left", slow.id, "Slow"]
                left = True
                answer = ann.read_message()
            assert answer == ["said", ann.id, text]
        if not left:
            assert ann.read_message() == ["left", slow.id, "Slow"]
        chat.wait_for_clients(1)


def test_member_that_reads_again_learns_that_it_was_too_slow(chat):
    """It stops at the first Close that it finds behind the messages that were on the way."""
    with Member(chat, "Ann") as ann, Member(chat, "Slow") as slow:
        message = frame(TEXT, b"say\n" + b"z" * MIB)
        ann.read_message()
        for _ in range(30):
            ann.send(message)
            assert ann.read_message()[0] == "said"
        opcode, payload = slow.read_frame()
        said = 0
        while opcode == TEXT:
            said += 1
            opcode, payload = slow.read_frame()
        assert (opcode, payload[:2]) == (CLOSE, struct.pack("!H", 1013))
        assert 0 < said < 30
        slow.send(close_frame(1013))
        slow.expect_end()


def test_member_that_says_much_does_not_keep_others_waiting(chat):
    """What it has sent is not all read before another member's message is."""
    text = "z" * 1000
    flood = frame(TEXT, b"say\n" + text.encode()) * 4000
    with Member(chat, "Ann") as ann, Member(chat, "Bo") as bo:
        ann.read_message()
        chat.process.send_signal(signal.SIGSTOP)
        ann.sock.setblocking(False)
        sent = 0
        while sent < len(flood) and select.select([], [ann.sock], [], 0.5)[1]:
            sent += ann.sock.send(flood[sent:])
        assert sent > MIB
        bo.say_raw("say\nmine")
        chat.process.send_signal(signal.SIGCONT)
        before = 0
        while (message := bo.read_message()) != ["said", bo.id, "mine"]:
            assert message == ["said", ann.id, text]
            before += 1
        # The chat may have had two turns of 256 KiB for Ann, each a read too long.
        assert before * len(text) < MIB * 3 / 4


def test_many_members(chat):
    """What one says reaches all, and all of them leave at once."""
    members = []
    for number in range(100):
        members.append(Member(chat, f"member {number}"))
        assert len(members[-1].here) == number
    first = members[0]
    for member in members[1:]:
        assert first.read_message() == ["joined", member.id, f"member {members.index(member)}"]
    first.say_raw("say\nhello all")
    for member in members:
        while (message := member.read_message())[0] != "said":
            assert message[0] == "joined"
        assert message == ["said", first.id, "hello all"]
    for member in members:
        member.sock.close()
    chat.wait_for_clients(0)
    with Member(chat, "last") as last:
        assert last.here == []


def test_signal_closes_the_room(chat):
    members = [Member(chat, f"member {number}") for number in range(10)]
    chat.process.terminate()
    for member in members:
        opcode, payload = member.read_frame()
        while opcode == TEXT:
            opcode, payload = member.read_frame()
        assert (opcode, payload[:2]) == (CLOSE, struct.pack("!H", 1001))
        member.send(close_frame(1001))
    for member in members:
        assert select.select([member.sock], [], [], 10)[0]
        member.expect_end()
        member.sock.close()
    assert chat.process.wait(10) == 0
