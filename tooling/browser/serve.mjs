import { createServer } from "node:http";

/**
 * A file as it is sent. The browser tells of what a page does against its policy if `tells`; what a test file does, it tells itself.
 *
 * @typedef {{ readonly type: string, readonly body: string | Buffer, readonly tells?: boolean }} Sent
 */

/**
 * What a visit came to, as its page tells.
 *
 * @typedef {{
 *   readonly agent: string,
 *   readonly results: readonly { readonly title: string, readonly error?: string }[],
 *   readonly violations: readonly string[],
 * }} Report
 */

/** What is sent with every file. */
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/**
 * A server on the loopback that leads a browser from page to page: `/next` is answered once there is a next page, a page posts its
 * report to `/report`, and then goes to `/next` again.
 *
 * @param {(path: string) => Sent | undefined} fileAt
 */
export async function serve(fileAt) {
  /** @type {import("node:http").ServerResponse | undefined} */
  let waiting;
  /** @type {string | undefined} */
  let next;
  /** @type {(report: Report) => void} */
  let receive = () => {};
  /** @type {string[]} */
  let violations = [];

  const lead = () => {
    if (waiting === undefined || next === undefined) return;
    waiting.writeHead(302, { location: next, "cache-control": "no-store" }).end();
    waiting = next = undefined;
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/next") {
      waiting = response.on("close", () => {
        if (waiting === response) waiting = undefined;
      });
      lead();
    } else if (request.method === "POST") {
      let body = "";
      for await (const text of request.setEncoding("utf8")) body += text;
      response.writeHead(204).end();
      if (pathname === "/report") receive(JSON.parse(body));
      else violations.push(body);
    } else {
      const file = fileAt(pathname.slice(1));
      const rules = file?.tells ? `${policy}; report-uri /violations` : policy;
      const head = { "content-type": file?.type ?? "", "content-security-policy": rules };
      if (file === undefined) response.writeHead(404).end();
      else response.writeHead(200, head).end(file.body);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`,
    /**
     * Leads the browser to a page.
     *
     * @param {string} path
     * @returns {Promise<Report>}
     */
    lead: (path) => {
      next = path;
      return new Promise((resolve) => {
        receive = resolve;
        lead();
      });
    },
    /** Nothing waits any more: the browser has ended. */
    forget: () => {
      waiting = next = undefined;
    },
    /** What browsers have told of pages that broke their policy, since this was asked last. */
    violations: () => {
      const told = violations;
      violations = [];
      return told;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
