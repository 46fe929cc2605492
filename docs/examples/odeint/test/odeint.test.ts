import { grad, np, type Scalar, type Tensor } from "@diffrax-ts/core";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { odeint } from "../odeint.ts";
import { predatorPrey, type Rates } from "../predatorPrey.ts";

test("npm run example -- odeint prints values and derivatives, and draws the populations", async () => {
  const { status, stdout, stderr, svg } = await runExample("odeint", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toContain("10    13.633640   2.551951\n");
  expect(stdout).toMatch(/^alpha( +-?\d+\.\d{6}){2}$/m);
  expect(svg).toContain(">predator</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("odeint has the values and the gradient of jax.experimental.ode.odeint, JAX 0.10.2, float64", () => {
  const ts = [0, 1, 2.5, 5, 10];
  const rates = { alpha: 1.1, beta: 0.4, gamma: 0.4, delta: 0.1 };
  const [prey, predator] = odeint(predatorPrey, [10, 5], ts, rates);
  expect(prey.at(-1).item()).toBeCloseTo(13.633639871174985, 5);
  expect(predator.at(-1).item()).toBeCloseTo(2.551950918381306, 5);

  const sumOfCosines = (r: Rates<Scalar>): Tensor =>
    np.sum(np.cos(np.stack(odeint(predatorPrey, [10, 5], ts, r))));
  const slopes = grad(sumOfCosines)(rates);
  const expected = {
    alpha: -10.201100196800075,
    beta: -7.090144637820574,
    gamma: -58.27451499578706,
    delta: 148.44895405653816,
  };
  // Both are off by some hundred times the tolerances, 1.4e-8.
  for (const name of ["alpha", "beta", "gamma", "delta"] as const) {
    expect(Math.abs(slopes[name] / expected[name] - 1)).toBeLessThan(1e-6);
  }
});
