// Opens pages in the system's Chromium and tells, as JSON, what is wrong with them and what they show.
//
//   node check.mjs < input.json > output.json
//
// input:  { "chromium": "/usr/bin/chromium", "modules": "DIR with node_modules", "shots": "DIR or null",
//           "pages": [{ "name": "report", "url": "file:///… or http://127.0.0.1:…", "modes": ["light"] or all }] }
// output: for each page and mode
//         { "name", "mode", "title", "text", "console": [], "requests": [], "dialogs": [], "violations": [],
//           "scripts", "images", "handlers", "overflow": 0, "dead": [anchors that lead nowhere],
//           "charts": [{ "id", "scale", "label", "axis": [{ "label", "y" }], "points": [{ "time", "value", "x", "y" }] }],
//           "tables": [{ "id", "caption", "rows": [[…]] }], "firstFocus", "policy", "opened" }
// The modes: light, dark, phone (390 px wide) and print, in which axe looks at the page; and policy, in which the page is as a
// reader has it: under its own content security policy, and its details are opened by the keyboard.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const input = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(path.join(input.modules, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const modes = [
  { name: "light", viewport: { width: 1280, height: 900 }, media: { colorScheme: "light" } },
  { name: "dark", viewport: { width: 1280, height: 900 }, media: { colorScheme: "dark" } },
  { name: "phone", viewport: { width: 390, height: 844 }, media: { colorScheme: "light" } },
  { name: "print", viewport: { width: 794, height: 1123 }, media: { colorScheme: "dark", media: "print" } },
];

// A page may ask its own origin for more of itself, and nobody else for anything.
function isOwn(address, page) {
  if (address.startsWith("data:") || address === page) return true;
  const own = new URL(page);
  return own.protocol !== "file:" && new URL(address).origin === own.origin;
}

// What a reader sees, read from the document and from where the browser drew it.
function read() {
  const text = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const number = (element, name) => Number(element.getAttribute(name));
  return {
    title: document.title,
    text: document.body.innerText,
    scripts: document.scripts.length,
    images: document.images.length,
    handlers: [...document.querySelectorAll("*")].filter((element) => [...element.attributes].some((attribute) => attribute.name.startsWith("on"))).length,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    charts: [...document.querySelectorAll("svg[role=img]")].map((svg) => ({
      id: svg.closest("figure")?.id ?? "",
      scale: number(svg, "data-scale"),
      label: svg.getAttribute("aria-labelledby").split(" ").map((id) => text(document.getElementById(id))).join(" | "),
      axis: [...svg.querySelectorAll("line.axis")].map((line) => ({ label: Number(text(line.nextElementSibling)), y: number(line, "y1") })),
      points: [...svg.querySelectorAll("circle")].map((circle) => ({ time: circle.dataset.time, value: Number(circle.dataset.value), x: number(circle, "cx"), y: number(circle, "cy") })),
    })),
    tables: [...document.querySelectorAll("table")].map((table) => ({
      id: table.id,
      caption: table.caption ? text(table.caption) : "",
      rows: [...table.tBodies[0].rows].map((row) => [...row.cells].map(text)),
    })),
    dead: [...document.querySelectorAll("a[href^='#']")].map((link) => link.getAttribute("href").slice(1)).filter((id) => !document.getElementById(id)),
  };
}

function listen(tab, page, mode) {
  const result = { name: page.name, mode, console: [], requests: [], dialogs: [], violations: [] };
  tab.on("console", (message) => ["error", "warning"].includes(message.type()) && result.console.push(message.text()));
  tab.on("pageerror", (error) => result.console.push(String(error)));
  tab.on("dialog", (dialog) => (result.dialogs.push(dialog.message()), dialog.dismiss()));
  tab.on("request", (request) => isOwn(request.url(), page.url) || result.requests.push(request.url()));
  return result;
}

async function check(browser, page, mode) {
  // bypassCSP lets axe in; the policy itself is looked at in another context below.
  const context = await browser.newContext({ viewport: mode.viewport, colorScheme: mode.media.colorScheme, bypassCSP: true, reducedMotion: "reduce" });
  const tab = await context.newPage();
  const result = listen(tab, page, mode.name);
  await tab.emulateMedia(mode.media);
  await tab.goto(page.url, { waitUntil: "load" });
  Object.assign(result, await tab.evaluate(read));
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  result.violations = violations.map((each) => `${each.id}: ${each.help} (${each.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("; ")})`);
  if (input.shots) await tab.screenshot({ path: path.join(input.shots, `${page.name}-${mode.name}.png`), fullPage: true });
  await context.close();
  return result;
}

// As a reader has it: the page's own policy holds, and its details are opened by the keyboard.
async function use(browser, page) {
  const context = await browser.newContext({ viewport: modes[0].viewport });
  const tab = await context.newPage();
  const result = listen(tab, page, "policy");
  await tab.goto(page.url, { waitUntil: "load" });
  Object.assign(result, await tab.evaluate(read));
  await tab.keyboard.press("Tab");
  result.firstFocus = await tab.evaluate(() => document.activeElement.textContent.trim());
  result.policy = await tab.evaluate(() => document.querySelector("meta[http-equiv='Content-Security-Policy']")?.content ?? "");
  for (const summary of await tab.locator("summary").all()) {
    await summary.focus();
    await tab.keyboard.press("Enter");
  }
  result.opened = await tab.evaluate(() => [...document.querySelectorAll("details")].every((details) => details.open));
  await context.close();
  return result;
}

const browser = await chromium.launch({ executablePath: input.chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
try {
  // One after the other: a tab in the background is drawn when the browser has time for it.
  const results = [];
  for (const page of input.pages) {
    const wanted = (mode) => page.modes?.includes(mode.name) ?? true;
    for (const mode of modes.filter(wanted)) results.push(await check(browser, page, mode));
    if (wanted({ name: "policy" })) results.push(await use(browser, page));
  }
  process.stdout.write(JSON.stringify(results));
} finally {
  await browser.close();
}
