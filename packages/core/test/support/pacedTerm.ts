import { np } from "@diffrax-ts/core";
import { assert, callTraced } from "@diffrax-ts/autodiff";
import { type Term, type TermStep, traced, type Tree, treeMap } from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";

/** How many steps were kept, and where the last one ended. */
interface Pace {
  readonly [key: string]: Tree;
  readonly steps: Scalar;
  readonly t: Scalar;
}

interface PacedTerm extends Term<Tree, Scalar, Pace> {
  readonly field: (t: Scalar, y: never, args: never) => unknown;
  readonly steps: Scalar | null;
}

/**
 * `dy = f(t, y, args) dx(t)`, where `x` runs as fast in each step as there were steps before it, and once more:
 * `x(t1) - x(t0) = (n + 1) (t1 - t0)` in step `n`. The solve fails where a step does not begin at the end of the last one that was kept.
 */
export function pacedTerm(
  field: (t: Scalar, y: never, args: never) => unknown,
  steps: Scalar | null = null,
): PacedTerm {
  return part("test/pacedTerm", {
    field: traced(field),
    steps,
    readFields,
    vf,
    contr,
    prod,
    vfProd,
    isVfExpensive,
    init,
    over,
  });
}

function readFields(this: PacedTerm): PacedTerm {
  return this;
}

function vf(this: PacedTerm, t: Scalar, y: Tree, args: unknown): Tree {
  return callTraced(this.field, [t, y, args], "vector field") as Tree;
}

function contr(this: PacedTerm, t0: Scalar, t1: Scalar): Scalar {
  const time = np.sub(t1, t0);
  return this.steps === null ? time : np.mul(time, np.add(this.steps, 1));
}

function prod(field: Tree, control: Tensor): Tree {
  return treeMap((f) => np.mul(f, control), field);
}

function vfProd(this: PacedTerm, t: Scalar, y: Tree, args: unknown, control: Scalar): Tree {
  return this.prod(this.vf(t, y, args), control);
}

const isVfExpensive = (): boolean => false;

function init(t0: Scalar): Pace {
  return { steps: np.zerosLike(t0), t: t0 };
}

function over(
  this: PacedTerm,
  { steps, t }: Pace,
  t0: Scalar,
  t1: Scalar,
): TermStep<Tree, Scalar, Pace> {
  assert(np.equal(t, t0), "a step does not begin where the last one ended");
  const term: PacedTerm = { ...this, steps };
  return { term, state: { steps: np.add(steps, 1), t: t1 } };
}
