// How long a page waits while it solves, in headless Chromium: a stiff and a chaotic solve of half a minute each. A task of the page
// posts itself again and again: the longest time between two of them is what somebody who clicks has to wait. Then the solve is aborted
// by a timer, and the time until it has stopped is measured. At last it is saved, the page is loaded again, and its end has to have the bits
// of a solve that was not interrupted.
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { root } from "../files.mjs";
import { chromium as installed, find, howToGet } from "../browser/browsers.mjs";

const seconds = 30;
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** Prints what is measured. */
export async function pages() {
  const executablePath = find(installed);
  if (executablePath === undefined) {
    console.log(howToGet(installed));
    return;
  }
  const server = await serve();
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : address}/`;
    for (const name of ["stiff", "chaotic"]) {
      await page.goto(url);
      const t1 = await page.evaluate(`measured.endFor("${name}", ${seconds})`);
      console.log(name, await page.evaluate(`measured.blocksOf("${name}", ${t1})`));
      console.log("  aborted", await page.evaluate(`measured.abort("${name}", ${t1})`));
      await page.evaluate(`measured.save("${name}", ${t1})`);
      await page.reload();
      const [one, other] = await page.evaluate(`measured.goOn("${name}", ${t1})`);
      const bits = one === other ? "the same bits" : "OTHER BITS";
      console.log("  after the page was loaded again", bits);
    }
  } finally {
    await browser.close();
    server.close();
  }
}

async function serve() {
  const { outputFiles } = await build({
    entryPoints: [join(root, "tooling/bench/longSolves.mjs")],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
  });
  return createServer((request, response) => {
    const isScript = request.url === "/page.js";
    const type = isScript ? "text/javascript" : "text/html";
    const head = { "content-type": `${type}; charset=utf-8`, "content-security-policy": policy };
    const page = `<!doctype html><title>solves</title><script type="module" src="/page.js"></script>`;
    response.writeHead(200, head).end(isScript ? outputFiles[0]?.text : page);
  }).listen(0, "127.0.0.1");
}
