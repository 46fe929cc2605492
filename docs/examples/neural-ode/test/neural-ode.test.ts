import { np, type Tensor } from "@diffrax-ts/core";
import { MLP, softplus } from "@diffrax-ts/nn";
import { key } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { makeModel } from "../model.ts";
import { oscillators } from "../oscillators.ts";
import { train } from "../train.ts";

test("npm run example -- neural-ode --quick prints losses and times, and draws data and model", async () => {
  const { status, stdout, stderr, svg } = await runExample("neural-ode", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout.match(/^step +\d+ {3}loss \d\.\d{5}$/gm)).toHaveLength(12);
  expect(stdout.match(/^first step \d+ ms, others \d+\.\d ms each$/gm)).toHaveLength(2);
  expect(stdout.match(/^loss \d\.\d{5} of /gm)).toHaveLength(2);
  expect(svg).toContain(">data</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("oscillators keep x − ln(1 + x) + y − ln(1 + y)", () => {
  const ys = oscillators(np.linspace(0, 10, 11), 8, key(0));
  expect(ys.shape).toEqual([11, 8, 2]);
  const invariant = np.sum(np.sub(ys, np.log1p(ys)), { axis: 2 });
  const drift = np.max(np.abs(invariant.sub(invariant.at(0)))).item();
  expect(drift).toBeLessThan(0.1 ** 5); // steps of 0.1, and order 4 within one
});

test("train traces the network in its first step alone, and learns", () => {
  let calls = 0;
  const counted = (x: Tensor): Tensor => {
    calls++;
    return softplus(x);
  };
  const ts = np.linspace(0, 1, 5);
  const ys = oscillators(ts, 16, key(1));
  const network = MLP({
    inSize: 2,
    outSize: 2,
    widthSize: 4,
    depth: 1,
    activation: counted,
    key: key(2),
  });
  const how = { ts, ys, steps: 20, learningRate: 3e-2, batchSize: 8, key: key(3) };
  const steps: [calls: number, loss: number][] = [];
  for (const { loss } of train({ ...makeModel(key(2)), network }, how)) steps.push([calls, loss]);
  expect(steps[0]![0]).toBeGreaterThan(0);
  expect(steps.at(-1)![0]).toBe(steps[0]![0]);
  expect(steps.at(-1)![1]).toBeLessThan(steps[0]![1] / 2);
});
