import { key } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { observedOrder, strongErrors } from "../errors.ts";
import { exact, type MethodName, methods, noise, solved } from "../price.ts";

test("npm run example -- strong-convergence --quick prints errors and orders, and draws both", async () => {
  const { status, stdout, stderr, svg } = await runExample("strong-convergence", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  for (const [name, { order }] of Object.entries(methods))
    expect(stdout).toMatch(
      new RegExp(String.raw`^${name}( +\d\.\de-\d){3} +\d\.\d\d +${order}$`, "m"),
    );
  expect(svg).toContain(">32 steps</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("observedOrder is the slope of errors in logarithms", () => {
  const steps = [4, 8, 16, 32];
  expect(
    observedOrder(
      steps,
      steps.map((n) => 3 * n ** -1.5),
    ),
  ).toBeCloseTo(1.5, 12);
});

test.each(Object.keys(methods) as MethodName[])("%s has its order at least", (name) => {
  const steps = [16, 32, 64, 128, 256];
  const errors = strongErrors(name, { steps, paths: 500, key: key(1) });
  expect(observedOrder(steps, errors)).toBeGreaterThan(methods[name].order - 0.2);
});

test("all methods come to the exact price of a path, and not to that of another", () => {
  const own = key(2);
  const price = exact(1, own).item();
  expect(price).toBeCloseTo(Math.exp(0.2 - 0.32 + 0.8 * noise(own).evaluate(1).item()), 12);
  for (const name of Object.keys(methods) as MethodName[]) {
    const [found, other] = [own, key(3)].map((of) =>
      solved(name, { dt0: 1 / 512, key: of }).at(-1),
    );
    expect(Math.abs(found!.item() / price - 1)).toBeLessThan(0.06);
    expect(Math.abs(other!.item() / price - 1)).toBeGreaterThan(0.06);
  }
});
