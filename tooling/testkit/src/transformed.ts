import { ok } from "node:assert/strict";
import { grad, jit, np, type Scalar, vmap } from "@diffrax-ts/core";
import type { Tree } from "@diffrax-ts/protocol";
import { leaves, type Tensor } from "@diffrax-ts/pytree";
import { distance } from "./numbers.ts";
import type { State } from "./problems.ts";
import { solved, type Subject } from "./Subject.ts";

/** The sum of the squares at the end, from a start that is made larger or smaller. */
function energy(subject: Subject, scale: Scalar): Scalar {
  const y0 = scaled(subject.problem.solutionAt(0), scale);
  const { ys } = solved(subject, [0, 1], { y0, dt0: 0.125, maxSteps: 64 });
  const squares = (leaves(ys) as readonly Tensor[]).map((y) => np.sum(np.mul(y, y)));
  return squares.reduce((sum, x) => np.add(sum, x));
}

function scaled(state: State | number, scale: Scalar): Tree {
  return typeof state === "number" ? np.mul(scale, state) : state.map((x) => scaled(x, scale));
}

/** In `jit` and in `vmap` a solve has the same bits as outside. */
export function hasTheSameBits(subject: Subject): void {
  const { kind } = subject.make();
  const scales = [0.9, 1, 1.1];
  const outside = scales.map((scale) => energy(subject, np.tensor(scale)).item());
  const inside = jit((scale: Scalar) => energy(subject, scale));
  const apart = distance(
    outside,
    scales.map((scale) => inside(scale).item()),
  );
  ok(apart === 0, `${kind}: inside jit the solve leads elsewhere, by ${apart}`);
  const batch = vmap((scale: Scalar) => energy(subject, scale))(Float64Array.from(scales));
  const ofBatch = distance(outside, [...batch]);
  ok(ofBatch === 0, `${kind}: inside vmap the solve leads elsewhere, by ${ofBatch}`);
}

/** The gradient is that of differences. */
export function hasItsGradient(subject: Subject): void {
  const value = (scale: number): number => energy(subject, np.tensor(scale)).item();
  const h = 1e-5;
  const difference = (value(1 + h) - value(1 - h)) / (2 * h);
  const gradient = grad((scale: Scalar) => energy(subject, scale))(1);
  const apart = Math.abs(gradient - difference);
  ok(
    apart < 1e-6,
    `${subject.make().kind}: the gradient is ${gradient}, and that of differences ${difference}`,
  );
}

/** A state of float32 stays one, and comes as close as that can. */
export function worksInSinglePrecision(subject: Subject): void {
  const single = (state: State | number): Tree =>
    typeof state === "number" ? np.tensor(state, { dtype: "float32" }) : state.map(single);
  const end = (y0: unknown): readonly Tensor[] =>
    leaves(solved(subject, [0, 1], { y0, dt0: 0.125 }).ys) as readonly Tensor[];
  const start = subject.problem.solutionAt(0);
  const [wanted, got] = [end(start), end(single(start))];
  for (const [i, y] of got.entries()) {
    ok(y.dtype === "float32", `${subject.make().kind}: a state of float32 becomes ${y.dtype}`);
    const apart = Math.abs(y.at(0).item() - wanted[i]!.at(0).item());
    ok(apart < 1e-4, `${subject.make().kind}: in float32 the solve leads elsewhere, by ${apart}`);
  }
}
