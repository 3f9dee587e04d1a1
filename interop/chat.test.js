"use strict";
// The chat in Chromium: what two people do in two tabs.

const assert = require("node:assert");
const { after, afterEach, before, beforeEach, describe, test } = require("node:test");
const { Tab, launchChromium } = require("./chat_tab.js");
const { startServer } = require("./programs.js");

const MIB = 1 << 20;
const options = { timeout: 90000 };

let browser;
let context;
let server;
let problems; // what the pages complained about, but for what is allowed
let allowed;

before(async () => (browser = await launchChromium()), options);
after(() => browser.close(), options);

beforeEach(async () => {
  problems = [];
  // While the server is away, connections fail, and Chromium says so.
  allowed = /^WebSocket connection to /;
  server = await startServer("chat");
  context = await browser.newContext();
  context.on("weberror", (error) => problems.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error" && !allowed.test(message.text())) {
      problems.push(message.text());
    }
  });
}, options);
afterEach(async () => {
  await context.close();
  assert.strictEqual(await server.stop(), 0);
  assert.deepStrictEqual(problems, []);
}, options);

async function annAndBo() {
  const ann = await Tab.open(context, server.port, "Ann");
  const bo = await Tab.open(context, server.port, "Bo");
  await ann.room("Ann (you)", "Bo");
  return [ann, bo];
}

test("messages go both ways, in order", options, async () => {
  const [ann, bo] = await annAndBo();
  const said = [];
  for (let i = 0; i < 10; ++i) {
    for (const [tab, other, text] of [
      [ann, bo, `${i} from Ann`],
      [bo, ann, `${i} from Bo`],
    ]) {
      await tab.say(text);
      await other.sees(text);
      said.push(text);
    }
  }
  await ann.sees(said.at(-1));
  await bo.sees(said.at(-1));
  assert.deepStrictEqual(await ann.messages(), said);
  assert.deepStrictEqual(await bo.messages(), said);
  assert.strictEqual(await ann.page.locator(".said.own").count(), 10);
  assert.strictEqual(await ann.message.inputValue(), "");
});

test("who comes, renames and goes is told", options, async () => {
  const [ann, bo] = await annAndBo();
  await bo.rename("Bob");
  await ann.room("Ann (you)", "Bob");
  await ann.notes("Bo → Bob");
  await bo.notes("You → Bob");
  const cy = await Tab.open(context, server.port, "Cy");
  await cy.room("Ann", "Bob", "Cy (you)");
  await ann.room("Ann (you)", "Bob", "Cy");
  await cy.page.close();
  await ann.notes("Cy left");
  await bo.room("Ann", "Bob (you)");
});

for (const [name, text] of Object.entries({
  "many scripts": "κόσμε € Ünïcödé 日本語 עברית हिन्दी",
  "beyond the basic plane": "\u{1f600}\u{1f469}\u200d\u{1f680}\u{1f1e9}\u{1f1ea} \u{10ffff}",
  "a combining character": "e\u0301 differs from \u00e9",
  "lines and spaces": "one\n\n  two\tthree   four\n",
  "white space around it": "  \u00a0 text  ",
})) {
  test(`text arrives as it was: ${name}`, options, async () => {
    const [ann, bo] = await annAndBo();
    await ann.say(text);
    await bo.sees(text);
    await ann.sees(text);
  });
}

test("a paste of 1 MiB", options, async () => {
  const [ann, bo] = await annAndBo();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const text = Array.from({ length: MIB / 16 }, (_, i) => `line ${String(i).padStart(10, "0")}`).join("\n");
  assert.strictEqual(text.length, MIB - 1);
  await ann.page.bringToFront();
  await ann.page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
  await ann.message.focus();
  await ann.page.keyboard.press("Control+V");
  await ann.message.press("Enter");
  for (const tab of [ann, bo]) {
    const button = tab.page.getByRole("button", { name: "Show all 1,048,575 characters" });
    await button.waitFor();
    assert.ok((await tab.messages())[0].length < 1000);
    await button.click();
    await tab.sees(text);
  }
  await bo.say("got it");
  await ann.sees("got it");
});

test("a message above the limit stays with its writer", options, async () => {
  const [ann, bo] = await annAndBo();
  await ann.message.fill("é".repeat(2 * MIB));
  await ann.message.press("Enter");
  await ann.page.getByText("That is too long").waitFor();
  assert.strictEqual((await ann.message.inputValue()).length, 2 * MIB);
  await ann.say("é".repeat(2 * MIB - 8));
  await bo.page.getByRole("button", { name: "Show all 2,097,144 characters" }).waitFor();
});

test("markup stays text", options, async () => {
  const [ann, bo] = await annAndBo();
  const attacks = [
    "<img src=x onerror=pwned=1>",
    "<script>pwned=1</script>",
    "</p></li></ol><b>bold</b>",
    "&lt;i&gt; &amp;",
    "javascript:pwned=1",
  ];
  for (const attack of attacks) {
    await ann.say(attack);
    await Promise.all([ann.sees(attack), bo.sees(attack)]);
  }
  await ann.rename("<img src=x onerror=a()>");
  await bo.room("<img src=x onerror=a()>", "Bo (you)");
  await ann.room("<img src=x onerror=a()> (you)", "Bo");
  for (const tab of [ann, bo]) {
    assert.deepStrictEqual(await tab.messages(), attacks);
    assert.strictEqual(await tab.page.locator("main, aside").locator("img, script, b, i, a").count(), 0);
    assert.strictEqual(await tab.page.evaluate("typeof pwned"), "undefined");
  }
});

