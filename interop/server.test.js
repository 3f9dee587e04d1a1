"use strict";
// The echo servers against the client of Node's ws.

const assert = require("node:assert");
const { on, once } = require("node:events");
const { after, before, describe, test } = require("node:test");
const WebSocket = require("ws");
const { ECHO_SERVERS, startServer } = require("./programs.js");

const MIB = 1 << 20;
const options = { timeout: 30000 };

const MESSAGES = {
  text: "hello",
  binary: Buffer.from([0, 1, 254, 255]),
  "empty text": "",
  "empty binary": Buffer.alloc(0),
  "multibyte text": "κόσμε € \u{1f600} \0",
  "text of 1 MiB": "abcdefgh".repeat(MIB / 8),
  "multibyte text of 1 MiB": "é€\u{1f600} ".repeat(Math.floor(MIB / 10)),
  "binary of 1 MiB": Buffer.alloc(MIB, Buffer.from([...Array(256).keys()])),
};

let server; // the one that is being tested

async function open(perMessageDeflate = false) {
  const ws = new WebSocket(server.url, { perMessageDeflate });
  await once(ws, "open");
  return ws;
}

// Resolves to the next count messages, each a string or a Buffer.
async function receive(ws, count) {
  const messages = [];
  for await (const [data, isBinary] of on(ws, "message", { close: ["close"] })) {
    messages.push(isBinary ? data : data.toString());
    if (messages.length === count) {
      return messages;
    }
  }
  throw new Error("closed");
}

async function echo(ws, message) {
  const received = receive(ws, 1);
  ws.send(message);
  return (await received)[0];
}

// Closes, and expects the same code and reason back.
async function close(ws, code, reason, expected = code) {
  const closed = once(ws, "close");
  ws.close(code, reason);
  const [receivedCode, receivedReason] = await closed;
  assert.strictEqual(receivedCode, expected);
  assert.strictEqual(receivedReason.toString(), reason ?? "");
}

for (const name of ECHO_SERVERS) {
  describe(name, () => {
    before(async () => (server = await startServer(name)));
    after(async () => assert.strictEqual(await server.stop(), 0));
    testServer();
  });
}

test("the subprotocol that the client prefers", options, async () => {
  const echoServer = await startServer("fork-echoserv");
  const ws = new WebSocket(echoServer.url, ["v2.chat", "chat"]);
  await once(ws, "open");
  assert.strictEqual(ws.protocol, "v2.chat");
  assert.strictEqual(await echo(ws, "hello"), "hello");
  await close(ws, 1000);
  assert.strictEqual(await echoServer.stop(), 0);
});

function testServer() {
  for (const deflateOffered of [false, true]) {
    describe(`echo, deflate ${deflateOffered ? "" : "not "}offered`, () => {
      for (const [name, message] of Object.entries(MESSAGES)) {
        test(name, options, async () => {
          const ws = await open(deflateOffered);
          assert.strictEqual(ws.extensions, "");
          assert.deepStrictEqual(await echo(ws, message), message);
          await close(ws, 1000);
        });
      }
    });
  }

  test("fragmented text comes back whole", options, async () => {
    const ws = await open();
    const received = receive(ws, 1);
    ws.send("κό", { fin: false });
    ws.send("", { fin: false });
    ws.send("σμε", { fin: false });
    ws.send("€".repeat(1000), { fin: true });
    assert.deepStrictEqual(await received, ["κόσμε" + "€".repeat(1000)]);
    await close(ws, 1000);
  });

  test("a code point cut in two by fragments", options, async () => {
    const ws = await open();
    const received = receive(ws, 1);
    const euro = Buffer.from("€");
    ws.send(euro.subarray(0, 1), { binary: false, fin: false });
    ws.send(euro.subarray(1), { binary: false, fin: true });
    assert.deepStrictEqual(await received, ["€"]);
    await close(ws, 1000);
  });

  test("r9 ping is answered", options, async () => {
    const ws = await open();
    for (const payload of ["", "are you there?", "p".repeat(125)]) {
      const pong = once(ws, "pong");
      ws.ping(payload);
      assert.strictEqual((await pong)[0].toString(), payload);
    }
    ws.pong("by the way");
    assert.strictEqual(await echo(ws, "still there"), "still there");
    await close(ws, 1000);
  });

  test("r5 ping between fragments", options, async () => {
    const ws = await open();
    const received = receive(ws, 1);
    const pong = once(ws, "pong");
    ws.send("one ", { fin: false });
    ws.ping("p");
    assert.strictEqual((await pong)[0].toString(), "p");
    ws.send("two", { fin: true });
    assert.deepStrictEqual(await received, ["one two"]);
    await close(ws, 1000);
  });

  describe("r8 close", () => {
    for (const code of [1000, 1001, 3000, 4999]) {
      for (const reason of [undefined, "κόσμε", "r".repeat(123)]) {
        const title = `${code} ${reason ? reason.slice(0, 8) : "without reason"}`;
        test(title, options, async () => close(await open(), code, reason));
      }
    }
    test("without code", options, async () => {
      await close(await open(), undefined, undefined, 1005);
    });
  });

  test("many messages in a row", options, async () => {
    const ws = await open();
    for (let i = 0; i < 2000; ++i) {
      assert.strictEqual(await echo(ws, `message ${i}`), `message ${i}`);
    }
    await close(ws, 1000);
  });

  test("many messages in flight", options, async () => {
    const ws = await open();
    const sent = Array.from({ length: 5000 }, (_, i) => `${i} ` + "x".repeat(i % 300));
    const received = receive(ws, sent.length);
    sent.forEach((message) => ws.send(message));
    assert.deepStrictEqual(await received, sent);
    await close(ws, 1000);
  });

  test("several clients at once", options, async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => open()));
    await Promise.all(
      all.map(async (ws, number) => {
        for (let i = 0; i < 50; ++i) {
          const message = `client ${number} message ${i}`;
          assert.strictEqual(await echo(ws, message), message);
        }
        await close(ws, 1000);
      }),
    );
  });
}
