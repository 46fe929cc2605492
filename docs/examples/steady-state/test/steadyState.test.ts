import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { descend } from "../decay.ts";
import { fit, measured } from "../fit.ts";

test("npm run example -- steady-state prints the fit, and draws it", async () => {
  const { status, stdout, stderr, svg } = await runExample("steady-state", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^measured: x = 1\.5, y = 0\.4$/m);
  for (const name of ["first guess", "last guess", "measured", "distance"])
    expect(svg).toContain(`>${name}</text>`);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("the fit comes to the rates that rest where it was measured", () => {
  const { rates, distance } = fit({ a: 1, b: 1 }, 7).at(-1)!;
  // As near to rest as the solve comes.
  expect(distance).toBeLessThan(1e-5);
  // At rest x (1 + y²) = a and y (1 + x²) = b.
  const { x, y } = measured;
  expect(rates.a).toBeCloseTo(x * (1 + y ** 2), 4);
  expect(rates.b).toBeCloseTo(y * (1 + x ** 2), 4);
});

test("the descent of Diffrax's example has its numbers", () => {
  const descent = descend(100);
  // Computed with Diffrax 0.7.2 in float64, with dt0=0.01.
  for (const [step, rest, loss, slope] of [
    [0, 0, 0.5775989225703249, -1.5199985823287137],
    [1, 0.025839975899588134, 0.538975176242116, -1.4682985748710866],
    [10, 0.3493445038925143, 0.1685089077274449, -0.8209967301456076],
    [50, 0.7436165989808775, 0.0002632773005291403, -0.032451644058761664],
    [99, 0.7590080031851207, 7.864533862067366e-8, -0.0005608755249453257],
  ] as const) {
    expect(descent[step]!.rest).toBeCloseTo(rest, 12);
    expect(descent[step]!.loss).toBeCloseTo(loss, 12);
    expect(descent[step]!.slope).toBeCloseTo(slope, 12);
  }
});
