import { add, astype, broadcastTo, equal, less, mul, sub, where } from "@diffrax-ts/array";
import { treeLoop } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Stages, StageStart } from "./Stages.ts";

/** The stages as a loop: the vector field is in the program once, and not once for each stage. */
export function scannedStages({
  tableau,
  term,
  t0,
  t1,
  y0,
  args,
  control,
  k0,
  fsal,
}: StageStart): Stages {
  const { aLower, c } = tableau;
  const dt = sub(t1, t0);
  const column = (numbers: readonly number[]): Tensor<readonly [number]> =>
    astype(Float64Array.from(numbers), t0.dtype);
  const nodes = column(c);
  // The stages so far, the latest one last. Those before the first are zero, and so are their coefficients.
  const before = c.map(() =>
    treeMap(({ shape, dtype }) => broadcastTo(astype(0, dtype), shape), k0),
  );
  const coefficients = [...before, k0].map((_, place) =>
    column(aLower.map((a, i) => a[place - before.length + i] ?? 0)),
  );
  const end = treeLoop<Carried>(
    "scanStages",
    { stage: astype(0, "int32"), k: [...before, k0], y: y0, f: fsal ? k0 : null },
    ({ stage }) => less(stage, c.length),
    ({ stage, k, f }) => {
      const a = coefficients.map((column) => column.at(stage));
      const y = treeMap(
        (u, ...ks) =>
          add(
            u,
            ks.map((kj, j) => mul(kj, a[j]!)).reduce((sum, x) => add(sum, x)),
          ),
        y0,
        ...k,
      );
      const ci = nodes.at(stage);
      const t = where(equal(ci, 1), t1, add(t0, mul(dt, ci)));
      const fi = fsal ? term.vf(t, y, args) : f;
      const ki = fsal ? term.prod(fi, control) : term.vfProd(t, y, args, control);
      return { stage: add(stage, 1), k: [...k.slice(1), ki], y, f: fi };
    },
    { bound: c.length },
  );
  return { k: end.k, yLast: end.y, fLast: end.f };
}

interface Carried {
  readonly stage: Scalar;
  readonly k: readonly Tree[];
  readonly y: Tree;
  readonly f: Tree;
}
