import {
  astype,
  div,
  equal,
  floor,
  lessEqual,
  logicalAnd,
  mul,
  notEqual,
  slice,
  sub,
  where,
} from "@diffrax-ts/array";
import {
  assert,
  asTensor,
  callTraced,
  isTraced,
  nondifferentiable,
  stopGradient,
} from "@diffrax-ts/autodiff";
import {
  type BrownianIncrement,
  type PathStep,
  resultTensor,
  type TracedResult,
  type Tree,
} from "@diffrax-ts/protocol";
import {
  checkOptions,
  describeValue,
  isLeaf,
  isTensor,
  part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import { requireKey, split } from "@diffrax-ts/random";
import type { BrownianOptions, BrownianPath, MotionOf } from "./BrownianPath.ts";
import { checkLevyArea } from "./checkLevyArea.ts";
import { checkNoise } from "./checkNoise.ts";
import {
  type BrownianShape,
  inStructure,
  leafShapes,
  leavesOfRuns,
  readShape,
  runsOf,
} from "./shapes.ts";
import { between, fromStart, type LeafIncrement, type Level, motionAt, TreeLeaf } from "./tree.ts";

/** Options of `VirtualBrownianTree`. */
export interface VirtualBrownianTreeOptions extends BrownianOptions {
  /** The start of the interval: not after that of the solve. */
  readonly t0: number | Tensor;
  /** The end of the interval: not before that of the solve. */
  readonly t1: number | Tensor;
  /** The length of the pieces down to which the interval is halved: shorter than every step. `dt0 / 2` is a common choice. */
  readonly tol: number | Tensor;
}

/** A Brownian motion on an interval: see the function of this name. */
export interface VirtualBrownianTree<Value = Tree> extends BrownianPath<Value> {
  readonly kind: "VirtualBrownianTree";
  readonly t0: number;
  readonly t1: number;
  readonly tol: number;
  /** `tol`. */
  readonly minStep: number;
  /** A key for each array, `[numArrays, 2]`. */
  readonly keys: Tensor;
  init(t0: Scalar): Tree;
  over(state: Tree, t0: Scalar, t1: Scalar): PathStep<Value>;
}

/**
 * A Brownian motion on an interval, at any time and in any order: the same key gives the same path, and the numbers of
 * Diffrax but for roundings.
 *
 * It remembers nothing: at each time the interval is halved again until the pieces are shorter than `tol`. Its law is exact at
 * every single time, and for increments between times in different pieces. Those between two times of one piece are not, so take a
 * `tol` shorter than every step.
 *
 * @throws TypeError for a shape that is none, for a dtype that is no float, and for a key that is none; RangeError for an interval
 * without length, and for a time outside of it.
 * @see Li, Wong, Chen, Duvenaud (2020), Scalable gradients for stochastic differential equations, arXiv:2001.01328
 *
 * @example
 * ```ts
 * import { VirtualBrownianTree } from "@diffrax-ts/brownian";
 * import { key } from "@diffrax-ts/random";
 *
 * const path = VirtualBrownianTree({ t0: 0, t1: 1, tol: 0.01, shape: [2], key: key(0) });
 * path.evaluate(0.5).toArray();
 * // → [0.03119…, 0.24081…]
 * // The increment between two times
 * path.evaluate(0.5, 0.75).toArray();
 * // → [-0.14596…, -0.14711…]
 * ```
 */
export function VirtualBrownianTree<const Shape extends BrownianShape>(
  options: VirtualBrownianTreeOptions & { readonly shape: Shape },
): VirtualBrownianTree<MotionOf<Shape>> {
  const name = "VirtualBrownianTree";
  const given = checkOptions(name, options, ["t0", "t1", "tol", "shape", "key", "levyArea"]);
  const { levyArea = "BrownianIncrement" } = given;
  const t0 = knownNumber(`${name}: t0`, given.t0);
  const t1 = knownNumber(`${name}: t1`, given.t1);
  const tol = knownNumber(`${name}: tol`, given.tol);
  if (!(t0 < t1)) throw new RangeError(`${name}: t0 must be less than t1, got ${t0} and ${t1}`);
  if (!(tol > 0)) throw new RangeError(`${name}: tol must be greater than 0, got ${tol}`);
  checkLevyArea(name, levyArea);
  const shape = readShape(`${name}: shape`, given.shape);
  const keys = split(requireKey(name, given.key), leafShapes(shape).length);
  const fields = {
    t0,
    t1,
    tol,
    minStep: tol,
    shape,
    levyArea,
    keys,
    checkNoise,
    evaluate,
    init,
    over,
  };
  return part(name, fields) as unknown as VirtualBrownianTree<MotionOf<Shape>>;
}

/** They decide how often the interval is halved, and so what the tree is. */
function knownNumber(name: string, value: unknown): number {
  if (isTensor(value) && isTraced(value)) {
    throw new TypeError(
      `${name} has to be known when the tree is made, and is a value of a traced function; give a number: the interval may be longer than that of ` +
        "the solve, and tol shorter than it has to be",
    );
  }
  const known = isTensor(value) && value.shape.length === 0 ? value.item() : value;
  if (typeof known === "number" && Number.isFinite(known)) return known;
  throw new TypeError(`${name} must be a finite number, got ${describeValue(value)}`);
}

function evaluate(
  this: VirtualBrownianTree,
  t0: number | Scalar,
  t1: number | Scalar | null = null,
  _left = true,
  useLevy = false,
): Tree | BrownianIncrement {
  const { shape } = this;
  const runs = runsOf(leafShapes(shape));
  const starts = motionOf(this, t0);
  const ends = t1 === null ? null : motionOf(this, t1);
  const length = this.t1 - this.t0;
  const increments = runs.map((_, i): LeafIncrement => {
    const unit = ends === null ? fromStart(starts[i]!) : between(starts[i]!, ends[i]!);
    // From [0, 1] to the interval of the path
    const root = Math.sqrt(length);
    const [dt, W] = [mul(unit.dt, length), mul(unit.W, root)];
    if (unit.H === undefined) return { dt, W };
    const H = mul(unit.H, root);
    return unit.K === undefined ? { dt, W, H } : { dt, W, H, K: mul(unit.K, root) };
  });
  const tree = (name: "W" | "H" | "K"): Tree =>
    inStructure(
      shape,
      leavesOfRuns(
        runs,
        increments.map((one) => one[name]!),
      ),
    ) as Tree;
  if (!useLevy) return tree("W");
  const dt = increments[0]?.dt ?? astype(0, "float64");
  if (this.levyArea === "BrownianIncrement") return { dt, W: tree("W") };
  const short = { dt, W: tree("W"), H: tree("H") };
  return this.levyArea === "SpaceTimeLevyArea" ? short : { ...short, K: tree("K") };
}

/** The motion at the start of a solve. */
function init(this: VirtualBrownianTree, t0: Scalar): Tree {
  return asTree(levelsAt(this, t0));
}

/** The start of a step is the end of the step before: only the end is searched. */
function over(this: VirtualBrownianTree, state: Tree, t0: Scalar, t1: Scalar): PathStep {
  const ends = levelsAt(this, t1);
  const known = [
    { t: t0, levels: state as unknown as readonly Level[] },
    { t: t1, levels: ends },
  ];
  const path: Stepped = { ...this, known };
  return { path, state: asTree(ends), result: tooCoarse(this, t0, t1) };
}

/**
 * Whether both ends of a step lie within one piece, and neither of them at its ends: these are drawn as if they knew nothing of one
 * another. One at an end of the piece is what the other is drawn by.
 */
function tooCoarse(path: VirtualBrownianTree, t0: Scalar, t1: Scalar): TracedResult {
  const [from, to] = [t0, t1].map((t) => mul(placeOf(path, stopGradient(t)), 2 ** levelsOf(path)));
  const piece = floor(from!);
  const areWithin = logicalAnd(equal(piece, floor(to!)), notEqual(from!, piece));
  const isWithin = logicalAnd(areWithin, notEqual(to!, piece));
  return where(isWithin, resultTensor("pathTooCoarse"), resultTensor("successful"));
}

/** How often the interval is halved. */
function levelsOf({ tol, t0, t1 }: VirtualBrownianTree): number {
  let levels = 0;
  while (2 ** -levels > tol / (t1 - t0)) levels++;
  return levels;
}

/** Where a time lies in [0, 1]. */
function placeOf({ t0, t1 }: VirtualBrownianTree, t: Tensor): Scalar {
  return div(sub(t, t0), t1 - t0) as Scalar;
}

/** What is left out of a level is no member of it. */
function asTree(levels: readonly Level[]): Tree {
  return levels as unknown as Tree;
}

/** A tree over a step, with what is known at its ends. */
interface Stepped extends VirtualBrownianTree {
  readonly known?: readonly { readonly t: Scalar; readonly levels: readonly Level[] }[];
}

/** The motion at a time, perhaps the start or the end of a step, which are known by their very tensors. */
function motionOf(path: Stepped, time: number | Scalar): readonly Level[] {
  return path.known?.find(({ t }) => t === time)?.levels ?? levelsAt(path, time);
}

/** The motion at a time, array by array, in [0, 1]. */
function levelsAt(path: VirtualBrownianTree, time: number | Scalar): readonly Level[] {
  const { levyArea, keys, shape, kind } = path;
  if (!isLeaf(time) || asTensor(time).shape.length > 0)
    throw new TypeError(`${kind}: t must be one number, got ${describeValue(time)}`);
  const t = nondifferentiable(
    asTensor(time),
    `${kind}: a Brownian motion has no derivative with respect to time`,
  );
  const r = placeOf(path, t);
  checkRange(path, t, r);
  const levels = levelsOf(path);
  return runsOf(leafShapes(shape)).map(({ start, count, ...leaf }) => {
    const spec = TreeLeaf({ ...leaf, count, levyArea, levels });
    const own = count === null ? keys.at(start) : slice(keys, [start, start + count]);
    return callTraced(motionAt, [spec, own, r], kind) as Level;
  });
}

function checkRange({ kind, t0, t1 }: VirtualBrownianTree, t: Tensor, r: Tensor): void {
  const range = `outside of the range of the path, [${t0}, ${t1}]; make it wider`;
  if (isTraced(t)) {
    const isWithin = logicalAnd(lessEqual(0, r), lessEqual(r, 1));
    assert(isWithin, `${kind}: asked for a time ${range}`);
  } else if (!(r.item() >= 0 && r.item() <= 1)) {
    throw new RangeError(`${kind}: t = ${t.item()} is ${range}`);
  }
}
