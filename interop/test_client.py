"""The command-line client against websockets' server, ours, and rude ones."""

import base64
import hashlib
import re
import socket
import struct
import threading
import time

import pytest
from websockets.sync.server import serve

from programs import ECHO_SERVERS
from wire import CLOSE, TEXT, frame

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def echo(connection):
    for message in connection:
        connection.send(message)


@pytest.fixture(scope="module")
def websockets_port():
    with serve(echo, "127.0.0.1", 0, max_size=None) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.socket.getsockname()[1]
        running.shutdown()


@pytest.fixture(params=["websockets", *ECHO_SERVERS])
def port(request, running):
    if request.param == "websockets":
        return request.getfixturevalue("websockets_port")
    return running(request.param).port


@pytest.mark.parametrize("kind", [[], ["-b"]], ids=["text", "binary"])
@pytest.mark.parametrize(
    "count, size",
    [(0, 1), (1, 0), (500, 0), (1000, 125), (100, 126), (20, 65535), (20, 65536), (8, 1 << 20)],
)
def test_generated_messages(client, port, count, size, kind):
    result = client("-n", count, "-s", size, *kind, "127.0.0.1", port)
    name = "binary" if kind else "text"
    assert result.returncode == 0, result.stderr
    summary = f"ok: {count} of {count} {name} messages of {size} bytes echoed in "
    assert result.stdout.decode().startswith(summary)
    assert result.stdout.count(b"\n") == 1


@pytest.mark.parametrize(
    "text",
    ["", "one\n", "one\ntwo\n", "\n\n", "no newline at the end", "κόσμε €\n", "x" * 300000 + "\n"],
    ids=["nothing", "one", "two", "empty_lines", "no_newline", "multibyte", "long"],
)
def test_lines_of_standard_input(client, port, text):
    result = client("127.0.0.1", port, stdin=text)
    assert result.returncode == 0, result.stderr
    whole = text if text == "" or text.endswith("\n") else text + "\n"
    assert result.stdout.decode() == whole


def test_many_lines(client, port):
    text = "".join(f"line {i}\n" for i in range(5000))
    result = client("127.0.0.1", port, stdin=text)
    assert result.returncode == 0, result.stderr
    assert result.stdout.decode() == text


def test_ping(client, port):
    result = client("-p", "-n", 3, "127.0.0.1", port, "/path?query")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("spoken, chosen", [(["v2", "chat"], "chat"), (["v3"], None), (None, None)])
def test_subprotocols(client, spoken, chosen):
    """websockets takes what the client offers first of those that it speaks, or refuses."""
    found = []

    def note(connection):
        found.append(connection.subprotocol)
        echo(connection)

    def select(connection, offered):
        assert offered == ["chat", "v2"]
        return next((one for one in offered if one in (spoken or [])), None)

    with serve(note, "127.0.0.1", 0, subprotocols=spoken, select_subprotocol=select) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        port = running.socket.getsockname()[1]
        result = client("-P", "chat, v2", "-n", 3, "127.0.0.1", port)
        running.shutdown()
    assert result.returncode == 0, result.stderr
    assert found == [chosen]


def test_server_that_refuses(client):
    def process_request(connection, request):
        return connection.respond(403, "no\n")

    with serve(echo, "127.0.0.1", 0, process_request=process_request) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        result = client("-n", 1, "127.0.0.1", running.socket.getsockname()[1])
        running.shutdown()
    assert result.returncode == 1
    assert b"handshake failed: the server answers 403" in result.stderr


def test_much_in_both_directions(client, port):
    """64 MiB each way, which neither side may keep in memory or wait for."""
    result = client("-b", "-n", 1024, "-s", 65536, "-t", 5, "127.0.0.1", port)
    assert result.returncode == 0, result.stderr


def test_line_not_utf8_fails(client, port):
    result = client("127.0.0.1", port, stdin=b"ok\n\xff\n")
    assert result.returncode == 1
    assert b"server: 1007" in result.stderr


def test_nobody_listens(client):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    result = client("-n", 1, "127.0.0.1", port)
    assert result.returncode == 1
    assert b"cannot connect" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["localhost"],
        ["-x", "localhost", "1"],
        ["-n", "x", "localhost", "1"],
        ["a", "1", "/", "b"],
        ["-P", "chat, chat", "a", "1"],
        ["a b", "1"],
        ["a", "1", "path"],
        ["a", "1", "/ HTTP/1.1\r\nX: y\r\n"],
    ],
)
def test_wrong_arguments(client, arguments):
    result = client(*arguments)
    assert result.returncode == 1
    assert result.stderr != b"" and result.stdout == b""


class RudeServer:
    """Serves one connection with canned bytes: a response, then frames."""

    def __init__(self, answer, frames=b"", stay=False, pause=0):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(20)
        self.port = self.listener.getsockname()[1]
        self.answer, self.frames, self.stay = answer, frames, stay
        self.pause = pause  # between two reads
        self.request = b""
        self.received = 0
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.thread.join()
        self.listener.close()

    def run(self):
        connection, _ = self.listener.accept()
        connection.settimeout(20)
        with connection:
            while b"\r\n\r\n" not in self.request:
                self.request += connection.recv(65536)
            key = re.search(rb"Sec-WebSocket-Key: (\S+)\r\n", self.request)[1]
            accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
            connection.sendall(self.answer.replace(b"ACCEPT", accept) + self.frames)
            try:
                if not self.stay:
                    connection.shutdown(socket.SHUT_WR)
                while data := connection.recv(65536):
                    self.received += len(data)
                    time.sleep(self.pause)
            except OSError:  # the client was faster
                pass


SWITCH = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n"
)

