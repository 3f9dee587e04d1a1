"""The server's opening handshake against RFC 6455, section 4.2.1."""

import pytest

from wire import BINARY, CLOSE, HEADERS, KEY, TEXT, Peer, close_frame, frame, request

GOOD = {
    "plain": request(),
    "http_1_2": request("GET / HTTP/1.2"),
    "path_and_query": request("GET /chat?room=1 HTTP/1.1"),
    "absolute_target": request("GET http://localhost/chat HTTP/1.1"),
    "upgrade_case": request(drop=["Upgrade"], add=[("Upgrade", "WebSocket")]),
    "upgrade_list": request(drop=["Upgrade"], add=[("Upgrade", "h2c , websocket")]),
    "upgrade_repeated": request(add=[("Upgrade", "h2c")]),
    "connection_case": request(drop=["Connection"], add=[("Connection", "keep-alive, UPGRADE")]),
    "connection_first": request(drop=["Connection"], add=[("Connection", "upgrade,keep-alive")]),
    "connection_empty_items": request(drop=["Connection"], add=[("Connection", ",, upgrade ,")]),
    "connection_repeated": request(
        drop=["Connection"], add=[("Connection", "keep-alive"), ("Connection", "Upgrade")]
    ),
    "names_lower": b"GET / HTTP/1.1\r\n"
    + b"".join(f"{n.lower()}: {v}\r\n".encode() for n, v in HEADERS)
    + b"\r\n",
    "names_upper": b"GET / HTTP/1.1\r\n"
    + b"".join(f"{n.upper()}: {v}\r\n".encode() for n, v in HEADERS)
    + b"\r\n",
    "no_space_behind_colon": request().replace(b": ", b":"),
    "space_around_values": request().replace(b": ", b": \t ").replace(b"\r\nUp", b" \t\r\nUp"),
    "unknown_headers": request(add=[("X-Other", "any: thing"), ("X-Empty", "")]),
    "extension_offered": request(add=[("Sec-WebSocket-Extensions", "permessage-deflate")]),
    "almost_too_large": request(add=[("Cookie", "c" * 7900)]),
}


def with_header(name, *values):
    return request(drop=[name], add=[(name, value) for value in values])


