// Runs packages/*/test/browser/*.test.ts, and those below tooling/, in Chromium: every file is bundled with the built packages
// and minified, as an application would be, and served on a page of its own under a strict content
// security policy. Then it builds the pages among the examples with Vite, and does with each what its test/inChromium.mjs says, under
// the same policy. The last line says how many tests passed and failed.
//
//   node tooling/browser/run.mjs
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { filesBelow, readText, root } from "../files.mjs";
import { findChromium, howToGetOne } from "./chromium.mjs";
import { buildPages } from "./pages.mjs";

/**
 * What a page says of its tests.
 *
 * @typedef {{ readonly results: readonly { readonly title: string, readonly error?: string }[], readonly violations: readonly string[] }} Report
 */

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const patience = 60_000;

const executablePath = findChromium();
if (executablePath === undefined) {
  console.error(howToGetOne);
  process.exit(1);
}
const files = ["packages", "tooling"].flatMap((folder) =>
  filesBelow(folder, /\/test\/browser\/[^/]+\.test\.ts$/),
);
/** @type {(report: Report) => void} */
let receive = () => {};
const scripts = new Map(await Promise.all(files.map(async (file) => [file, await bundle(file)])));
const pages = await buildPages();
const server = createServer(respond).listen(0, "127.0.0.1");
const profile = mkdtempSync(join(tmpdir(), "diffrax-ts-browser-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
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
console.log(`Chromium ${browser.browser()?.version() ?? ""} (${executablePath})`);

let passed = 0;
let failed = 0;
try {
  for (const file of [...files, ...pages.map(({ name }) => name)]) {
    const { results, violations } = await (pages.some(({ name }) => name === file)
      ? use(file)
      : visit(file));
    console.log(file);
    for (const { title, error } of results) {
      console.log(error === undefined ? `  passed: ${title}` : `  FAILED: ${title}\n${error}`);
      if (error === undefined) passed++;
      else failed++;
    }
    for (const violation of violations)
      console.log(`  FAILED: the page broke its policy: ${violation}`);
    failed += violations.length;
  }
} finally {
  await browser.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/**
 * @param {string} file
 * @returns {Promise<string>}
 */
async function bundle(file) {
  const { outputFiles } = await build({
    entryPoints: [join(root, file)],
    alias: { vitest: join(root, "tooling/browser/harness.ts") },
    bundle: true,
    // What is built is served as it is.
    external: ["/packages/*"],
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}

/**
 * Opens the page of a file and waits for its report; a page that dies or is silent is one failure.
 *
 * @param {string} file
 * @returns {Promise<Report>}
 */
async function visit(file) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const noise = [];
  page.on("console", (message) => noise.push(message.text()));
  try {
    return await new Promise((resolve, reject) => {
      receive = resolve;
      page.on("pageerror", reject);
      page.on("crash", () => reject(new Error("the page crashed")));
      setTimeout(
        () => reject(new Error(`no report within ${patience / 1000} s`)),
        patience,
      ).unref();
      page.goto(`${origin()}/${file}`).catch(reject);
    });
  } catch (error) {
    return {
      results: [{ title: "the page loads", error: [String(error), ...noise].join("\n") }],
      violations: [],
    };
  } finally {
    await page.close();
  }
}

/**
 * Does what a visitor of a page does.
 *
 * @param {string} name
 * @returns {Promise<Report>}
 */
async function use(name) {
  const page = await browser.newPage();
  page.setDefaultTimeout(patience);
  /** @type {{ title: string, error?: string }[]} */
  const results = [];
  /** @type {string[]} */
  const violations = [];
  page.on("pageerror", (error) => results.push({ title: "no error", error: String(error.stack) }));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) violations.push(message.text());
  });
  try {
    const { tests, hash } = pages.find((one) => one.name === name) ?? { tests: [], hash: "" };
    await page.goto(`${origin()}/${name}/index.html${hash}`);
    for (const { title, run } of tests) {
      try {
        await run(page);
        results.push({ title });
      } catch (error) {
        results.push({
          title,
          error: error instanceof Error ? String(error.stack) : String(error),
        });
      }
    }
  } finally {
    await page.close();
  }
  return { results, violations };
}

function origin() {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
}

/** @type {import("node:http").RequestListener} */
function respond(request, response) {
  const path = request.url?.slice(1) ?? "";
  if (path.endsWith("/results")) {
    let body = "";
    request.setEncoding("utf8").on("data", (text) => (body += text));
    request.on("end", () => {
      response.end();
      receive(JSON.parse(body));
    });
    return;
  }
  const script = /^packages\/[a-z-]+\/dist\/[a-z]+\.js$/.test(path)
    ? readText(path)
    : scripts.get(path.replace(/\.js$/, ""));
  const built = pages.flatMap(({ files }) => files).find((file) => file.path === path);
  if (built !== undefined) {
    response
      .writeHead(200, { "content-type": built.type, "content-security-policy": policy })
      .end(built.body);
  } else if (script === undefined) {
    response.writeHead(404).end();
  } else if (path.endsWith(".js")) {
    response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(script);
  } else {
    response
      .writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": policy,
      })
      .end(
        `<!doctype html><title>${path}</title><script type="module" src="/${path}.js"></script>`,
      );
  }
}