test("the page can talk to its own server only", options, async () => {
  const [ann] = await annAndBo();
  allowed = /Content Security Policy/;
  const complaint = ann.page.waitForEvent("console");
  const other = await startServer("chat");
  const outcome = await ann.page.evaluate(
    (address) => fetch(address, { mode: "no-cors" }).then(() => "sent", () => "refused"),
    `http://localhost:${other.port}/`,
  );
  assert.strictEqual(await other.stop(), 0);
  assert.strictEqual(outcome, "refused");
  assert.match((await complaint).text(), allowed);
});

test("a reload keeps the name", options, async () => {
  const [ann, bo] = await annAndBo();
  await bo.page.reload();
  await bo.room("Ann", "Bo (you)");
  await ann.notes("Bo left");
  await ann.room("Ann (you)", "Bo");
  assert.strictEqual(await bo.name.inputValue(), "Bo");
  await bo.say("back again");
  await ann.sees("back again");
  await ann.say("welcome");
  await bo.sees("welcome");
});

for (const signal of ["SIGTERM", "SIGKILL"]) {
  test(`the pages come back after a ${signal} and a restart`, options, async () => {
    const [ann, bo] = await annAndBo();
    await ann.say("before");
    await bo.sees("before");
    await server.stop(signal);
    await Promise.all([ann.disconnected(), bo.disconnected()]);
    await ann.room();
    await ann.message.fill("written meanwhile");
    await ann.message.press("Enter");
    assert.ok(await ann.send.isDisabled());
    server = await startServer("chat", server.port);
    await ann.room("Ann (you)", "Bo");
    await bo.room("Ann", "Bo (you)");
    assert.strictEqual(await ann.message.inputValue(), "written meanwhile");
    await ann.message.press("Enter");
    await bo.sees("written meanwhile");
    assert.deepStrictEqual(await bo.messages(), ["before", "written meanwhile"]);
  });
}

describe("the page", () => {
  test("the keyboard is enough", options, async () => {
    const [ann, bo] = await annAndBo();
    const keyboard = ann.page.keyboard;
    await ann.page.reload();
    await ann.room("Ann (you)", "Bo");
    await keyboard.type("one"); // the message has the focus
    await keyboard.press("Shift+Enter");
    await keyboard.type("two");
    await keyboard.press("Tab");
    await keyboard.press("Space"); // on Send
    await bo.sees("one\ntwo");
    await ann.sees("one\ntwo");
    const seen = [];
    for (let i = 0; i < 5; ++i) {
      await keyboard.press("Shift+Tab");
      seen.push(await ann.page.evaluate(() => document.activeElement.id || document.activeElement.textContent));
    }
    assert.deepStrictEqual(seen.slice(0, 3), ["log", "Rename", "name"]);
  });

  test("a screen reader finds its parts and hears what comes", options, async () => {
    const [ann] = await annAndBo();
    for (const part of [ann.log, ann.status, ann.name, ann.message, ann.send]) {
      assert.strictEqual(await part.count(), 1);
    }
    for (const [role, name] of [
      ["banner", ""],
      ["main", ""],
      ["complementary", "In the room: 2"],
      ["heading", "Chat"],
      ["button", "Rename"],
    ]) {
      assert.strictEqual(await ann.page.getByRole(role, name ? { name, exact: true } : {}).count(), 1, role);
    }
  });

  test("it follows the newest message, but not a reader's back", options, async () => {
    const [ann, bo] = await annAndBo();
    const atEnd = () => ann.log.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight < 40);
    for (let i = 0; i < 40; ++i) {
      await bo.say(`message ${i}`);
    }
    await ann.sees("message 39");
    assert.ok(await atEnd());
    await ann.log.evaluate((e) => (e.scrollTop = 0));
    await bo.say("one more");
    const newer = ann.page.getByRole("button", { name: "New messages" });
    await newer.click();
    await newer.waitFor({ state: "hidden" });
    assert.ok(await atEnd());
  });

  test("it is light or dark, as the system is", options, async () => {
    const [ann] = await annAndBo();
    const luminance = async (scheme) => {
      await ann.page.emulateMedia({ colorScheme: scheme });
      const color = await ann.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      return color.match(/\d+/g).reduce((sum, part) => sum + Number(part), 0);
    };
    assert.ok((await luminance("light")) > 600);
    assert.ok((await luminance("dark")) < 150);
  });

  test("text stands out from its ground", options, async () => {
    const [ann, bo] = await annAndBo();
    await ann.say("hello");
    await bo.say("a".repeat(1000));
    await ann.page.getByRole("button", { name: "Show all" }).waitFor();
    for (const colorScheme of ["light", "dark"]) {
      await ann.page.emulateMedia({ colorScheme });
      for (const part of [
        "h1, h2, label, input, textarea, button:not([disabled])",
        "#status, #hint, #people li, .note",
        ".said .by, .said .text, .said time",
      ]) {
        const ratio = await ann.contrast(part);
        assert.ok(ratio >= 4.5 && Number.isFinite(ratio), `${part}, ${colorScheme}: ${ratio}`);
      }
    }
  });

  test("no part is cut off on a small screen", options, async () => {
    const [ann] = await annAndBo();
    await ann.page.setViewportSize({ width: 320, height: 480 });
    for (const part of [ann.log, ann.name, ann.message, ann.send]) {
      const box = await part.boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= 320 && box.y >= 0 && box.y + box.height <= 480);
    }
  });
});
