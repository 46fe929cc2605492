import { polyval, tensor } from "@diffrax-ts/array";
import { type Claims, type LevyArea, levyAreas } from "@diffrax-ts/protocol";
import { describeValue } from "@diffrax-ts/pytree";
import type { LangevinCoefficient } from "./LangevinCoefficient.ts";
import { type LangevinOptions, type LangevinSRK, langevinSRK } from "./langevinSRK.ts";
import type { LangevinMethod } from "./LangevinStep.ts";

/**
 * Makes a stochastic Runge–Kutta method for underdamped Langevin dynamics from its coefficients and its step: a method of your own, or
 * one that this package lacks. Coefficients are made again where the length of the step changes alone.
 *
 * @param kind - Its name. Those of other packages begin with the name of the package: `"my-package/UBU"`.
 * @param method - Stands at module level, as the functions of all parts do: two calls of a maker then are one trace.
 * @throws TypeError or RangeError for a coefficient of which the polynomial is not that of the closed form; it names the coefficient, and what was
 * expected.
 *
 * @example
 * ```ts
 * import { ALIGN, UnderdampedLangevinDiffusionTerm, UnderdampedLangevinDriftTerm } from "@diffrax-ts/core";
 * import { decay, fosterLangevinSRK, type LangevinMethod, phi1 } from "@diffrax-ts/solvers-sde";
 *
 * // The force is frozen over the step, and friction and noise are exact for the velocity: of order 1.
 * const frozen: LangevinMethod<"beta" | "a" | "aa", "BrownianIncrement"> = {
 *   source: "Leimkuhler & Matthews (2015), Molecular Dynamics, chapter 7",
 *   minimalLevyArea: "BrownianIncrement",
 *   coefficients: {
 *     beta: decay(1, { power: 0, degree: 5 }),
 *     a: phi1(1, { power: 1, degree: 4 }),
 *     aa: phi1(1, { power: 0, degree: 5 }),
 *   },
 *   isFsal: false,
 *   computeStep: ({ gradient, each, x0 }) => {
 *     const f = gradient(x0);
 *     const v = each(
 *       ({ v, u, rho, W, c: { beta, a, aa } }, f) => v.mul(beta).sub(a.mul(u).mul(f)).add(rho.mul(aa).mul(W)),
 *       f,
 *     );
 *     const x = each(({ x, h }, v) => x.add(v.mul(h)), v);
 *     return { x, v, f: null, vError: null };
 *   },
 * };
 * const Frozen = () => fosterLangevinSRK("my-package/Frozen", { order: 1, strongOrder: 1 }, frozen);
 * Frozen().minimalLevyArea;
 * // → "BrownianIncrement"
 * ```
 */
export function fosterLangevinSRK<
  const Kind extends string,
  Name extends string,
  Area extends LevyArea,
>(
  kind: Kind,
  claims: Claims,
  method: LangevinMethod<Name, Area>,
  options?: LangevinOptions,
): LangevinSRK<Kind> {
  checkMethod(`fosterLangevinSRK: ${kind}: method`, method);
  return langevinSRK(kind, claims, method, options);
}

/** The methods that have been found to be right. */
let checked: WeakSet<object> | undefined;

function checkMethod(name: string, method: LangevinMethod): void {
  if (typeof method !== "object" || method === null)
    throw new TypeError(`${name} must be a LangevinMethod, got ${describeValue(method)}`);
  if (checked?.has(method) === true) return;
  const { minimalLevyArea, coefficients, computeStep } = method;
  if (!levyAreas.includes(minimalLevyArea)) {
    throw new RangeError(
      `${name}.minimalLevyArea must be ${levyAreas.map((area) => `"${area}"`).join(" or ")}, got ${describeValue(minimalLevyArea)}`,
    );
  }
  if (typeof computeStep !== "function")
    throw new TypeError(
      `${name}.computeStep must be a function, got ${describeValue(computeStep)}`,
    );
  if (typeof coefficients !== "object" || coefficients === null) {
    throw new TypeError(
      `${name}.coefficients must be a record of coefficients, got ${describeValue(coefficients)}`,
    );
  }
  for (const [key, coefficient] of Object.entries(coefficients))
    checkCoefficient(`${name}.coefficients.${key}`, coefficient);
  (checked ??= new WeakSet()).add(method);
}

/**
 * Holds a Taylor polynomial of degree `n` against its closed form: halving `α` has to divide what it leaves out by about `2ⁿ⁺¹`.
 *
 * @throws TypeError or RangeError that says what was expected.
 */
function checkCoefficient(name: string, coefficient: LangevinCoefficient): void {
  const { power, series, direct } = coefficient;
  if (!(Number.isInteger(power) && power >= 0)) {
    throw new RangeError(
      `${name}.power must be a whole number of at least 0, got ${describeValue(power)}`,
    );
  }
  if (!Array.isArray(series) || series.length === 0 || !series.every(Number.isFinite))
    throw new TypeError(
      `${name}.series must be a list of finite numbers, got ${describeValue(series)}`,
    );
  if (typeof direct !== "function")
    throw new TypeError(`${name}.direct must be a function, got ${describeValue(direct)}`);
  const leftOut = (alpha: number): number => {
    const [exact, polynomial] = [
      direct(tensor(alpha)),
      polyval(series.toReversed(), tensor(alpha)),
    ];
    return Math.abs(exact.sub(polynomial).item());
  };
  const [long, short] = [leftOut(1 / 4), leftOut(1 / 8)];
  // Below this a closed form is rounded: those of Lévy areas cancel to the fourth power of α.
  if (short < 1e-9 && long < 1e-6) return;
  if (long / short > 2 ** (series.length - 0.5)) return;
  throw new RangeError(
    `${name}.series: expected the Taylor polynomial of degree ${series.length - 1} of direct, which departs from it by ${short} at 1/8 and by ${long} at 1/4`,
  );
}
