// Runs packages/*/test/browser/*.test.ts, and those below tooling/ and docs/, in Chromium, and in Firefox where there is one. No driver
// stands between: a browser is started, headless, and led from page to page by the server that its pages report to. Every file is
// bundled with the built packages and minified, as an application would be, and run in a page and in a module worker, under a strict content
// security policy; *.page.test.ts needs a document, and runs in a page alone. The pages among the examples are built with Vite. The
// last line says how many tests passed and failed.
//
//   node tooling/browser/run.mjs
import { join } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { filesBelow, readText, root } from "../files.mjs";
import { chromium, find, firefox, howToGet, launch } from "./browsers.mjs";
import { buildPages } from "./pages.mjs";
import { serve } from "./serve.mjs";

/** How long a page may take for its report, in milliseconds. */
const patience = 60_000;

const files = ["packages", "tooling", "docs/examples"].flatMap((folder) =>
  filesBelow(folder, /\/test\/browser\/[^/]+\.test\.ts$/),
);
const visits = files.flatMap((file) =>
  file.endsWith(".page.test.ts") ? [`page/${file}`] : [`page/${file}`, `worker/${file}`],
);
const bundles = new Map(await Promise.all(files.map(async (file) => [file, await bundle(file)])));
const startWorker = await bundle("tooling/browser/startWorker.ts");
const pages = await buildPages();
const server = await serve(fileAt);

let passed = 0;
let failed = 0;
/** @type {string[]} */
const absent = [];
try {
  for (const browser of [chromium, firefox]) {
    const path = find(browser);
    if (path !== undefined) await tour(browser, path);
    else if (browser === chromium || process.env[browser.variable] !== undefined) {
      console.log(`${howToGet(browser)}\n`);
      failed++;
    } else {
      console.log(`${howToGet(browser)}\n`);
      absent.push(browser.name);
    }
  }
} finally {
  server.close();
}
for (const name of absent) console.log(`\nThere is no ${name} here: nothing was tried in it.`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/**
 * Leads a browser from test to test. It is started again after one that gave no report.
 *
 * @param {import("./browsers.mjs").Browser} browser
 * @param {string} path
 */
async function tour(browser, path) {
  console.log(`${browser.name} (${path})`);
  const start = performance.now();
  const counts = { passed, failed };
  /** @type {ReturnType<typeof launch> | undefined} */
  let running;
  const leave = async () => {
    await running?.stop();
    running = undefined;
    server.forget();
  };
  let agent = "";
  for (const visit of visits) {
    running ??= launch(browser, path, `${server.origin}/next`);
    const outcome = await Promise.race([server.lead(`/${visit}`), running.left, timeout()]);
    const report =
      typeof outcome === "object"
        ? outcome
        : { agent: "", violations: [], results: [{ title: "it gives a report", error: outcome }] };
    if (report !== outcome) await leave();
    agent ||= report.agent;
    count(`${browser.name}, ${visit.replace("/", ": ")}`, report);
  }
  await leave();
  for (const violation of server.violations()) {
    console.log(`  FAILED: a page broke its policy: ${violation}`);
    failed++;
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const sum = `${passed - counts.passed} passed, ${failed - counts.failed} failed`;
  console.log(`${agent}: ${sum} (${seconds} s)\n`);
}

/**
 * @param {string} name
 * @param {import("./serve.mjs").Report} report
 */
function count(name, { results, violations }) {
  console.log(name);
  for (const { title, error } of results) {
    console.log(error === undefined ? `  passed: ${title}` : `  FAILED: ${title}\n${error}`);
    if (error === undefined) passed++;
    else failed++;
  }
  for (const violation of violations)
    console.log(`  FAILED: the page broke its policy: ${violation}`);
  failed += violations.length;
}

/** @returns {Promise<string>} */
function timeout() {
  return new Promise((resolve) => {
    setTimeout(() => resolve(`no report within ${patience / 1000} s`), patience).unref();
  });
}

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
 * What is at a path: a page or a worker that runs a test file, its script, a built package, or a page among the examples.
 *
 * @param {string} path
 * @returns {import("./serve.mjs").Sent | undefined}
 */
function fileAt(path) {
  const javascript = "text/javascript; charset=utf-8";
  const script = bundles.get(path.replace(/\.js$/, ""));
  if (script !== undefined) return { type: javascript, body: script };
  if (path === "startWorker.js") return { type: javascript, body: startWorker };
  if (/^packages\/[a-z-]+\/dist\/[a-z]+\.js$/.test(path))
    return { type: javascript, body: readText(path) };
  if (!visits.includes(path)) return pages.get(path);
  const [where, file] = /^(page|worker)\/(.*)$/.exec(path)?.slice(1) ?? [];
  const src = where === "page" ? `/${file}.js` : `/startWorker.js#/${file}.js`;
  const type = "text/html; charset=utf-8";
  return {
    type,
    body: `<!doctype html><title>${path}</title><script type="module" src="${src}"></script>`,
  };
}
