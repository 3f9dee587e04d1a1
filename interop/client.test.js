"use strict";
// The command-line client against the server of Node's ws.

const assert = require("node:assert");
const { once } = require("node:events");
const { after, before, describe, test } = require("node:test");
const { WebSocketServer } = require("ws");
const { runClient } = require("./programs.js");

const options = { timeout: 60000 };

let server;
let port;
const errors = []; // what ws had against the client's frames

before(async () => {
  server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  port = server.address().port;
  server.on("connection", (ws) => {
    ws.on("message", (data, isBinary) => ws.send(data, { binary: isBinary }));
    ws.on("error", (error) => errors.push(error.code));
  });
});
after(() => {
  server.close();
  assert.deepStrictEqual(errors, []);
});

describe("generated messages", () => {
  const sizes = [
    [0, 1],
    [500, 0],
    [1000, 125],
    [100, 126],
    [20, 65535],
    [20, 65536],
    [8, 1 << 20],
  ];
  for (const kind of ["text", "binary"]) {
    for (const [count, size] of sizes) {
      test(`${count} ${kind} messages of ${size} bytes`, options, async () => {
        const flags = kind === "binary" ? ["-b"] : [];
        const args = ["-n", count, "-s", size, ...flags, "127.0.0.1", port];
        const { status, stdout, stderr } = await runClient(args);
        assert.strictEqual(stderr, "");
        assert.strictEqual(status, 0);
        const summary = `ok: ${count} of ${count} ${kind} messages of ${size} bytes`;
        assert.ok(stdout.startsWith(summary), stdout);
      });
    }
  }
});

test("lines of standard input", options, async () => {
  const lines = "one\n\nκόσμε €\n" + "x".repeat(100000) + "\nlast";
  const result = await runClient(["127.0.0.1", port], lines);
  assert.deepStrictEqual(result, { status: 0, stdout: lines + "\n", stderr: "" });
});

test("ping", options, async () => {
  const pinged = new Promise((resolve) => {
    server.once("connection", (ws) => ws.on("ping", (data) => resolve(data)));
  });
  const { status, stderr } = await runClient(["-p", "-n", 1, "127.0.0.1", port, "/p?q"]);
  assert.strictEqual(stderr, "");
  assert.strictEqual(status, 0);
  assert.strictEqual((await pinged).toString(), "are you there?");
});

test("a text that is not UTF-8 fails", options, async () => {
  const { status, stderr } = await runClient(["127.0.0.1", port], Buffer.from([0xff, 10]));
  assert.strictEqual(status, 1);
  assert.match(stderr, /server: 1007/);
  assert.deepStrictEqual(errors.splice(0), ["WS_ERR_INVALID_UTF8"]);
});

test("the client closes with 1000", options, async () => {
  const code = new Promise((resolve) => {
    server.once("connection", (ws) => ws.on("close", resolve));
  });
  const { status } = await runClient(["-n", 2, "127.0.0.1", port]);
  assert.strictEqual(status, 0);
  assert.strictEqual(await code, 1000);
});

test("subprotocols", options, async () => {
  const offered = new Promise((resolve) => {
    server.options.handleProtocols = (protocols) => (resolve([...protocols]), "v2");
  });
  const { status, stderr } = await runClient(["-P", "chat, v2", "-n", 1, "127.0.0.1", port]);
  server.options.handleProtocols = undefined;
  assert.strictEqual(stderr, "");
  assert.strictEqual(status, 0);
  assert.deepStrictEqual(await offered, ["chat", "v2"]);
});
