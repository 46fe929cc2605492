import {
  abs,
  all,
  equal,
  fullLike,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  mul,
  sign,
  sqrt,
  sub,
  zerosLike,
} from "@diffrax-ts/array";
import { assert, cond } from "@diffrax-ts/autodiff";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import {
  type Claiming,
  type Claims,
  type BrownianIncrement,
  evaluationsOf,
  type LevyArea,
  type Solver,
  solver,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import { checkOptions, describeValue, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { diagonalLike, type PositionAndVelocity, positionAndVelocity } from "@diffrax-ts/terms";
import { type CoefficientsAt, coefficientsAt } from "./LangevinCoefficient.ts";
import type {
  LangevinLeaf,
  LangevinMethod,
  LangevinStructure,
  LangevinTerms,
} from "./LangevinStep.ts";

/** Options of every Langevin method. */
export interface LangevinOptions {
  /**
   * Where `|γ h|` is below this, coefficients are taken from their Taylor polynomials of degree 5, and otherwise from closed forms, which
   * cancel for small `γ h`. About 0.1 is best in float32, and 0.01 in float64. @defaultValue 0.1
   */
  readonly taylorThreshold?: number;
  /**
   * The numbers of Diffrax 0.7.2 for solves that run backward in time. It takes their space-time Lévy areas with the wrong sign there, so that
   * they are not those of the equation, and Taylor polynomials for steps of any length. @defaultValue false
   */
  readonly diffrax072?: boolean;
}

/** What a step passes on to the next. */
interface LangevinState {
  readonly [key: string]: Tree;
  /** The length of the step that the coefficients were made for; infinite if there are none yet. */
  readonly h: Scalar;
  /** The coefficients, for each friction. */
  readonly coefficients: readonly CoefficientsAt[];
  /** `∇f(x)` at the end of the step, or nothing. */
  readonly f: Tree;
}

/** A stochastic Runge–Kutta method for underdamped Langevin dynamics. */
export interface LangevinSRK<Kind extends string = string>
  extends Solver<LangevinState, LangevinStructure, PositionAndVelocity>, Claiming {
  readonly kind: Kind;
  readonly method: LangevinMethod;
  readonly taylorThreshold: number;
  readonly diffrax072: boolean;
}

const structure: LangevinStructure = /* @__PURE__ */ (() => ({
  sum: [{ kind: "UnderdampedLangevinDriftTerm" }, { kind: "UnderdampedLangevinDiffusionTerm" }],
}))();

/** Makes the method of coefficients that are known to be right: those of this package, which tests hold against their closed forms. */
export function langevinSRK<const Kind extends string, Name extends string, Area extends LevyArea>(
  kind: Kind,
  claims: Claims,
  method: LangevinMethod<Name, Area>,
  options: LangevinOptions = {},
): LangevinSRK<Kind> {
  const names = ["taylorThreshold", "diffrax072"] as const;
  const { taylorThreshold = 0.1, diffrax072 = false } = checkOptions(kind, options, names);
  if (!(taylorThreshold >= 0)) {
    throw new RangeError(
      `${kind}: taylorThreshold must be a number of at least 0, got ${describeValue(taylorThreshold)}`,
    );
  }
  const fields = {
    termStructure: structure,
    interpolation: localLinearInterpolation,
    interpretation: "stratonovich",
    minimalLevyArea: method.minimalLevyArea,
    method,
    taylorThreshold,
    diffrax072,
    func,
    init,
    step,
  } as const;
  return solver(kind, claims, fields);
}

function func(
  { terms: [drift] }: LangevinTerms,
  t: Scalar,
  y: PositionAndVelocity,
  args: unknown,
): Tree {
  return drift.vf(t, y, args);
}

function init(
  this: LangevinSRK,
  { terms: [drift, diffusion] }: LangevinTerms,
  { t0, y0, args }: SolverStart<PositionAndVelocity>,
): LangevinState {
  const [x] = positionAndVelocity(this.kind, y0);
  const own = drift.diagonals(x);
  const ofNoise = diffusion.diagonals(x);
  for (const name of ["gamma", "u"] as const) {
    checkEntries(this.kind, name, treeLeaves(own[name]), treeLeaves(ofNoise[name]));
  }
  const none = (c: Tensor): CoefficientsAt =>
    Object.fromEntries(Object.keys(this.method.coefficients).map((name) => [name, zerosLike(c)]));
  return {
    // No step is that long, so that the first one makes its coefficients.
    h: fullLike(t0, Infinity),
    coefficients: distinct(own.gamma).map(none),
    f: this.method.isFsal ? drift.gradient(x, args) : null,
  };
}

/** @throws RangeError, when the solve runs, for values below 0, and for those of the noise that are others than those of the drift. */
function checkEntries(
  kind: string,
  name: string,
  ofDrift: readonly Tensor[],
  ofNoise: readonly Tensor[],
): void {
  const holds = (is: (i: number) => Tensor): Tensor =>
    ofDrift.map((_, i) => all(is(i)) as Tensor).reduce((a, b) => logicalAnd(a, b));
  if (ofDrift.length === 0) return;
  assert(
    holds((i) => equal(ofDrift[i]!, ofNoise[i]!)),
    `${kind}: ${name} of UnderdampedLangevinDriftTerm and of UnderdampedLangevinDiffusionTerm differ; give both terms the same values`,
  );
  assert(
    holds((i) => greaterEqual(ofDrift[i]!, 0)),
    `${kind}: ${name} must be a number of at least 0 everywhere`,
  );
}

/** The values of a friction that are made coefficients of: one for each tensor, which may stand for several leaves. */
function distinct(gamma: Tree): readonly Tensor[] {
  return [...new Set(treeLeaves(gamma))];
}

function allCoefficients(
  { method, taylorThreshold, diffrax072 }: LangevinSRK,
  gamma: Tree,
  h: Scalar,
): readonly CoefficientsAt[] {
  const isSmall = (alpha: Tensor): Tensor => less(diffrax072 ? alpha : abs(alpha), taylorThreshold);
  return distinct(gamma).map((c) => coefficientsAt(method.coefficients, c, h, isSmall));
}

/** As far as the lengths of equal steps differ by rounding, their coefficients are the same. */
const sameStep = 1e-10;

function step(
  this: LangevinSRK,
  { terms: [drift, diffusion] }: LangevinTerms,
  { t0, t1, y0, args, solverState, madeJump }: SolverStep<LangevinState, PositionAndVelocity>,
): SolverStepResult<LangevinState> {
  const { kind, method, diffrax072 } = this;
  const [x0, v0] = y0;
  const { gamma, u } = drift.diagonals(x0);
  const h = drift.contr(t0, t1) as Scalar;
  const made = cond(
    lessEqual(abs(sub(h, solverState.h)), mul(abs(h), sameStep)),
    () => ({ h: solverState.h, coefficients: solverState.coefficients }),
    () => ({ h, coefficients: allCoefficients(this, gamma, h) }),
  );
  const frictions = distinct(gamma);
  const f0 =
    !method.isFsal || madeJump === false
      ? solverState.f
      : cond(
          madeJump,
          () => drift.gradient(x0, args),
          () => solverState.f,
        );
  const rho = treeMap((c, d) => sqrt(mul(mul(c, 2), d)), gamma, u); //   √(2 γ u)
  // That of a Brownian motion: the solve has made sure of that.
  const increment = diffusion.contr(t0, t1, { levy: true }) as unknown as BrownianIncrement;
  const noise = (name: "W" | "H" | "K"): Tree =>
    diagonalLike(increment[name], { name: "the position y0[0]", y: x0 }, `${kind}: ${name} of bm`);
  const W = noise("W");
  const rightH = method.minimalLevyArea === "BrownianIncrement" ? W : noise("H");
  const H = diffrax072 ? treeMap((x) => mul(x, sign(h)), rightH) : rightH;
  const K = method.minimalLevyArea === "SpaceTimeTimeLevyArea" ? noise("K") : W;

  let evaluations = 0;
  const { x, v, f, vError } = method.computeStep({
    x0,
    f0,
    gradient: (at) => {
      evaluations++;
      return drift.gradient(at, args);
    },
    each: (formula, ...others) =>
      treeMap(
        (x, v, gamma, u, rho, W, H, K, ...rest) => {
          const c = made.coefficients[frictions.indexOf(gamma)]!;
          const leaf: LangevinLeaf<string, LevyArea> = { h, x, v, gamma, u, rho, c, W };
          // What a method may read of it is known to the types of the method.
          return formula({ ...leaf, H, K } as never, ...(rest as never));
        },
        x0,
        v0,
        gamma,
        u,
        rho,
        W,
        H,
        K,
        ...others,
      ),
  });
  const y1 = [x, v] as const;
  const yError = vError === null ? null : [treeMap((leaf) => zerosLike(leaf), x), vError];
  return {
    y1,
    yError,
    denseInfo: { y0, y1 },
    solverState: { ...made, f },
    result: null,
    counts: evaluationsOf(evaluations, method.isFsal ? madeJump : false),
  };
}
