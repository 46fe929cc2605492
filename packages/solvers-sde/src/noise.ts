import { mul, sub } from "@diffrax-ts/array";
import { dependsOn } from "@diffrax-ts/autodiff";
import { type BrownianIncrement, type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import type {
  AdditiveCoeffs,
  AdditiveNoiseTableau,
  GeneralNoiseTableau,
} from "./StochasticButcherTableau.ts";
import { columnOf, isUsed, type Weights } from "./Weights.ts";

/** What a step computes of one term, such as `f(tⱼ, zⱼ) h`, and how it enters what comes after it. */
export interface Summand {
  readonly weights: Weights;
  readonly product: Tree;
}

/** The Brownian motion over a step, and `g(t, y) X` for what is known of it. */
export interface StepNoise {
  readonly motion: BrownianIncrement;
  readonly times: (t: Scalar, y: Tree, area: Tree) => Tree;
}

/** What a table has coefficients for, with those. */
function areasOf<Coeffs>(
  { coeffsW, coeffsHh, coeffsKk }: Coefficients<Coeffs>,
  { W, H = null, K = null }: BrownianIncrement,
): readonly Area<Coeffs>[] {
  const w: Area<Coeffs> = { name: "W", coeffs: coeffsW, area: W };
  const hh = coeffsHh && ({ name: "H", coeffs: coeffsHh, area: H } as const);
  const kk = coeffsKk && ({ name: "K", coeffs: coeffsKk, area: K } as const);
  return [w, hh, kk].filter((one) => one !== undefined);
}

interface Coefficients<Coeffs> {
  readonly coeffsW: Coeffs;
  readonly coeffsHh?: Coeffs;
  readonly coeffsKk?: Coeffs;
}

interface Area<Coeffs> {
  readonly name: "W" | "H" | "K";
  readonly coeffs: Coeffs;
  readonly area: Tree;
}

/** The products of noise that depends on the state, in stage `i`: those that are used. */
export function stageNoise(
  tableau: GeneralNoiseTableau,
  {
    i,
    t,
    z,
    motion,
    times,
  }: StepNoise & { readonly i: number; readonly t: Scalar; readonly z: Tree },
): Summand[] {
  return areasOf(tableau, motion)
    .map(({ coeffs, area }) => ({ weights: columnOf(coeffs, i), area }))
    .filter(({ weights }) => isUsed(weights, tableau.bSol.length))
    .map(({ weights, area }) => ({ weights, product: times(t, z, area) }));
}

/** The products of additive noise, which are the same in all stages. */
export function additiveNoise(
  tableau: AdditiveNoiseTableau,
  {
    t0,
    t1,
    y0,
    motion,
    times,
  }: StepNoise & { readonly t0: Scalar; readonly t1: Scalar; readonly y0: Tree },
): Summand[] {
  const { W, H } = motion;
  const changes = dependsOn((t: Scalar) => times(t, y0, W), t0);
  const atStart = areasOf<AdditiveCoeffs>(tableau, motion).map(
    ({ name, coeffs, area }): Summand => {
      const b = changes ? coeffs.bSol - leaning[name] : coeffs.bSol;
      return { weights: { a: (i) => coeffs.a[i]!, b, error: 0 }, product: times(t0, y0, area) };
    },
  );
  if (!changes) return atStart;
  const half = treeMap((w) => mul(w, leaning.W), W);
  const lean =
    tableau.coeffsHh === undefined ? half : treeMap((w, h) => sub(w, h), half, H ?? null);
  const atEnd = { weights: { a: () => 0, b: 1, error: 0 }, product: times(t1, y0, lean) };
  return [...atStart, atEnd]; //                                              … + (g(t₁) - g(t₀)) (½ W - H)
}

/** How much of what changes of additive noise over a step goes by what is known of the motion. */
const leaning: Readonly<Record<Area<never>["name"], number>> = { W: 1 / 2, H: -1, K: 0 };
