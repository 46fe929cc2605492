import {
  abs,
  add,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  maximum,
  minimum,
  mul,
  neg,
  sign,
  sqrt,
  sub,
  where,
  zeros,
} from "@diffrax-ts/array";
import { whileLoop } from "@diffrax-ts/autodiff";
import { numberAs } from "@diffrax-ts/program";
import { describeValue, part, type Tensor } from "@diffrax-ts/pytree";
import { inSize, mvFlat, outSize } from "../flat.ts";
import {
  hasTolerances,
  isIterative,
  iterationOptions,
  type IterationTolerances,
  noSteps,
  type OperatorState,
  type Tolerances,
  transposedState,
  twoNorm,
} from "../iteration.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearSolverInputs, LinearStep } from "../LinearSolver.ts";
import { linearise } from "../linearise.ts";
import { resultTensor } from "../results.ts";

/** Options of `LSMR`. */
export interface LSMROptions extends IterationTolerances {
  /** It stops with the result `conlim` if the condition number of the operator seems to be larger. @defaultValue 1e8 */
  readonly conlim?: number;
}

/** The least squares method of minimal residuals. */
export interface LSMR extends LinearSolver<OperatorState>, Tolerances {
  readonly kind: "LSMR";
  readonly conlim: number;
}

/**
 * LSMR: an iteration for least squares and shortest solutions that asks for products with the operator and its transpose alone. For any operator, of full rank or not,
 * which it never squares as `Normal` does. It takes no preconditioner.
 *
 * It stops if the residual is within `atol + rtol (|A| |x| + |b|)`, or the gradient of least squares within `atol + rtol |A| |r|`, with norms that are
 * estimated on the way. `stats` holds `numSteps`, `normR`, `normAr`, `normA`, `condA`, `normX`.
 *
 * @see Fong and Saunders (2011), LSMR: an iterative algorithm for sparse least-squares problems, doi:10.1137/10079687X
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { linearSolve, LSMR } from "@diffrax-ts/linear-solvers";
 *
 * const matrix = tensor([[1, 0], [1, 1], [1, 2]]);
 * const { value } = linearSolve(matrix, tensor([1, 3, 5]), { solver: LSMR({ rtol: 1e-8, atol: 1e-8 }) });
 * value.toArray().map((x) => x.toFixed(6));
 * // → ["1.000000", "2.000000"]
 * ```
 */
export function LSMR(options: LSMROptions): LSMR {
  const { conlim = 1e8, ...tolerances } = iterationOptions("LSMR", options, ["conlim"], twoNorm);
  if (!(conlim >= 0))
    throw new RangeError(`LSMR: conlim must be >= 0, got ${describeValue(conlim)}`);
  return part("LSMR", {
    ...tolerances,
    conlim,
    init,
    transpose: transposedState,
    compute,
    isIterative,
    assumeFullRank,
  });
}

function init(operator: LinearOperator): OperatorState {
  return { operator };
}

function assumeFullRank(): boolean {
  return false;
}

/** With the letters of Fong and Saunders; a bar, a dot or a tilde is a word. */
type Iteration = Readonly<
  Record<
    // The bidiagonalisation, and the solution.
    | "x"
    | "u"
    | "v"
    | "h"
    | "hBar"
    | "alpha"
    | "beta"
    | "zetaBar"
    | "alphaBar"
    | "rho"
    | "rhoBar"
    | "cBar"
    | "sBar"
    // For the norm of the residual.
    | "betaDd"
    | "betaD"
    | "rhoDOld"
    | "tauTildeOld"
    | "thetaTilde"
    | "zeta"
    // For the norm and the condition number of the operator.
    | "normA2"
    | "maxRhoBar"
    | "minRhoBar"
    | "condA"
    // For the end.
    | "stop"
    | "normR"
    | "normAr"
    | "step",
    Tensor
  >
>;

/** Why it stops: codes of `stop`. */
const goesOnCode = 0;
const solvedCode = 1;
const leastSquaresCode = 2;
const conlimCode = 3;
const maxStepsCode = 4;

