import { CubicInterpolation, np } from "@diffrax-ts/core";
import { map } from "@diffrax-ts/pytree";
import { key } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { assess, logOdds, makeModel } from "../model.ts";
import { spirals } from "../spirals.ts";
import { train } from "../train.ts";

const ts = np.linspace(0, 4 * Math.PI, 100);

test("npm run example -- neural-cde --quick prints losses, and draws paths of both classes", async () => {
  const { status, stdout, stderr, svg } = await runExample("neural-cde", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout.match(/^step +\d+ {3}loss \d\.\d{4} {3}right +\d+ %$/gm)).toHaveLength(2);
  expect(stdout).toMatch(/^of 256 spirals not seen before: loss \d\.\d{4}, right \d+\.\d %$/m);
  expect(svg).toContain(">turns to the left</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("spirals start on the unit circle and go in, those of the first half to the left", () => {
  const { coeffs, labels } = spirals(ts, 6, key(1));
  expect([...labels]).toEqual([1, 1, 1, 0, 0, 0]);
  for (let i = 0; i < 6; i++) {
    const path = CubicInterpolation(
      ts,
      map((x) => x.at(i), coeffs),
    );
    const [, x0, y0] = [...path.evaluate(ts.at(0).item())];
    expect(Math.hypot(x0!, y0!)).toBeCloseTo(1, 12);
    const [t, x1, y1] = [...path.evaluate(ts.at(5).item())];
    expect(t).toBeCloseTo(ts.at(5).item(), 12); // time is a channel
    expect(Math.hypot(x1!, y1!)).toBeCloseTo(Math.exp(-0.3 * t!), 12);
    expect(x0! * y1! - y0! * x1! > 0).toBe(i < 3); // it turned by 1.27
  }
});

test("a path is told from its data up to there: what comes later does not change the log-odds", () => {
  const model = makeModel(key(2));
  const { coeffs } = spirals(ts, 2, key(3));
  const [one, other] = [0, 1].map((i) => map((x) => x.at(i), coeffs));
  const mixed = map(
    (x, y) => np.concatenate([np.slice(x, [0, 40]), np.slice(y, [40])]),
    one!,
    other!,
  );
  const early = np.slice(ts, [0, 40]);
  // The step in progress at the 40th time sees beyond it, and those before do not.
  const odds = (of: typeof coeffs) => [...logOdds(model, ts, of, { ts: early })].slice(0, 36);
  expect(odds(mixed)).toEqual(odds(one!));
});

test("assess gives log 2 and half of the spirals for a model that cannot tell them apart", () => {
  const model = makeModel(key(2));
  const readout = map((x) => np.zerosLike(x), model.readout);
  const [loss, accuracy] = assess({ ...model, readout }, ts, spirals(ts, 2, key(3)));
  expect(loss.item()).toBeCloseTo(Math.LN2, 15);
  expect(accuracy.item()).toBe(0);
});

test("train learns to tell a few spirals apart", () => {
  const data = spirals(ts, 64, key(4));
  const how = { ts, data, steps: 16, learningRate: 5e-3, batchSize: 16, key: key(6) };
  const steps = [...train(makeModel(key(0)), how)];
  expect(steps.at(-1)!.loss).toBeLessThan(steps[0]!.loss / 4);
  const [, accuracy] = assess(steps.at(-1)!.model, ts, spirals(ts, 16, key(7)));
  expect(accuracy.item()).toBe(1);
});
