import {
  add,
  dynamicUpdateSlice,
  equal,
  expandDims,
  mul,
  sub,
  tensor,
  tensordot,
  where,
  zeros,
} from "@diffrax-ts/array";
import { scan } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { type Tree, treeMap } from "@diffrax-ts/protocol";
import type { StageStart, Stages } from "./explicitRungeKutta.ts";

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
  const numStages = tableau.bSol.length;
  const dt = sub(t1, t0);
  const rows = tableau.aLower.map((row) =>
    Array.from({ length: numStages }, (_, j) => row[j] ?? 0),
  );
  // All stages along a new first axis; those that are still to come are zero.
  const start = treeMap((k) => {
    const empty = zeros([numStages, ...k.shape], { dtype: k.dtype });
    return dynamicUpdateSlice(empty, expandDims(k, 0), [0, ...k.shape.map(() => 0)]);
  }, k0);
  const { carry } = scan(
    (carried: Carried, { a, c, index }: { a: Tensor; c: Scalar; index: Scalar }) => {
      const y = treeMap((u, ks) => add(u, tensordot(a, ks, 1)), y0, carried.k);
      const t = where(equal(c, 1), t1, add(t0, mul(dt, c))) as Scalar;
      const f = fsal ? term.vf(t, y, args) : null;
      const k = fsal ? term.prod(f, control) : term.vfProd(t, y, args, control);
      const all = treeMap(
        (ks, ki) => dynamicUpdateSlice(ks, expandDims(ki, 0), [index, ...ki.shape.map(() => 0)]),
        carried.k,
        k,
      );
      return { carry: { k: all, y, f: f ?? carried.f }, row: null };
    },
    { k: start, y: y0, f: fsal ? k0 : null },
    {
      a: tensor(rows, { dtype: t0.dtype }),
      c: tensor([...tableau.c], { dtype: t0.dtype }),
      index: tensor(
        tableau.c.map((_, i) => i + 1),
        { dtype: "int32" },
      ),
    } as never,
  );
  const k = Array.from({ length: numStages }, (_, i) => treeMap((ks) => ks.at(i), carry.k));
  return { k, yLast: carry.y, fLast: fsal ? carry.f : null };
}

interface Carried {
  readonly k: Tree;
  readonly y: Tree;
  readonly f: Tree;
}
