// A page whose policy forbids WebAssembly as well: a second policy in the document, beside that of the server.
import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
import { expect, test } from "vitest";

// What this page provokes is no violation of the policy that all pages have to keep.
addEventListener("securitypolicyviolation", (event) => {
  if (event.originalPolicy === "script-src 'self'") event.stopImmediatePropagation();
});

const solve = () =>
  diffeqsolve((t, y) => -y, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 })
    .ys.at(0)
    .item();

test("where the policy of a page forbids WebAssembly, the error names 'wasm-unsafe-eval'", () => {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "script-src 'self'";
  document.head.append(policy);
  expect(solve).toThrow(
    "forbids WebAssembly, to which equations are compiled; allow it with 'wasm-unsafe-eval'",
  );
  // It is no matter of the first time.
  expect(solve).toThrow("'wasm-unsafe-eval' in script-src");
});