# Each with the status that refuses it.
BAD = {
    "post": (405, request("POST / HTTP/1.1")),
    "head": (405, request("HEAD / HTTP/1.1")),
    "method_lower_case": (405, request("get / HTTP/1.1")),
    "method_with_get_prefix": (405, request("GETS / HTTP/1.1")),
    "http_1_0": (505, request("GET / HTTP/1.0")),
    "http_0_9": (505, request("GET / HTTP/0.9")),
    "no_version": (400, request("GET /")),
    "no_target": (400, request("GET HTTP/1.1")),
    "empty_target": (400, request("GET  HTTP/1.1")),
    "tab_in_target": (400, request("GET /\ta HTTP/1.1")),
    "line_feed_in_target": (400, request("GET /\na HTTP/1.1")),
    "other_protocol": (400, request("GET / HTTQ/1.1")),
    "version_without_minor": (400, request("GET / HTTP/1")),
    "version_with_rest": (400, request("GET / HTTP/1.1x")),
    "empty_head": (400, b"\r\n\r\n"),
    "no_host": (400, request(drop=["Host"])),
    "empty_host": (400, with_header("Host", "")),
    "two_hosts": (400, with_header("Host", "a", "b")),
    "no_upgrade": (426, request(drop=["Upgrade"])),
    "other_upgrade": (426, with_header("Upgrade", "h2c")),
    "upgrade_prefix": (426, with_header("Upgrade", "websockets")),
    "upgrade_part": (426, with_header("Upgrade", "web")),
    "no_connection": (400, request(drop=["Connection"])),
    "other_connection": (400, with_header("Connection", "keep-alive")),
    "connection_not_a_list": (400, with_header("Connection", "keep-alive upgrade")),
    "no_key": (400, request(drop=["Sec-WebSocket-Key"])),
    "empty_key": (400, with_header("Sec-WebSocket-Key", "")),
    "two_keys": (400, with_header("Sec-WebSocket-Key", KEY, KEY)),
    "key_of_15_bytes": (400, with_header("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAA")),
    "key_of_17_bytes": (400, with_header("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAA=")),
    "key_not_base64": (400, with_header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j!Q==")),
    "key_unpadded": (400, with_header("Sec-WebSocket-Key", KEY.rstrip("="))),
    "no_ws_version": (426, request(drop=["Sec-WebSocket-Version"])),
    "ws_version_8": (426, with_header("Sec-WebSocket-Version", "8")),
    "ws_version_130": (426, with_header("Sec-WebSocket-Version", "130")),
    "ws_version_list": (426, with_header("Sec-WebSocket-Version", "13, 8")),
    "line_without_colon": (400, request().replace(b"Host: ", b"Host ")),
    "line_without_name": (400, request(add=[("", "x")])),
    "space_before_colon": (400, request().replace(b"Upgrade:", b"Upgrade :")),
    "folded_line": (400, request().replace(b": Upgrade", b": keep-alive,\r\n Upgrade")),
    "bare_line_feed": (400, request(add=[("X", "a\nY: b")])),
    "bare_carriage_return": (400, request(add=[("X", "a\rb")])),
    "nul": (400, request(add=[("X", "a\0b")])),
    "large_header": (431, request(add=[("Cookie", "c" * 17000)])),
    "many_headers": (431, request(add=[("X-A", "b")] * 2000)),
    "two_versions": (400, request(add=[("Sec-WebSocket-Version", "13")])),
    "fragment": (400, request("GET /#top HTTP/1.1")),
    "body": (400, request(add=[("Content-Length", "5")])),
    "chunks": (400, request(add=[("Transfer-Encoding", "chunked")])),
    "two_origins": (400, request(add=[("Origin", "null"), ("Origin", "null")])),
    "subprotocol_twice": (400, request(add=[("Sec-WebSocket-Protocol", "chat, chat")])),
    "plain_http_1_0": (426, b"GET / HTTP/1.0\r\n\r\n"),
    "http_2": (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "no_http": (400, b"SSH-2.0-OpenSSH_9.9\r\n"),
    "tls": (400, b"\x16\x03\x01\x02\x00\x01"),
    "large_target": (431, request("GET /" + "a" * 17000 + " HTTP/1.1")),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_request_is_upgraded(peer, name):
    peer.upgrade(GOOD[name])
    peer.send(frame(TEXT, b"hello"))
    assert peer.read_frame() == (TEXT, b"hello")


@pytest.mark.parametrize("name", BAD)
def test_bad_request_is_refused(peer, name):
    expected, data = BAD[name]
    peer.send(data)
    status, headers = peer.read_head()
    assert status == expected
    if name != "head":  # whose answer has no body, whatever its length would be
        peer.take(int(headers["content-length"]))
    peer.expect_end()
    assert (headers.get("sec-websocket-version") == "13") == (status == 426)
    assert (headers.get("allow") == "GET") == (status == 405)


def test_subprotocol_that_the_client_prefers(running):
    """The other server speaks none, and none is what it answers."""
    for program, expected in [("fork-echoserv", "v2.chat"), ("epoll-echoserv", None)]:
        with Peer(running(program).port) as peer:
            peer.send(request(add=[("Sec-WebSocket-Protocol", ",v2.chat ,chat")]))
            peer.expect_upgraded(expected)


def test_request_byte_by_byte(peer):
    peer.send_slowly(request())
    peer.expect_upgraded()
    peer.send(frame(TEXT, b"hello"))
    assert peer.read_frame() == (TEXT, b"hello")


def test_refusal_survives_megabytes_behind_it(peer):
    """Unread bytes at close would reset the connection and lose the answer."""
    peer.send(request("POST / HTTP/1.1") + bytes(1 << 20))
    status, headers = peer.read_head()
    assert status == 405
    peer.take(int(headers["content-length"]))
    peer.expect_end()


def test_silent_peer_gets_408(server):
    with Peer(server.port) as silent, Peer(server.port) as slow:
        slow.send(b"GET / HTTP/1.1\r\nHost:")
        for connection in (silent, slow):
            status, headers = connection.read_head()
            assert status == 408
            connection.take(int(headers["content-length"]))
            connection.expect_end()


@pytest.mark.parametrize("cut", ["none", "in_head", "at_end_of_head", "in_frame"])
def test_frames_behind_the_request_are_not_lost(peer, cut):
    head = request()
    frames = frame(TEXT, b"first") + frame(BINARY, bytes(5000)) + frame(TEXT, b"last")
    at = {
        "none": 0,
        "in_head": len(head) - 2,
        "at_end_of_head": len(head),
        "in_frame": len(head) + 3,
    }[cut]
    data = head + frames
    peer.send(data[:at])
    if at > 0:
        peer.send_slowly(data[at : at + 5], pause=0.01)
        at += 5
    peer.upgrade(data[at:])
    assert peer.read_frame() == (TEXT, b"first")
    assert peer.read_frame() == (BINARY, bytes(5000))
    assert peer.read_frame() == (TEXT, b"last")


def test_close_behind_the_request(peer):
    peer.upgrade(request() + close_frame(1000, b"at once"))
    assert peer.read_frame() == (CLOSE, b"\x03\xe8at once")
    peer.expect_end()


def test_ipv6(server):
    try:
        connection = Peer(server.port, "::1")
    except OSError:
        with open("/proc/net/if_inet6", encoding="ascii") as interfaces:
            assert "lo" not in interfaces.read().split(), "::1 exists but is refused"
        pytest.skip("this machine has no IPv6")
    with connection:
        connection.upgrade()
