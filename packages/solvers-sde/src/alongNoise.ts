import { jvp } from "@diffrax-ts/autodiff";
import type { Term, Tree } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";

/** Where a diffusion is looked at. */
export interface Place {
  readonly t: Scalar;
  readonly y: Tree;
  readonly args: unknown;
}

/** What noise does to a state, and how that changes along itself. */
export interface AlongNoise {
  /** `g(y) x` */
  readonly g: Tree;
  /** `(∂(g(y) x)/∂y) (g(y) x)` */
  readonly slope: Tree;
}

/** A diffusion times the increment of its control, and the derivative of that in its own direction. */
export function alongNoise(diffusion: Term, { t, y, args }: Place, x: Tree): AlongNoise {
  const times = (state: Tree): Tree => diffusion.vfProd(t, state, args, x);
  const g = times(y);
  return { g, slope: jvp(times, [y], [g]).tangent };
}
