import { dependsOn } from "@diffrax-ts/autodiff";
import type { Term, Tree } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";

/** Where a diffusion is looked at. */
interface At {
  readonly t: Scalar;
  readonly y: Tree;
  readonly args: unknown;
}

/**
 * Refuses a diffusion that depends on the state.
 *
 * @throws TypeError that says which solvers there are for it.
 */
export function requireAdditive(kind: string, diffusion: Term, { t, y, args }: At): void {
  // One that is called back cannot be looked into: then the claim is believed, as far as it holds at the start of the solve.
  if (diffusion.noiseType === "additive") return;
  if (!dependsOn((state: Tree) => diffusion.vf(t, state, args), y)) return;
  throw new TypeError(
    `${kind}: the diffusion must not depend on y, as this solver is for additive noise; ` +
      'take SPaRK(), GeneralShARK() or, if the noise is commutative, SlowRK(). If it does not, but cannot be read, say so: noiseType: "additive"',
  );
}
