import { diffeqsolve, grad, jit, np, type Scalar } from "@diffrax-ts/core";
import { VeryChord } from "@diffrax-ts/root-finders";
import { solverTests } from "@diffrax-ts/testkit";
import { describe, expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { CrankNicolson } from "../CrankNicolson.ts";
import { heatEquation } from "../heatEquation.ts";

test("npm run example -- nonlinear-heat prints the steps of three solvers, and draws the solution", async () => {
  const { status, stdout, stderr, svg } = await runExample("nonlinear-heat", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const steps = Object.fromEntries(
    [...stdout.matchAll(/^(\w+) +(\d+) +0\.66[67]\d\d$/gm)].map(([, name, n]) => [name, Number(n)]),
  );
  expect(Object.keys(steps)).toEqual(["CrankNicolson", "Kvaerno3", "Tsit5"]);
  expect(steps["Tsit5"]! / steps["CrankNicolson"]!).toBeGreaterThan(2);
  for (const name of ["t = 0", "t = 20", "CrankNicolson"]) expect(svg).toContain(`>${name}</text>`);
  expect(svg).not.toMatch(/NaN|undefined/);
});

describe("CrankNicolson(rootFinder)", () => {
  const make = (tolerance: number) => () =>
    CrankNicolson(VeryChord({ rtol: tolerance, atol: tolerance }));
  const tests = [...solverTests(make(1e-13)), ...solverTests(make(1e-6))];
  const isSingle = ({ name }: { name: string }): boolean => name.includes("single precision");

  test.each(tests.filter((one, i) => isSingle(one) === i >= tests.length / 2))(
    "$name",
    ({ run }) => {
      expect(run).not.toThrow();
    },
  );

  test("has derivatives, as differences have them", () => {
    const x = np.linspace(-1, 1, 11);
    const middle = (dx: Scalar): Scalar =>
      diffeqsolve(heatEquation, make(1e-12)(), {
        t0: 0,
        t1: 0.2,
        dt0: 0.02,
        y0: np.mul(x, x),
        args: { dx },
      }).ys.at(0, 5);
    const [h, at] = [1e-5, jit(middle)];
    const difference = (at(0.2 + h).item() - at(0.2 - h).item()) / (2 * h);
    expect(Math.abs(grad(middle)(0.2) - difference)).toBeLessThan(1e-8);
  });
});
