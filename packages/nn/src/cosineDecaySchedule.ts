import { add, cos, div, minimum, mul, pow } from "@diffrax-ts/array";
import { checkOptions, type Part, part, type Scalar } from "@diffrax-ts/pytree";
import { requireCount, requireNumber } from "./checks.ts";
import { countOf, type Schedule } from "./Schedule.ts";

/** Options of `cosineDecaySchedule`. */
export interface CosineDecayOptions {
  readonly initValue: number;
  /** In how many steps it goes down. */
  readonly decaySteps: number;
  /** What is left at the end, as a fraction of the start. @defaultValue 0 */
  readonly alpha?: number;
  /** The power to which the cosine is taken. @defaultValue 1 */
  readonly exponent?: number;
}

interface CosineDecay extends Schedule, Part<"cosineDecaySchedule"> {
  readonly options: Required<CosineDecayOptions>;
}

/**
 * Half a turn of a cosine, and constant from there: `initValue ((1 - alpha) ((1 + cos(π count / decaySteps)) / 2)^exponent + alpha)`.
 * What `optax.cosine_decay_schedule` gives in float32, in float64.
 *
 * @throws RangeError if a number makes no sense; TypeError if an option does not exist.
 * @see Loshchilov, Hutter (2017), SGDR: stochastic gradient descent with warm restarts, arXiv:1608.03983
 *
 * @example
 * ```ts
 * import { cosineDecaySchedule } from "@diffrax-ts/nn";
 *
 * const rate = cosineDecaySchedule({ initValue: 0.1, decaySteps: 100 });
 * [0, 50, 100, 200].map((count) => rate.value(count).item());
 * // → [0.1, 0.05, 0.0, 0.0]
 * ```
 */
export function cosineDecaySchedule(options: CosineDecayOptions): Schedule {
  const name = "cosineDecaySchedule";
  const names = ["initValue", "decaySteps", "alpha", "exponent"] as const;
  const { initValue, decaySteps, alpha = 0, exponent = 1 } = checkOptions(name, options, names);
  requireNumber(name, "initValue", initValue, "a finite number", Number.isFinite);
  requireNumber(name, "alpha", alpha, "a finite number", Number.isFinite);
  requireNumber(name, "exponent", exponent, "> 0", (x) => x > 0 && x < Infinity);
  requireCount(name, "decaySteps", decaySteps, 1);
  return part(name, { options: { initValue, decaySteps, alpha, exponent }, value });
}

function value(this: CosineDecay, count: Scalar | number): Scalar {
  const { initValue, decaySteps, alpha, exponent } = this.options;
  const done = minimum(countOf(count), decaySteps);
  const wave = mul(add(cos(div(mul(done, Math.PI), decaySteps)), 1), 0.5);
  const shaped = exponent === 1 ? wave : pow(wave, exponent);
  return mul(add(mul(shaped, 1 - alpha), alpha), initValue);
}
