// A batch of solves whose field multiplies by a matrix goes in step, and its vectors are multiplied together. Each has the bits that it has alone.
import { checkTraces } from "@diffrax-ts/autodiff";
import {
  diffeqsolve,
  explain,
  grad,
  jit,
  np,
  ODETerm,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

checkTraces("never");

type Layers = readonly [Tensor, Tensor];

const field = traced((_t: Scalar, y: Tensor, _args: unknown, [first, second]: Layers) =>
  np.matmul(second, np.tanh(np.matmul(first, y))),
);
const solve =
  (saveat: object) =>
  (y0: Tensor, layers: Layers): Tensor =>
    diffeqsolve(ODETerm(field as never, layers), Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0, saveat })
      .ys;

function numbers(shape: readonly number[], dtype: "float64" | "float32"): Tensor {
  const flat = np.sin(np.mul(np.arange(1, 1 + np.zeros(shape).size), 1.7));
  return np.astype(np.reshape(flat, shape), dtype);
}

describe.each(["float64", "float32"] as const)("a batch of networks of %s", (dtype) => {
  const layers = [numbers([33, 3], dtype), numbers([3, 33], dtype)] as const;

  test.each([1, 3, 9, 70, 600])("of %i elements has the bits of each alone", (size) => {
    const starts = numbers([size, 3], dtype);
    const own = layers.map((layer) => numbers([size, ...layer.shape], dtype)) as unknown as Layers;
    for (const saveat of [{ t1: true }, { t0: true, ts: [0.05, 0.7] }]) {
      const shared = vmap(solve(saveat), { inAxes: [0, null] })(starts, layers);
      const each = vmap(solve(saveat))(starts, own);
      const alone = jit(solve(saveat));
      for (const i of [0, size >> 1, size - 1]) {
        const y0 = starts.at(i);
        expect(shared.at(i).toArray()).toEqual(alone(y0, layers).toArray());
        const ofItsOwn = own.map((layer) => layer.at(i)) as unknown as Layers;
        expect(each.at(i).toArray()).toEqual(alone(y0, ofItsOwn).toArray());
      }
    }
  });

  test("has the gradient of the sum over its elements", () => {
    const starts = numbers([10, 3], dtype);
    const loss = (y0: Tensor, all: Layers): Scalar =>
      np.sum(np.square(solve({ t1: true })(y0, all)));
    const together = grad((all: Layers) =>
      np.sum(vmap(loss, { inAxes: [0, null] })(starts, all) as Tensor),
    )(layers);
    const one = grad((all: Layers, y0: Tensor) => loss(y0, all));
    const sum = Array.from({ length: 10 }, (_, i) => one(layers, starts.at(i))[0]).reduce((a, b) =>
      np.add(a, b),
    );
    // Ten terms of at most some units, each rounded in a dozen operations of ten steps.
    const tolerance = dtype === "float64" ? 1e-12 : 1e-3;
    expect(np.max(np.abs(np.sub(together[0], sum))).item()).toBeLessThan(tolerance);
  });
});

test("the vectors of a batch are multiplied as one matrix, unless each has a matrix of its own", () => {
  const starts = numbers([40, 3], "float64");
  const layers = [numbers([33, 3], "float64"), numbers([3, 33], "float64")] as const;
  const own = layers.map((layer) => numbers([40, ...layer.shape], "float64"));
  const shared = vmap(solve({ t1: true }), { inAxes: [0, null] });
  expect(String(explain(shared, starts, layers))).toContain("float64[40,33] from [40,3] [33,3]");
  expect(String(explain(vmap(solve({ t1: true })), starts, own as never))).toContain(
    "float64[33] from [33,3] [3]",
  );
});
