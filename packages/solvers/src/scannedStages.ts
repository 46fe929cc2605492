import { add, astype, equal, less, mul, sub, where } from "@diffrax-ts/array";
import { treeLoop } from "@diffrax-ts/autodiff";
import type { Scalar } from "@diffrax-ts/pytree";
import { type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Stages, StageStart } from "./Stages.ts";
import { columnOf, columnsOf, shifted, windowOf } from "./stageWindow.ts";

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
  const nodes = columnOf(c, t0);
  const coefficients = columnsOf(aLower, t0);
  const end = treeLoop<Carried>(
    "scanStages",
    { stage: astype(0, "int32"), k: windowOf(k0, c.length + 1), y: y0, f: fsal ? k0 : null },
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
      return { stage: add(stage, 1), k: shifted(k, ki), y, f: fi };
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
