"use strict";
// Runs the programs under test, which the environment names.

const assert = require("node:assert");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const readline = require("node:readline");

const PATHS = {
  "fork-echoserv": process.env.WSLAY_ECHOSERV,
  "epoll-echoserv": process.env.WSLAY_EPOLL_ECHOSERV,
  chat: process.env.WSLAY_CHAT,
};

// Both have to pass the same tests.
const ECHO_SERVERS = ["fork-echoserv", "epoll-echoserv"];

// Starts a server, by default on a free port. stop() gives its exit status.
async function startServer(name, atPort = 0) {
  const child = spawn(PATHS[name], [String(atPort)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const line = once(readline.createInterface(child.stdout), "line");
  const [said] = await Promise.race([line, exit.then(() => ["nothing, and ended"])]);
  const listening = /^listening on port (\d+)$/.exec(said);
  assert.ok(listening, `${name} said ${said}`);
  const port = Number(listening[1]);
  return {
    port,
    url: `ws://127.0.0.1:${port}/`,
    async stop(signal = "SIGINT") {
      child.kill(signal);
      const [status] = await exit;
      return status;
    },
  };
}

// Runs the command-line client to its end.
async function runClient(args, input = "") {
  const child = spawn(process.env.WSLAY_CLIENT, args.map(String));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (data) => (stdout += data));
  child.stderr.setEncoding("utf8").on("data", (data) => (stderr += data));
  child.stdin.on("error", () => {}); // the client may end before its input
  child.stdin.end(input);
  const [status] = await once(child, "close");
  return { status, stdout, stderr };
}

module.exports = { ECHO_SERVERS, startServer, runClient };
