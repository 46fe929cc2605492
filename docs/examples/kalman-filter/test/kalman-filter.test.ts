import { LinearInterpolation, np } from "@diffrax-ts/core";
import { expect, test } from "vitest";
import { runExample } from "../../shared/test/runExample.ts";
import { filtered, kalmanBucy, type Tuning } from "../kalmanFilter.ts";
import { observe } from "../oscillator.ts";
import { tune } from "../tune.ts";

const first: Tuning = {
  qRoot: [
    [0.1, 0],
    [0, 0.1],
  ],
  rRoot: 1,
};

test("npm run example -- kalman-filter --quick prints errors that fall, and draws beliefs", async () => {
  const { status, stdout, stderr, svg } = await runExample("kalman-filter", "--quick");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const errors = [...stdout.matchAll(/^after +\d+ steps {3}mean square error (0\.\d{4})$/gm)];
  const numbers = errors.map(([, error]) => Number(error));
  expect(numbers).toHaveLength(5);
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  expect(svg).toContain(">as guessed</text>");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("the errors are those of Diffrax, which has float32", () => {
  const errors = [...tune(first, observe(0.3), 21)].map(({ error }) => error);
  for (const [step, error] of [
    [0, 0.11443333],
    [10, 0.11118811],
    [20, 0.10820848],
  ] as const)
    expect(Math.abs(errors[step]! - error)).toBeLessThan(1e-6);
});

test("kalmanBucy is A x + K (y - C x) and A P + P Aᵀ + Q - K R Kᵀ", () => {
  const damping = 0.7;
  const measured = { evaluate: () => 0.4 } as never;
  const tuning = {
    qRoot: [
      [0.3, 0.1],
      [-0.2, 0.5],
    ],
    rRoot: 0.6,
  } as const;
  const slope = kalmanBucy(0, { x: [1, -2], P: [3, 0.5, 2] }, { damping, tuning, measured });
  const [A, C, P, root, x] = [
    [
      [0, 1],
      [-1, -2 * damping],
    ],
    [[0, 1]],
    [
      [3, 0.5],
      [0.5, 2],
    ],
    tuning.qRoot,
    [1, -2],
  ].map((m) => np.tensor(m as never)) as [never, never, never, never, never];
  const K = np.div(np.matmul(P, np.transpose(C)), 0.36);
  const expected = np.add(np.matmul(A, x), np.mul(np.reshape(K, [2]), 0.4 + 2));
  const AP = np.matmul(A, P);
  const gained = np.mul(np.matmul(K, np.transpose(K)), 0.36);
  const Q = np.matmul(np.transpose(root), root);
  const dP = np.sub(np.add(np.add(AP, np.transpose(AP)), Q), gained);
  const close = (values: number[]) => values.map((value) => expect.closeTo(value, 12) as number);
  expect(slope.x).toEqual(close(expected.toArray() as number[]));
  const [[pp, pv], [, vv]] = dP.toArray() as [[number, number], [number, number]];
  expect(slope.P).toEqual(close([pp, pv, vv]));
});

test("a filter that knows the damping comes to the truth that it measures without noise", () => {
  const { ts, truth } = observe(0.7);
  const measured = LinearInterpolation(ts, truth[1]) as ReturnType<typeof observe>["measured"];
  const belief = filtered({ ts, measured }, { ...first, rRoot: 0.3 });
  const error = (i: number) =>
    Math.hypot(...truth.map((x, part) => x.at(i).sub(belief[part]!.at(i)).item()));
  expect(error(0)).toBe(1);
  expect(error(-1)).toBeLessThan(0.02);
});
