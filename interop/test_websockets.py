"""The server against the client of Python's websockets."""

import asyncio

import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from wire import TIMEOUT

MIB = 1 << 20

MESSAGES = {
    "text": "hello",
    "binary": b"\x00\x01\xfe\xff",
    "empty_text": "",
    "empty_binary": b"",
    "multibyte_text": "κόσμε € \U0001f600 \u0000",
    "text_of_1_mib": "abcdefgh" * (MIB // 8),
    "multibyte_text_of_1_mib": "é€\U0001f600 " * (MIB // 10),
    "binary_of_1_mib": bytes(range(256)) * (MIB // 256),
}


@pytest.fixture(params=[None, "deflate"], ids=["plain", "deflate_offered"])
def websocket(server, request):
    """The offer of an extension changes nothing: the server declines it."""
    with connect(server.url, compression=request.param, proxy=None, max_size=None) as connection:
        yield connection


def echo(websocket, message):
    websocket.send(message)
    return websocket.recv(TIMEOUT)


@pytest.mark.parametrize("name", MESSAGES)
def test_echo(websocket, name):
    assert echo(websocket, MESSAGES[name]) == MESSAGES[name]


@pytest.mark.parametrize("size", [125, 126, 127, 65535, 65536, 65537])
def test_echo_at_length_borders(websocket, size):
    assert echo(websocket, "x" * size) == "x" * size


def test_fragmented_text(websocket):
    """The pieces come back as one message."""
    pieces = ["κό", "", "σμε", "€" * 1000]
    assert echo(websocket, iter(pieces)) == "".join(pieces)


def test_fragmented_binary(websocket):
    pieces = [bytes([i]) * 1000 for i in range(100)]
    assert echo(websocket, iter(pieces)) == b"".join(pieces)


@pytest.mark.parametrize("payload", ["", "are you there?", b"\xff" * 125])
def test_r9_ping(websocket, payload):
    assert websocket.ping(payload).wait(TIMEOUT)
    assert echo(websocket, "still there") == "still there"


def test_unasked_pong(websocket):
    websocket.pong("by the way")
    assert echo(websocket, "still there") == "still there"


@pytest.mark.parametrize("code", [1000, 1001, 3000, 4999])
@pytest.mark.parametrize("reason", ["", "κόσμε", "r" * 123])
def test_r8_close(websocket, code, reason):
    websocket.close(code, reason)
    protocol = websocket.protocol
    assert protocol.close_rcvd is not None
    assert (protocol.close_rcvd.code, protocol.close_rcvd.reason) == (code, reason)


def test_r8_close_without_code(websocket):
    """The library's close() always has a code; its protocol object can do without."""
    websocket.protocol.send_close()
    for data in websocket.protocol.data_to_send():
        websocket.socket.sendall(data)
    with pytest.raises(ConnectionClosed):
        websocket.recv(TIMEOUT)
    assert websocket.protocol.close_rcvd is not None
    assert websocket.protocol.close_rcvd.code == 1005


def test_many_messages_in_a_row(websocket):
    for i in range(2000):
        assert echo(websocket, f"message {i}") == f"message {i}"


def test_many_messages_in_flight(server):
    async def run():
        async with connect_async(server.url, proxy=None, compression=None) as websocket:

            async def send_all():
                for i in range(3000):
                    await websocket.send(f"{i} " + "x" * (i % 300))

            sending = asyncio.create_task(send_all())
            for i in range(3000):
                assert await websocket.recv() == f"{i} " + "x" * (i % 300)
            await sending

    asyncio.run(asyncio.wait_for(run(), 60))


def test_several_clients_at_once(server):
    """Every client gets its own messages back, while all are connected."""

    async def one(number, websocket):
        for i in range(50):
            message = f"client {number} message {i}"
            await websocket.send(message)
            assert await websocket.recv() == message

    async def run():
        everyone = [await connect_async(server.url, proxy=None) for _ in range(30)]
        await asyncio.gather(*(one(*item) for item in enumerate(everyone)))
        for websocket in everyone:
            await websocket.close()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_subprotocol(running):
    url = running("fork-echoserv").url
    with connect(url, subprotocols=["v2.chat", "chat"], proxy=None) as connection:
        assert connection.subprotocol == "v2.chat"
        assert echo(connection, "hello") == "hello"