function compute(
  this: LSMR,
  state: OperatorState,
  b: Tensor,
  { preconditioner, y0 }: LinearSolverInputs = {},
): LinearStep {
  if (preconditioner !== undefined) {
    throw new TypeError(
      `LSMR: it takes no preconditioner (${preconditioner.kind}); use NormalCG for least squares, or GMRES for a square operator`,
    );
  }
  const { norm, atol, rtol, conlim, maxSteps } = this;
  const operator = linearise(state.operator);
  const [m, n] = [outSize(operator), inSize(operator)];
  const back = operator.transpose();
  const most = maxSteps ?? 10 * Math.min(m, n);
  const start = firstIteration(operator, b, y0 ?? zeros(n, { dtype: b.dtype }), norm);
  const normB = norm(b);

  const turn = (now: Iteration): Iteration => {
    const step = add(now.step, 1);
    // The next of β u = A v - α u, α v = Aᵀ u - β v.
    const uNext = sub(mvFlat(operator, now.v), mul(now.alpha, now.u));
    const beta = norm(uNext);
    const isEnd = equal(beta, 0);
    const u = div(uNext, where(isEnd, 1, beta));
    const vNext = sub(mvFlat(back, u), mul(beta, now.v));
    const alpha = where(isEnd, now.alpha, norm(vNext));
    const v = where(isEnd, now.v, div(vNext, where(equal(alpha, 0), 1, alpha)));

    // The rotation that makes Bₖ triangular, and the one that makes its transpose so.
    const q = givens(now.alphaBar, beta);
    const rho = q.r;
    const thetaNew = mul(q.s, alpha);
    const alphaBar = mul(q.c, alpha);
    const thetaBar = mul(now.sBar, rho);
    const rhoTemp = mul(now.cBar, rho);
    const qBar = givens(rhoTemp, thetaNew);
    const rhoBar = qBar.r;
    const zeta = mul(qBar.c, now.zetaBar);
    const zetaBar = neg(mul(qBar.s, now.zetaBar));

    const hBar = sub(now.h, mul(div(mul(thetaBar, rho), mul(now.rho, now.rhoBar)), now.hBar));
    const x = add(now.x, mul(div(zeta, mul(rho, rhoBar)), hBar));
    const h = sub(v, mul(div(thetaNew, rho), now.h));

    // |r|, estimated.
    const betaHat = mul(q.c, now.betaDd);
    const betaDd = neg(mul(q.s, now.betaDd));
    const tilde = givens(now.rhoDOld, thetaBar);
    const thetaTilde = mul(tilde.s, rhoBar);
    const rhoDOld = mul(tilde.c, rhoBar);
    const betaD = sub(mul(tilde.c, betaHat), mul(tilde.s, now.betaD));
    const tauTildeOld = div(sub(now.zeta, mul(now.thetaTilde, now.tauTildeOld)), tilde.r);
    const tauD = div(sub(zeta, mul(thetaTilde, tauTildeOld)), rhoDOld);
    const offD = sub(betaD, tauD);
    const normR = sqrt(add(mul(offD, offD), mul(betaDd, betaDd)));

    // |A| and its condition number, estimated.
    const withBeta = add(now.normA2, mul(beta, beta));
    const normA = sqrt(withBeta);
    const normA2 = add(withBeta, mul(alpha, alpha));
    const maxRhoBar = maximum(now.maxRhoBar, now.rhoBar);
    const isFirst = equal(step, 1);
    const minRhoBar = where(isFirst, now.minRhoBar, minimum(now.minRhoBar, now.rhoBar));
    const condA = div(maximum(maxRhoBar, rhoTemp), minimum(minRhoBar, rhoTemp));

    const normAr = abs(zetaBar);
    const solved = add(atol, mul(rtol, add(mul(normA, norm(x)), normB)));
    const least = add(atol, mul(rtol, mul(normA, normR)));
    const reasons: readonly (readonly [Tensor, number])[] = [
      [greaterEqual(step, most), maxStepsCode],
      [greater(condA, conlim), conlimCode],
      [less(normAr, least), leastSquaresCode],
      [less(normR, solved), solvedCode],
    ];
    return {
      x,
      u,
      v,
      h,
      hBar,
      alpha,
      beta,
      zetaBar,
      alphaBar,
      rho,
      rhoBar,
      cBar: qBar.c,
      sBar: qBar.s,
      betaDd,
      betaD,
      rhoDOld,
      tauTildeOld,
      thetaTilde,
      zeta,
      normA2,
      maxRhoBar,
      minRhoBar,
      condA,
      normR,
      normAr,
      step,
      stop: reasons.reduce((stop, [is, code]) => where(is, code, stop), now.stop),
    };
  };
  const goesOn = ({ stop }: Iteration): Tensor => equal(stop, goesOnCode);
  const end = whileLoop(goesOn, turn, start);
  return {
    value: end.x,
    result: ended(this, end.stop),
    stats: {
      numSteps: end.step,
      normR: end.normR,
      normAr: end.normAr,
      normA: sqrt(end.normA2),
      condA: end.condA,
      normX: norm(end.x),
    },
  };
}

