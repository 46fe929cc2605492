import {
  diffeqsolve,
  DirectBrownianPath,
  jit,
  MultiTerm,
  type Scalar,
  type Tensor,
  UnderdampedLangevinDiffusionTerm,
  UnderdampedLangevinDriftTerm,
  vmap,
} from "@diffrax-ts/core";
import type { Solver } from "@diffrax-ts/protocol";
import { type Key, split } from "@diffrax-ts/random";
import { potentialSlope, twoHills } from "./mixture.ts";

/** How one samples. */
export interface Sampling {
  readonly solver: Solver;
  /** The length of a step. */
  readonly dt0: number;
  /** How long a chain runs before its position is taken. */
  readonly t1: number;
}

/** Positions of so many chains that know nothing of one another, from keys. */
export function sample({ solver, dt0, t1 }: Sampling, chains: number, key: Key): Tensor {
  const chain = (own: Key): Scalar => {
    const matrices = { gamma: 1.5, u: 1 };
    const bm = DirectBrownianPath({ shape: [], key: own, levyArea: "SpaceTimeTimeLevyArea" });
    const terms = MultiTerm(
      UnderdampedLangevinDriftTerm({ ...matrices, gradF: potentialSlope }),
      UnderdampedLangevinDiffusionTerm({ ...matrices, bm }),
    );
    const start = { t0: 0, t1, dt0, y0: [0, 0], args: twoHills } as const;
    return diffeqsolve(terms, solver, start).ys[0].at(-1);
  };
  return jit(vmap(chain))(split(key, chains));
}
