import { mul, sign, sub } from "@diffrax-ts/array";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import {
  type BrownianIncrement,
  type Claiming,
  type LevyArea,
  type Solver,
  solver,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import { checkOptions, type Scalar } from "@diffrax-ts/pytree";
import { addScaled, scaledSum } from "@diffrax-ts/solvers";
import { driftAndDiffusion, type NoiseTerms, type SdeStructure } from "./SdeStructure.ts";
import { additiveNoise, stageNoise, type Summand } from "./noise.ts";
import { requireAdditive } from "./requireAdditive.ts";
import type { StochasticButcherTableau } from "./StochasticButcherTableau.ts";
import { columnOf, isUsed, type Weights } from "./Weights.ts";
import { within } from "./within.ts";

/** A stochastic Runge–Kutta method. */
export interface StochasticRungeKutta<Kind extends string = string>
  extends Solver<null, SdeStructure>, Claiming {
  readonly kind: Kind;
  readonly tableau: StochasticButcherTableau;
  readonly diffrax072: boolean;
}

/** Options of every stochastic Runge–Kutta method. */
export interface StochasticRungeKuttaOptions {
  /**
   * The numbers of Diffrax 0.7.2 for solves that run backward in time. It takes their drift and their space-time Lévy areas with the
   * wrong sign there, so that they are not those of the equation. @defaultValue false
   */
  readonly diffrax072?: boolean;
}

/** Makes the method of a table that is known to be right: those of this package, which tests hold against all conditions. */
export function stochasticRungeKutta<const Kind extends string>(
  kind: Kind,
  tableau: StochasticButcherTableau,
  options: StochasticRungeKuttaOptions = {},
): StochasticRungeKutta<Kind> {
  const { diffrax072 = false } = checkOptions(kind, options, ["diffrax072"]);
  const { order, strongOrder, noiseType } = tableau;
  const fields = {
    tableau,
    diffrax072,
    termStructure: driftAndDiffusion,
    interpolation: localLinearInterpolation,
    interpretation: "stratonovich",
    isElementwise: true,
    minimalLevyArea: levyAreaOf(tableau),
    noiseType: noiseType === "additive" ? "additive" : "general",
    init,
    step,
  } as const;
  return solver(kind, { order, strongOrder }, fields);
}

/** The least that has to be known of each step of the Brownian motion. */
function levyAreaOf({ coeffsHh, coeffsKk }: StochasticButcherTableau): LevyArea {
  if (coeffsKk !== undefined) return "SpaceTimeTimeLevyArea";
  return coeffsHh === undefined ? "BrownianIncrement" : "SpaceTimeLevyArea";
}

function init(
  this: StochasticRungeKutta,
  { terms: [, diffusion] }: NoiseTerms,
  { t0, y0, args }: SolverStart,
): null {
  if (this.tableau.noiseType === "additive")
    requireAdditive(this.kind, diffusion, { t: t0, y: y0, args });
  return null;
}

/** The controls over a step. */
interface Controls {
  readonly dt: Tree;
  readonly motion: BrownianIncrement;
}

type Both = NoiseTerms["terms"];

function controlsOf([drift, diffusion]: Both, t0: Scalar, t1: Scalar): Controls {
  // That of a Brownian motion: the solve has made sure of that.
  const motion = diffusion.contr(t0, t1, { levy: true }) as unknown as BrownianIncrement;
  return { dt: drift.contr(t0, t1), motion };
}

/** Backward in time the drift has the wrong sign there, and so has `H`. */
function controlsOfDiffrax072(terms: Both, t0: Scalar, t1: Scalar): Controls {
  const { dt, motion } = controlsOf(terms, t0, t1);
  const { H } = motion;
  const direction = sign(dt as Scalar);
  const turned = H === undefined ? {} : { H: treeMap((h) => mul(h, direction), H) };
  return { dt: sub(t1, t0), motion: { ...motion, ...turned } };
}

function step(
  this: StochasticRungeKutta,
  { terms }: NoiseTerms,
  { t0, t1, y0, args }: SolverStep<null>,
): SolverStepResult<null> {
  const { tableau, diffrax072 } = this;
  const [drift, diffusion] = terms;
  const { bSol, bError, c } = tableau;
  const { dt, motion } = (diffrax072 ? controlsOfDiffrax072 : controlsOf)(terms, t0, t1);
  const times = (t: Scalar, y: Tree, area: Tree): Tree => diffusion.vfProd(t, y, args, area);

  const isAdditive = tableau.noiseType === "additive";
  const summands: Summand[] = isAdditive
    ? additiveNoise(tableau, { t0, t1, y0, motion, times })
    : [];
  const sums = (weightOf: (weights: Weights) => number): readonly [number[], Tree[]] => [
    summands.map(({ weights }) => weightOf(weights)),
    summands.map(({ product }) => product),
  ];
  let numEvaluations = isAdditive ? 1 : 0;
  for (let i = 0; i < bSol.length; i++) {
    const z = addScaled(y0, ...sums(({ a }) => a(i))); //                     zᵢ = y₀ + Σⱼ aᵢⱼ fⱼ h + noiseᵢ
    const t = within(t0, t1, i === 0 ? 0 : c[i - 1]!);
    const ofDrift = columnOf(tableau, i);
    if (isUsed(ofDrift, bSol.length)) {
      summands.push({ weights: ofDrift, product: drift.vfProd(t, z, args, dt) });
      numEvaluations++;
    }
    if (isAdditive) continue;
    const ofNoise = stageNoise(tableau, { i, t, z, motion, times });
    summands.push(...ofNoise);
    if (ofNoise.length > 0) numEvaluations++;
  }
  const y1 = addScaled(y0, ...sums(({ b }) => b)); //                         y₁ = y₀ + Σⱼ bⱼ fⱼ h + noise
  const yError = bError === undefined ? null : scaledSum(...sums(({ error }) => error));
  const counts = { numEvaluations };
  return { y1, yError, denseInfo: { y0, y1 }, solverState: null, result: null, counts };
}
