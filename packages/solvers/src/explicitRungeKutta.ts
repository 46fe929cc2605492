import { add, mul, sub } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import { checkOptions, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import {
  type Claiming,
  type MakeInterpolation,
  type Solver,
  solver,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type Term,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import { type ButcherTableau, isFsal } from "./ButcherTableau.ts";
import { scannedStages } from "./scannedStages.ts";

/** Options of every explicit Runge–Kutta method. */
export interface RungeKuttaOptions {
  /**
   * Run the stages as a loop instead of writing them out: programs are smaller by the number of stages, and compile
   * as much faster, but each step takes longer. @defaultValue false
   */
  readonly scanStages?: boolean;
}

/** What an explicit Runge–Kutta method remembers: `f(t0, y0)` if it is "first same as last", nothing otherwise. */
type RungeKuttaState = Tree;

/** An explicit Runge–Kutta method. */
export interface ExplicitRungeKutta<Kind extends string = string>
  extends Solver<RungeKuttaState, "term">, Claiming {
  readonly kind: Kind;
  readonly tableau: ButcherTableau;
  readonly scanStages: boolean;
}

/** The stages of a step. */
export interface Stages {
  /** `kᵢ`, each with the structure of the state. */
  readonly k: readonly Tree[];
  /** Where the last stage was evaluated. */
  readonly yLast: Tree;
  /** The vector field there; `null` if the method does not need it. */
  readonly fLast: Tree;
}

/**
 * Makes an explicit Runge–Kutta method from its table: a method of your own, or one that this package lacks.
 *
 * The vector field is evaluated once for each stage; if the last one stands at the solution, it is the first of the next step.
 * Its order and the order of its error estimate are those that the table claims.
 *
 * @param kind - Its name. Those of other packages begin with the name of the package: `"my-package/Kutta3"`.
 * @param interpolation - Gets `{ y0, y1, k }`, with `k` the list of stages, each times the step.
 *
 * @example
 * ```ts
 * import { localLinearInterpolation } from "@diffrax-ts/interpolation";
 * import { type ButcherTableau, explicitRungeKutta } from "@diffrax-ts/solvers";
 *
 * const rungeKutta4: ButcherTableau = {
 *   source: "Kutta (1901)", order: 4, embeddedOrder: 1,
 *   c: [1 / 2, 1 / 2, 1],
 *   aLower: [[1 / 2], [0, 1 / 2], [0, 0, 1]],
 *   bSol: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
 *   bError: [1 / 6 - 1, 1 / 3, 1 / 3, 1 / 6],
 * };
 * const RungeKutta4 = () => explicitRungeKutta("my-package/RungeKutta4", rungeKutta4, localLinearInterpolation);
 * RungeKutta4().tableau.order;
 * // → 4
 * ```
 */
export function explicitRungeKutta<const Kind extends string>(
  kind: Kind,
  tableau: ButcherTableau,
  interpolation: MakeInterpolation,
  options: RungeKuttaOptions = {},
): ExplicitRungeKutta<Kind> {
  const { scanStages = false } = checkOptions(kind, options, ["scanStages"]);
  const fields = { tableau, scanStages, interpolation, init, step };
  return solver(kind, { order: tableau.order }, fields);
}

function init(
  this: ExplicitRungeKutta,
  term: Term,
  { t0, y0, args }: SolverStart,
): RungeKuttaState {
  return isFsal(this.tableau) ? term.vf(t0, y0, args) : null;
}

function step(
  this: ExplicitRungeKutta,
  term: Term,
  { t0, t1, y0, args, solverState, madeJump }: SolverStep<RungeKuttaState>,
): SolverStepResult<RungeKuttaState> {
  const { tableau, scanStages } = this;
  const fsal = isFsal(tableau);
  const control = term.contr(t0, t1);
  // What was known of the vector field at t0 does not hold after a jump.
  const f0 =
    !fsal || madeJump === false
      ? solverState
      : cond(
          madeJump,
          () => term.vf(t0, y0, args),
          () => solverState,
        );
  const k0 = fsal ? term.prod(f0, control) : term.vfProd(t0, y0, args, control);

  const run = scanStages ? scannedStages : writtenStages;
  const { k, yLast, fLast } = run({ tableau, term, t0, t1, y0, args, control, k0, fsal });
  const y1 = fsal ? yLast : addScaled(y0, tableau.bSol, k); //  y₁  = y₀ + Σᵢ bᵢ kᵢ
  const yError = scaledSum(tableau.bError, k); //               err = Σᵢ βᵢ kᵢ
  return { y1, yError, denseInfo: { y0, y1, k }, solverState: fLast, result: null };
}

/** What the stages of a step are computed from. */
export interface StageStart {
  readonly tableau: ButcherTableau;
  readonly term: Term;
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly y0: Tree;
  readonly args: unknown;
  readonly control: Tree;
  readonly k0: Tree;
  readonly fsal: boolean;
}

/** The stages one after the other. */
function writtenStages({
  tableau: { c, aLower },
  term,
  t0,
  t1,
  y0,
  args,
  control,
  k0,
  fsal,
}: StageStart): Stages {
  const dt = sub(t1, t0);
  const k = [k0];
  let yLast = y0;
  let fLast: Tree = null;
  for (const [i, a] of aLower.entries()) {
    yLast = addScaled(y0, a, k); //                                              yᵢ = y₀ + Σⱼ aᵢⱼ kⱼ
    const t = c[i] === 1 ? t1 : (add(t0, mul(dt, c[i]!)) as Scalar); //          tᵢ = t₀ + cᵢ Δt
    if (fsal) {
      fLast = term.vf(t, yLast, args);
      k.push(term.prod(fLast, control)); //                                      kᵢ = f(tᵢ, yᵢ) Δx
    } else k.push(term.vfProd(t, yLast, args, control));
  }
  return { k, yLast, fLast };
}

/** `y + Σᵢ aᵢ xᵢ`. */
function addScaled(y: Tree, a: readonly number[], xs: readonly Tree[]): Tree {
  return treeMap((y0, sum) => add(y0, sum), y, scaledSum(a, xs));
}

/** `Σᵢ aᵢ xᵢ`, without the terms whose coefficient is zero. */
function scaledSum(a: readonly number[], xs: readonly Tree[]): Tree {
  const used = [...a.keys()].filter((i) => a[i] !== 0);
  const coefficients = used.map((i) => a[i]!);
  const [first, ...rest] = used.map((i) => xs[i]!);
  return treeMap(
    (...x) => x.map((xi, i): Tensor => mul(xi, coefficients[i]!)).reduce((sum, xi) => add(sum, xi)),
    first ?? null,
    ...rest,
  );
}
