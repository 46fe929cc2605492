// Fields that loop over the elements of a vector or a grid solve as those that are written with array operations, to the last bit.
import { expect, test } from "vitest";
import {
  diffeqsolve,
  grad,
  Kvaerno3,
  np,
  PIDController,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "../src/index.ts";

const n = 80;
const start = Float64Array.from({ length: n }, (_, i) => Math.sin(i));

const heat = (_t: number, y: ArrayLike<number>, { k }: { readonly k: number }): number[] => {
  const dy = [];
  for (let i = 0; i < y.length; i++) {
    const left = i > 0 ? y[i - 1]! : 0;
    const right = i < y.length - 1 ? y[i + 1]! : 0;
    dy.push(k * (left - 2 * y[i]! + right));
  }
  return dy;
};

const sliced = traced((_t: unknown, y: Tensor, { k }: { readonly k: Tensor }) => {
  const zero = np.zeros([1], { dtype: y.dtype });
  const left = np.concatenate([zero, np.slice(y, [0, n - 1])]);
  const right = np.concatenate([np.slice(y, [1, n]), zero]);
  return left.sub(y.mul(2)).add(right).mul(k);
});

const options = {
  t0: 0,
  t1: 1,
  dt0: 0.01,
  args: { k: 0.7 },
  stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-6 }),
} as const;

function solve(
  field: unknown,
  y0: unknown,
  solver = Tsit5(),
  args: unknown = options.args,
): Tensor {
  const wanted = { ...options, args, y0 };
  const solution: unknown = diffeqsolve(field as never, solver as never, wanted as never);
  return (solution as { readonly ys: Tensor }).ys;
}

test.each([
  ["Tsit5", start, Tsit5()],
  ["Tsit5 in float32", Float32Array.from(start), Tsit5()],
  ["Kvaerno3", start, Kvaerno3()],
] as const)("a heat equation that loops over its cells, with %s", (_, y0, solver) => {
  expect(solve(heat, y0, solver as never).toArray()).toEqual(
    solve(sliced, y0, solver as never).toArray(),
  );
});

test("its gradient with respect to the initial state, and its batch", () => {
  const loss = (field: unknown) => (y0: Tensor) => np.sum(np.square(solve(field, y0)));
  const [a, b] = [heat, sliced].map((field) =>
    Array.from(grad(loss(field))(start as never) as unknown as Iterable<number>),
  );
  // Cotangents of neighbours are added in another order.
  for (const [i, x] of a!.entries()) expect(Math.abs(x - b![i]!)).toBeLessThan(1e-14);
  const batch = np.stack([np.tensor(start), np.tensor(start).mul(2)]);
  const [c, d] = [heat, sliced].map((field) =>
    vmap((y0: Tensor) => solve(field, y0))(batch as never).toArray(),
  );
  expect(c).toEqual(d);
});

test("a grid of rows", () => {
  const m = 40;
  const rows = np.reshape(np.tensor(Float64Array.from({ length: m * m }, (_, i) => Math.cos(i))), [
    m,
    m,
  ]);
  const loops = (_t: number, u: readonly (readonly number[])[]): unknown =>
    u.map((row, i) =>
      row.map(
        (x, j) =>
          u[(i + 1) % u.length]![j]! +
          u[(i + u.length - 1) % u.length]![j]! +
          row[(j + 1) % row.length]! +
          row[(j + row.length - 1) % row.length]! -
          4 * x,
      ),
    );
  const rolled = traced((_t: unknown, u: Tensor) =>
    np
      .roll(u, -1, { axis: 0 })
      .add(np.roll(u, 1, { axis: 0 }))
      .add(np.roll(u, -1, { axis: 1 }))
      .add(np.roll(u, 1, { axis: 1 }))
      .sub(u.mul(4)),
  );
  expect(solve(loops, rows).toArray()).toEqual(solve(rolled, rows).toArray());
});
