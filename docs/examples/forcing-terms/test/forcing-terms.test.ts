import { diffeqsolve, grad, PIDController, type Tensor, Tsit5 } from "@diffrax-ts/core";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { forcedDecay } from "../forcedDecay.ts";
import { brokenLine, pulse, ramp } from "../forces.ts";

const stepsizeController = PIDController({ rtol: 1e-9, atol: 1e-12 });
const how = { t0: 0, t1: 10, dt0: 0.1, y0: 1, stepsizeController };
/** Some 100 steps, each of them off by at most 1e-9 of the state, which is below 2. */
const error = 1e-7;

test("npm run example -- forcing-terms prints ends, steps and derivatives, and draws forces and states", async () => {
  const { status, stdout, stderr, svg } = await runExample("forcing-terms", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ramp +0\.920049 +\d+ +0$/m);
  expect(stdout).toMatch(/^pulse +0\.006448 +\d+ +\d+$/m);
  expect(stdout).toContain("broken line: 0.000323, 0.009952, 0.278977, 0.710702\n");
  expect(svg).toContain(">force</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("diffeqsolve(forcedDecay, …) with a ramp and with a pulse ends where the formulas do", () => {
  const [m, c] = [0.1, 0.02];
  const args = { force: ramp, data: { m, c } };
  const ramped = diffeqsolve(forcedDecay, Tsit5(), { ...how, args })
    .ys.at(0)
    .item();
  expect(Math.abs(ramped - (m * 9 + c + (1 + m - c) * Math.exp(-10)))).toBeLessThan(error);

  const data = { from: 2, to: 5, strength: 1 };
  const pulsed = diffeqsolve(forcedDecay, Tsit5(), { ...how, args: { force: pulse, data } });
  const expected = Math.exp(-5) - Math.exp(-8) + Math.exp(-10);
  expect(Math.abs(pulsed.ys.at(0).item() - expected)).toBeLessThan(error);
});

test("grad by the last value of a broken line is 1 − (1 − e⁻ʷ) / w, w its last part", () => {
  const end = (values: Tensor<readonly [number]>): Tensor => {
    const args = { force: brokenLine, data: { values, end: 10 } };
    return diffeqsolve(forcedDecay, Tsit5(), { ...how, args }).ys.at(0);
  };
  const slopes = grad(end)(Float64Array.of(3, 0.5, -0.8, 1.8));
  const w = 10 / 3;
  expect(Math.abs(slopes[3]! - (1 - (1 - Math.exp(-w)) / w))).toBeLessThan(error);
});
