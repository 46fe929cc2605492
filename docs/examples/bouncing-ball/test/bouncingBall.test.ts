import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { impactsOf } from "../ball.ts";
import { fit } from "../fit.ts";
import { real } from "../measure.ts";

test("npm run example -- bouncing-ball prints what was fitted, and draws the flights", async () => {
  const { status, stdout, stderr, svg } = await runExample("bouncing-ball", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^fitted +1\.\d+ +0\.8\d+ +0\.\d+ +0\.\d+ ms$/m);
  for (const name of ["first guess", "fitted", "heard"]) expect(svg).toContain(`>${name}</text>`);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("without noise the ball is found to many digits", () => {
  const heard = Float64Array.from(impactsOf(real, 8));
  const { ball } = fit({ height: 1, restitution: 0.8, drag: 0.02 }, heard);
  expect(ball.height).toBeCloseTo(real.height, 6);
  expect(ball.restitution).toBeCloseTo(real.restitution, 6);
  expect(ball.drag).toBeCloseTo(real.drag, 6);
});