BAD_ANSWERS = {
    "status_200": SWITCH.replace(b"101", b"200"),
    "status_1011": SWITCH.replace(b"101", b"1011"),
    "wrong_accept": SWITCH.replace(b"ACCEPT", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
    "no_accept": SWITCH.replace(b"Sec-WebSocket-Accept", b"X-Accept"),
    "no_upgrade": SWITCH.replace(b"Upgrade: websocket\r\n", b""),
    "other_upgrade": SWITCH.replace(b"websocket", b"h2c"),
    "no_connection": SWITCH.replace(b"Connection", b"X-Connection"),
    "other_connection": SWITCH.replace(b"Connection: Upgrade", b"Connection: close"),
    "extension_not_offered": SWITCH.replace(
        b"\r\n\r\n", b"\r\nSec-WebSocket-Extensions: x\r\n\r\n"
    ),
    "protocol_not_offered": SWITCH.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: x\r\n\r\n"),
    "two_accepts": SWITCH.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n"),
    "http_1_0": SWITCH.replace(b"HTTP/1.1", b"HTTP/1.0"),
    "endless": b"HTTP/1.1 101 " + b"x" * 20000,
    "no_header_line": SWITCH.replace(b"Connection: ", b"Connection "),
    "not_http": b"hello\r\n\r\n",
    "cut_short": SWITCH[:-2],
    "nothing": b"",
}

GOOD_ANSWERS = {
    "plain": SWITCH,
    "case": SWITCH.replace(b"websocket\r", b"WebSocket\r").replace(
        b": Upgrade", b": keep-alive, UPGRADE"
    ),
    "no_reason": SWITCH.replace(b" Switching Protocols", b" "),
    "interim_response": b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + SWITCH,
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_bad_answer_fails(client, name):
    good_frames = frame(CLOSE, struct.pack("!H", 1000), masked=False)
    with RudeServer(BAD_ANSWERS[name], good_frames) as rude:
        result = client("-n", 0, "127.0.0.1", rude.port)
    assert result.returncode == 1
    assert b"handshake" in result.stderr


@pytest.mark.parametrize("name", GOOD_ANSWERS)
def test_good_answer_and_frames_behind_it(client, name):
    close = frame(CLOSE, struct.pack("!H", 1000), masked=False)
    with RudeServer(GOOD_ANSWERS[name], close, stay=True) as rude:
        result = client("-n", 0, "127.0.0.1", rude.port)
    assert result.returncode == 0, result.stderr
    assert rude.request.startswith(b"GET / HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{rude.port}\r\n".encode() in rude.request


BAD_FRAMES = {
    "wrong_echo": (b"differs", frame(TEXT, b"not yours", masked=False)),
    "wrong_length": (b"differs", frame(TEXT, b"not your", masked=False)),
    "too_much": (b"answers none", frame(TEXT, b"not yours", masked=False) * 2),
    "too_long": (b"client: 1009", frame(TEXT, b"x" * 126, masked=False)),
    "closed_early": (b"server: 1000", frame(CLOSE, struct.pack("!H", 1000), masked=False)),
    "masked": (b"client: 1002", frame(TEXT, b"not yours", masked=True)),
    "hang_up": (b"broke", b""),
}


@pytest.mark.parametrize("name", BAD_FRAMES)
def test_bad_frames_fail(client, name):
    reason, frames = BAD_FRAMES[name]
    count = 0 if name == "too_much" else 1
    with RudeServer(SWITCH, frames) as rude:
        result = client("-n", count, "-s", len("not yours"), "127.0.0.1", rude.port)
    assert result.returncode == 1
    assert reason in result.stderr
    assert result.stdout.startswith(b"FAILED: ")


@pytest.mark.parametrize("code, status", [(1000, 0), (1001, 1), (1002, 1)])
def test_code_of_the_close_it_gets(client, code, status):
    close = frame(CLOSE, struct.pack("!H", code), masked=False)
    with RudeServer(SWITCH, close, stay=True) as rude:
        assert client("-n", 0, "127.0.0.1", rude.port).returncode == status


@pytest.mark.parametrize("answer", [b"", SWITCH], ids=["in_handshake", "open"])
def test_silent_server_times_out(client, answer):
    with RudeServer(answer, stay=True) as rude:
        result = client("-t", 1, "-n", 1, "127.0.0.1", rude.port)
    assert result.returncode == 1
    assert result.stderr != b""


def test_messages_wait_for_echoes(client):
    """A server that reads all and echoes nothing is soon sent no more."""
    with RudeServer(SWITCH, stay=True) as rude:
        result = client("-t", 1, "-n", 1024, "-s", 65536, "127.0.0.1", rude.port)
    assert result.returncode == 1
    assert b"does not answer" in result.stderr
    assert rude.received < 1 << 20


def test_bytes_sent_are_no_answer(client):
    """The message takes some ten seconds to read; the client waits for one."""
    with RudeServer(SWITCH, stay=True, pause=0.01) as rude:
        rude.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
        start = time.monotonic()
        result = client("-t", 1, "-n", 1, "-s", 64 << 20, "127.0.0.1", rude.port)
        assert time.monotonic() - start < 5
    assert result.returncode == 1
    assert b"does not answer" in result.stderr


@pytest.mark.parametrize("chosen, status", [(b"chat", 0), (b"v2", 0), (b"v3", 1), (b"chat, v2", 1)])
def test_subprotocol_must_be_one_offered(client, chosen, status):
    answer = SWITCH.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: " + chosen + b"\r\n\r\n")
    with RudeServer(answer, frame(CLOSE, struct.pack("!H", 1000), masked=False), stay=True) as rude:
        result = client("-P", "chat,v2", "-n", 0, "127.0.0.1", rude.port)
    assert result.returncode == status
    assert (b"a subprotocol that was not offered" in result.stderr) == (status == 1)
