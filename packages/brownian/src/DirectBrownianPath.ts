import { add, equal, logicalAnd, slice, zeros } from "@diffrax-ts/array";
import { assert, asTensor, isTraced, nondifferentiable } from "@diffrax-ts/autodiff";
import { scalarTensor, sizeOf } from "@diffrax-ts/program";
import type { BrownianIncrement, PathStep, Tree } from "@diffrax-ts/protocol";
import { checkOptions, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { foldIn, type Key, keyWords, normalAt, requireKey } from "@diffrax-ts/random";
import type { BrownianOptions, BrownianPath, MotionOf } from "./BrownianPath.ts";
import { checkLevyArea } from "./checkLevyArea.ts";
import { checkNoise } from "./checkNoise.ts";
import { incrementFrom, numDraws } from "./incrementFrom.ts";
import { type BrownianShape, type LeafShape, readShape, type Run } from "./shapes.ts";
import { timeWord } from "./timeWord.ts";

/** Independent increments that are counted: see the function of this name. */
export interface DirectBrownianPath<Value = Tree> extends BrownianPath<Value> {
  readonly kind: "DirectBrownianPath";
  readonly key: Key;
  readonly isTakenOnce: true;
  /** The step that it is asked for; `null` outside of a solve. */
  readonly step: DirectStep | null;
  init(t0: Scalar): DirectState;
  over(state: Tree, t0: Scalar, t1: Scalar): PathStep<Value>;
}

/** What it carries from step to step. */
interface DirectState {
  /** The key of the path and of the start of the solve. */
  readonly key0: Scalar;
  readonly key1: Scalar;
  /** How many steps there were. */
  readonly step: Scalar;
  readonly [name: string]: Tensor;
}

/** A step, and the state before it. */
interface DirectStep {
  readonly before: DirectState;
  readonly t0: Scalar;
  readonly t1: Scalar;
}

const wayOut =
  "DirectBrownianPath: gives the increments of whole steps, each once, in a solve forward in time; take VirtualBrownianTree(…) " +
  "for increments of other intervals, as HalfSolver and solves backward in time ask for, and for values at times";

/**
 * The cheapest Brownian motion, for steps of which each is taken once, forward in time: step `n` of a solve gets the `n`-th numbers of
 * the key, whatever its times are. A number costs one block of random bits, as in a loop written by hand.
 *
 * Take it for constant steps, or steps at given times (`StepTo`), where nothing else but the law of the path counts: the same key gives
 * another path when there are other steps, or another start. It has increments only within a solve: no values at single times.
 * What takes a step twice, or a part of it, refuses it: adaptive steps, `HalfSolver`, `BacksolveAdjoint`, a solve backward in time.
 *
 * Solves that start at different times have different noise: one goes on where another one ended, with the same path. It can be
 * differentiated, as steps that are made again get the same numbers.
 *
 * @throws TypeError for a shape that is none, for a dtype that is no float, and for a key that is none.
 *
 * @example
 * ```ts
 * import { DirectBrownianPath } from "@diffrax-ts/brownian";
 * import { ControlTerm, diffeqsolve, Euler, MultiTerm, ODETerm } from "@diffrax-ts/core";
 * import { key } from "@diffrax-ts/random";
 *
 * // dy = -y dt + 0.2 dW
 * const noise = DirectBrownianPath({ shape: [], key: key(0) });
 * const drift = ODETerm((t: number, y: number) => -y);
 * const diffusion = ControlTerm((t: number, y: number) => 0.2, noise);
 * const { ys } = diffeqsolve(MultiTerm(drift, diffusion), Euler(), { t0: 0, t1: 1, dt0: 0.01, y0: 1 });
 * ys.at(0).item();
 * // → 0.31575…
 * ```
 */
export function DirectBrownianPath<const Shape extends BrownianShape>(
  options: BrownianOptions & { readonly shape: Shape },
): DirectBrownianPath<MotionOf<Shape>> {
  const name = "DirectBrownianPath";
  const given = checkOptions(name, options, ["shape", "key", "levyArea"]);
  const { levyArea = "BrownianIncrement" } = given;
  checkLevyArea(name, levyArea);
  const key = requireKey(name, given.key);
  const shape = readShape(`${name}: shape`, given.shape);
  const ends = { t0: -Infinity, t1: Infinity };
  const fields = { ...ends, shape, key, levyArea, isTakenOnce: true, step: null };
  return part(name, {
    ...fields,
    checkNoise,
    init,
    over,
    evaluate,
  }) as unknown as DirectBrownianPath<MotionOf<Shape>>;
}

function init(this: DirectBrownianPath, t0: Scalar): DirectState {
  const [key0, key1] = keyWords(foldIn(this.key, timeWord(asTensor(t0))));
  return { key0, key1, step: scalarTensor("uint32", 0) };
}

function over(this: DirectBrownianPath, state: Tree, t0: Scalar, t1: Scalar): PathStep {
  const before = state as DirectState;
  const path: DirectBrownianPath = { ...this, step: { before, t0, t1 } };
  return { path, state: { ...before, step: add(before.step, 1) } };
}

function evaluate(
  this: DirectBrownianPath,
  t0: number | Scalar,
  t1: number | Scalar | null = null,
  _left = true,
  useLevy = false,
): Tree | BrownianIncrement {
  const { shape, levyArea, step } = this;
  if (t1 === null) throw new TypeError(wayOut);
  const message = "DirectBrownianPath: a Brownian motion has no derivative with respect to time";
  const inTime = (t: number | Scalar): Scalar => nondifferentiable(asTensor(t), message);
  const asked = { shape, levyArea, t0: inTime(t0), t1: inTime(t1), useLevy };
  let offset = 0;
  const num = numDraws(levyArea);
  const draws =
    (one: (leaf: LeafShape) => Tensor) =>
    ({ shape: axes, dtype, count }: Run): readonly Tensor[] => {
      const drawn = (size: readonly number[]): Tensor => {
        const normals = one({ shape: size, dtype });
        offset += sizeOf(size);
        return normals;
      };
      const own = count === null ? axes : [count, ...axes];
      if (count === null || num === 1) return Array.from({ length: num }, () => drawn(own));
      // Array by array: what `W`, `H` and `K` of one take lies side by side.
      const all = drawn([count, num, ...axes]);
      return Array.from({ length: num }, (_, i) => slice(all, null, i));
    };
  // From a point to itself there is nothing to draw.
  const nothing = draws(({ shape: axes, dtype }) => zeros(axes, { dtype }));
  if (t0 === t1) return incrementFrom(asked, nothing);
  if (step === null) throw new TypeError(wayOut);
  requireStep(step, t0, t1);
  const { key0, key1, step: count } = step.before;
  const normals = draws((leaf) =>
    normalAt([key0, key1], count, leaf.shape, { dtype: leaf.dtype, offset }),
  );
  return incrementFrom(asked, normals);
}

/** Only the step itself may be asked for. */
function requireStep(step: DirectStep, t0: number | Scalar, t1: number | Scalar): void {
  if (t0 === step.t0 && t1 === step.t1) return;
  const isStep = logicalAnd(equal(t0, step.t0), equal(t1, step.t1));
  if (isTraced(isStep)) assert(isStep, wayOut);
  else if (isStep.item() === 0) throw new TypeError(wayOut);
}
