"use strict";
// A tab of Chromium with the chat's page in it, and what one does and sees there.
// What is seen is waited for.

const { chromium } = require("playwright-core");

// Chromium without a search for anything beyond this machine.
function launchChromium() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

class Tab {
  constructor(page) {
    this.page = page;
    this.log = page.getByRole("log", { name: "Messages" });
    this.status = page.getByRole("status");
    this.name = page.getByRole("textbox", { name: "Your name" });
    this.message = page.getByRole("textbox", { name: "Message" });
    this.send = page.getByRole("button", { name: "Send" });
  }

  // Opens the page in a tab of its own, under a name.
  static async open(context, port, name) {
    const tab = new Tab(await context.newPage());
    await tab.page.goto(`http://localhost:${port}/`);
    await tab.connected();
    await tab.rename(name);
    await tab.finds("#people li", `${name} (you)`);
    return tab;
  }

  async rename(name) {
    await this.name.fill(name);
    await this.name.press("Enter");
  }

  async say(text) {
    await this.message.fill(text);
    await this.message.press("Enter");
  }

  connected() {
    return this.status.getByText("Connected", { exact: true }).waitFor();
  }

  disconnected() {
    return this.status.getByText(/^Not connected|^Connecting/).waitFor();
  }

  // Waits for an element with exactly this text.
  finds(selector, text) {
    return this.page.waitForFunction(
      ([where, expected]) =>
        [...document.querySelectorAll(where)].some((item) => item.textContent === expected),
      [selector, text],
    );
  }

  sees(text) {
    return this.finds("#log .said .text", text);
  }

  notes(text) {
    return this.finds("#log .note", text);
  }

  // Waits until these are in the room and nobody else.
  room(...names) {
    return this.page.waitForFunction(
      (expected) =>
        [...document.querySelectorAll("#people li")]
          .map((item) => item.textContent)
          .sort()
          .join("\n") === expected,
      names.sort().join("\n"),
    );
  }

  // The lowest contrast of text on its ground, WCAG's ratio, among the elements of a
  // selector and all hues that a person may have.
  contrast(selector) {
    return this.page.evaluate((where) => {
      const channels = (color) => color.match(/[\d.]+/g).map(Number);
      const luminance = (color) => {
        const [r, g, b] = channels(color)
          .map((channel) => channel / 255)
          .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = (element) => {
        const color = getComputedStyle(element).backgroundColor;
        return channels(color)[3] === 0 ? ground(element.parentElement) : color;
      };
      const ratios = [];
      for (const element of document.querySelectorAll(where)) {
        for (let hue = 0; hue < 360; hue += 10) {
          element.style.setProperty("--hue", hue);
          const pair = [getComputedStyle(element).color, ground(element)].map(luminance);
          ratios.push((Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05));
        }
      }
      return Math.min(...ratios);
    }, selector);
  }

  // The texts of the messages, in their order.
  messages() {
    return this.page.locator("#log .said .text").allTextContents();
  }
}

module.exports = { Tab, launchChromium };
