import { grad, hessian } from "@diffrax-ts/core";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { endOfPrey } from "../endOfPrey.ts";

test("npm run example -- hessian prints the derivatives that Diffrax's example has, and draws them", async () => {
  const { status, stdout, stderr, svg } = await runExample("hessian", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  // Diffrax has them in float32: 3.9131193, -2.374867 and 1.688472.
  expect(stdout).toContain("second, prey and           3.913010   -2.374794\n");
  expect(stdout).toContain("second, predator and      -2.374794    1.688420\n");
  expect(svg).toContain(">second derivative too</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("hessian(endOfPrey) is symmetric, and what differences of grad(endOfPrey) say", () => {
  const start = { prey: 10, predator: 10 };
  const second = hessian(endOfPrey)(start);
  const h = 1e-4;
  const [after, before] = [h, -h].map((dx) => grad(endOfPrey)({ ...start, prey: 10 + dx }));
  // The error of a central difference is h² times a third derivative, some 10 here, over 6.
  for (const name of ["prey", "predator"] as const) {
    const difference = (after![name] - before![name]) / (2 * h);
    expect(Math.abs(difference - second.prey[name])).toBeLessThan(1e-6);
  }
  expect(Math.abs(second.prey.predator - second.predator.prey)).toBeLessThan(1e-12);
});