function firstIteration(
  operator: LinearOperator,
  b: Tensor,
  x: Tensor,
  norm: Tolerances["norm"],
): Iteration {
  const number = (value: number): Tensor => numberAs("LSMR", value, b.dtype);
  const rest = sub(b, mvFlat(operator, x));
  const beta = norm(rest);
  const isSolved = equal(beta, 0);
  const u = div(rest, where(isSolved, 1, beta));
  const towards = mvFlat(operator.transpose(), u);
  const alpha = where(isSolved, 0, norm(towards));
  const v = div(towards, where(equal(alpha, 0), 1, alpha));
  const isLeast = equal(alpha, 0);
  const start = where(isLeast, leastSquaresCode, noSteps());
  const [zero, one] = [number(0), number(1)];
  const gradient = mul(alpha, beta);
  return {
    x,
    u,
    v,
    alpha,
    beta,
    h: v,
    hBar: mul(x, 0),
    zetaBar: gradient,
    alphaBar: alpha,
    rho: one,
    rhoBar: one,
    cBar: one,
    sBar: zero,
    betaDd: beta,
    betaD: zero,
    rhoDOld: one,
    tauTildeOld: zero,
    thetaTilde: zero,
    zeta: zero,
    normA2: mul(alpha, alpha),
    maxRhoBar: zero,
    minRhoBar: number(Infinity),
    condA: one,
    normR: beta,
    normAr: gradient,
    step: noSteps(),
    // Nothing is left to be done, and zero would be divided by.
    stop: where(isSolved, solvedCode, start),
  };
}

/** How it ended, from why it stopped. */
function ended(solver: LSMR, stop: Tensor): Tensor {
  const { maxSteps } = solver;
  const out = maxSteps === null ? "singular" : "maxStepsReached";
  const isCounted = maxSteps === null || hasTolerances(solver);
  const late = isCounted
    ? where(equal(stop, maxStepsCode), resultTensor(out), resultTensor("successful"))
    : resultTensor("successful");
  return where(equal(stop, conlimCode), resultTensor("conlim"), late);
}

/** `c² + s² = 1` with `c a + s b = r`, `c b - s a = 0`, without squares that overflow. */
function givens(
  a: Tensor,
  b: Tensor,
): { readonly c: Tensor; readonly s: Tensor; readonly r: Tensor } {
  const isSteep = greater(abs(b), abs(a));
  const [large, small] = [where(isSteep, b, a), where(isSteep, a, b)];
  const tau = div(small, where(equal(large, 0), 1, large));
  const major = div(sign(large), sqrt(add(1, mul(tau, tau)))); //     of the larger one
  const minor = mul(major, tau);
  return {
    c: where(isSteep, minor, major),
    s: where(isSteep, major, minor),
    r: div(large, where(equal(major, 0), 1, major)),
  };
}
