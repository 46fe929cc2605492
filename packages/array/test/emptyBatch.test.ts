import * as np from "@diffrax-ts/array";
import {
  assert,
  checkpoint,
  cond,
  grad,
  hessian,
  jit,
  jvp,
  noinline,
  scan,
  vmap,
  whileLoop,
} from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

/** Functions of a vector of three: all that has rules of its own for batches, and reductions that have no identity. */
const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  argmax: (x) => np.argmax(x),
  assert: (x) => {
    assert(np.less(np.max(x), 9), "too large");
    return x;
  },
  at: (x) => x.at(np.argmin(x)),
  checkpoint: (x) => checkpoint((y: Tensor) => np.sin(y))(x),
  concatenate: (x) => np.concatenate([x, np.square(x)]),
  cond: (x) =>
    cond(
      np.greater(np.sum(x), 0),
      (y) => np.sin(y),
      (y) => np.exp(np.sin(np.exp(y))),
      x,
    ),
  cumsum: (x) => np.cumsum(x),
  dot: (x) => np.dot(x, x),
  dynamicSlice: (x) => np.dynamicSlice(x, [np.argmax(x)], [2]),
  dynamicUpdateSlice: (x) => np.dynamicUpdateSlice(x, np.slice(x, [0, 1]), [np.argmax(x)]),
  flip: (x) => np.flip(x),
  linspace: (x) => np.linspace(x.at(0) as Scalar, x.at(1) as Scalar, 4),
  matmul: (x) => np.matmul(np.reshape(x, [3, 1]), np.reshape(x, [1, 3])),
  max: (x) => np.max(x),
  min: (x) => np.min(np.stack([x, x]), { axis: 0 }),
  noinline: (x) => jit(noinline((y: Tensor) => np.sin(y)))(x),
  norm: (x) => np.norm(x),
  pad: (x) => np.pad(x, 1),
  prod: (x) => np.prod(x),
  scan: (x) => {
    const step = (sum: Tensor, y: Tensor) => ({ carry: np.add(sum, y), row: np.sin(sum) });
    return scan(step, np.sum(x) as Tensor, x).rows;
  },
  searchsorted: (x) => np.searchsorted(x, 1.5),
  stack: (x) => np.stack([x.at(0), x.at(1)]),
  std: (x) => np.std(x),
  take: (x) => np.take(x, np.stack([np.argmax(x), np.argmin(x)])),
  tile: (x) => np.tile(x, 2),
  where: (x) => np.where(np.greater(x, 0), x, 0),
  whileLoop: (x) =>
    whileLoop(
      (s) => np.less(np.sum(s), 3),
      (s) => np.add(s, 1),
      x,
    ),
};
const isInteger = (name: string): boolean => name === "argmax" || name === "searchsorted";
const differentiable = Object.keys(functions).filter((name) => !isInteger(name));
const empty = np.zeros([0, 3]);

describe("a batch of nothing", () => {
  test.each(Object.keys(functions))("goes through %s, forwards too", (name) => {
    const f = functions[name]!;
    const { shape } = f(np.tensor([1, 2, 3]));
    expect(vmap(f)(empty).shape).toEqual([0, ...shape]);
    expect(jvp(vmap(f), [empty], [empty]).tangent.shape).toEqual([0, ...shape]);
  });

  test.each(differentiable)("has gradients of nothing through %s", (name) => {
    const f = functions[name]!;
    const loss = (x: Tensor): Scalar => np.sum(f(x));
    expect(vmap(grad(loss))(empty).shape).toEqual([0, 3]);
    expect(vmap(hessian(loss))(empty).shape).toEqual([0, 3, 3]);
    expect(grad((x: Tensor) => np.sum(vmap(f)(x)))(empty).shape).toEqual([0, 3]);
  });

  test("within a batch and round one", () => {
    const sines = vmap(vmap((x: Scalar) => np.sin(x)));
    expect(sines(np.zeros([2, 0])).shape).toEqual([2, 0]);
    expect(sines(np.zeros([0, 2])).shape).toEqual([0, 2]);
  });

  test("of elements that are empty themselves has no largest element", () => {
    for (const shape of [
      [0, 0],
      [2, 0],
    ])
      expect(() => vmap((x: Tensor) => np.max(x))(np.zeros(shape))).toThrow(/has no elements/);
  });
});
