import * as np from "@diffrax-ts/array";
import { grad, hessian, jit, jvp, vjp, vmap } from "@diffrax-ts/autodiff";
import { apply } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

type Indexed = (x: Tensor, i: Tensor) => Tensor;

/** What reads or writes at indices, of a vector of three and two indices. */
const functions: Readonly<Record<string, Indexed>> = {
  take: (x, i) => np.take(x, i),
  "take along an axis": (x, i) => np.take(np.stack([x, np.square(x)]), i, { axis: 0 }),
  at: (x, i) => x.at(i.at(0)),
  dynamicSlice: (x, i) => np.dynamicSlice(x, [i.at(0)], [2]),
  dynamicUpdateSlice: (x, i) => np.dynamicUpdateSlice(x, np.slice(x, [0, 1]), [i.at(0)]),
  scatterAdd: (x, i) =>
    apply("scatterAdd", [np.zeros([3]), i, np.slice(x, [0, 2])], { axis: 0 })[0]!,
};
const dtypes = {
  uint32: (list: readonly number[]) => np.tensor(Uint32Array.from(list)),
  int64: (list: readonly number[]) => np.tensor(BigInt64Array.from(list.map(BigInt))),
};
const int32 = (list: readonly number[]): Tensor => np.tensor(Int32Array.from(list));
const x = np.tensor([1, 2, 3]);
const xs = np.stack([x, np.square(x)]);

describe.each(Object.keys(dtypes) as (keyof typeof dtypes)[])("indices of %s", (dtype) => {
  test.each(Object.keys(functions))(
    "are those of int32 for %s, in every transformation",
    (name) => {
      const f: Indexed = (u, i) => np.mul(functions[name]!(u, i), functions[name]!(u, i));
      const loss: (u: Tensor, i: Tensor) => Scalar = (u, i) => np.sum(f(u, i));
      const results = (make: (list: readonly number[]) => Tensor): unknown => {
        const [i, batch] = [make([1, 0]), np.stack([make([1, 0]), make([0, 1])])];
        const value = f(x, i);
        return [
          value,
          jit(f)(x, i),
          grad(loss)(x, i),
          grad((u: Tensor) => loss(u, i))(x),
          jvp((u: Tensor) => f(u, i), [x], [x]).tangent,
          vjp(f, x, i).vjp(value)[0],
          hessian((u: Tensor) => loss(u, i))(x),
          vmap(f, { inAxes: [0, null] })(xs, i),
          vmap(f, { inAxes: [null, 0] })(x, batch),
          vmap(f)(xs, batch),
          vmap(grad(loss))(xs, batch),
          grad((u: Tensor) => np.sum(vmap(f, { inAxes: [null, 0] })(u, batch)))(x),
        ].map((result) => result.toArray());
      };
      expect(results(dtypes[dtype])).toEqual(results(int32));
    },
  );
});
