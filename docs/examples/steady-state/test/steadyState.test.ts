import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
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
