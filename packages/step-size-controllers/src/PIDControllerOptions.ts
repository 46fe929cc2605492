import { asTensor } from "@diffrax-ts/array";
import { checkOptions, describeValue, isStrided, isTensor, type Tensor } from "@diffrax-ts/pytree";
import { type Norm, rmsNorm } from "@diffrax-ts/protocol";

/** A number, or a tensor of rank 0 with which it can be changed without a new trace; the rank is checked where the type does not tell it. */
export type Parameter = number | Tensor;

/** Options of `PIDController`. */
export interface PIDControllerOptions {
  /** Relative tolerance, dimensionless. */
  readonly rtol: Parameter;
  /** Absolute tolerance, in the units of `y`. */
  readonly atol: Parameter;
  /** The norm of the scaled error. @defaultValue rmsNorm */
  readonly norm?: Norm;
  /** Coefficient of the proportional part. @defaultValue 0 */
  readonly pcoeff?: Parameter;
  /** Coefficient of the integral part. @defaultValue 1 */
  readonly icoeff?: Parameter;
  /** Coefficient of the derivative part. @defaultValue 0 */
  readonly dcoeff?: Parameter;
  /** The smallest step, in the units of `t`. @defaultValue no limit */
  readonly dtmin?: Parameter | null;
  /** The largest step, in the units of `t`. @defaultValue no limit */
  readonly dtmax?: Parameter | null;
  /** At `dtmin` go on with steps of that length, instead of ending the solve with `dtMinReached`. @defaultValue true */
  readonly forceDtmin?: boolean;
  /** A step is at least this multiple of the one before. @defaultValue 0.2 */
  readonly factormin?: Parameter;
  /** A step is at most this multiple of the one before. @defaultValue 10 */
  readonly factormax?: Parameter;
  /** Fraction of the predicted step that is taken. @defaultValue 0.9 */
  readonly safety?: Parameter;
  /** The order of the local error, which may be a fraction. @defaultValue what the solver says */
  readonly errorOrder?: number | null;
}

/** All of the options. */
export type CompleteOptions = Required<PIDControllerOptions>;

/** What an option has to be, and what it is if it is left out; without that it cannot be left out. */
interface Rule<Value> {
  readonly fallback?: Value;
  readonly words: string;
  readonly isRight: (value: unknown) => boolean;
}

/** A number that a test holds for, or a scalar of which the value is known only when a solve runs. */
function isParameter(value: unknown, holds: (x: number) => boolean): boolean {
  return typeof value === "number" ? holds(value) : isTensor(value) && value.shape.length === 0;
}

const isTolerance = (value: unknown): boolean => isParameter(value, (x) => x >= 0 && x < Infinity);
const isFinite = (value: unknown): boolean => isParameter(value, Number.isFinite);
const isPositive = (value: unknown): boolean => isParameter(value, (x) => x > 0);
const isLimit = (value: unknown): boolean => value === null || isPositive(value);

const rules: { readonly [Name in keyof CompleteOptions]: Rule<CompleteOptions[Name]> } = {
  rtol: { words: ">= 0", isRight: isTolerance },
  atol: { words: ">= 0", isRight: isTolerance },
  norm: {
    fallback: rmsNorm,
    words: "a function such as rmsNorm",
    isRight: (value) => typeof value === "function",
  },
  pcoeff: { fallback: 0, words: "a finite number", isRight: isFinite },
  icoeff: { fallback: 1, words: "a finite number", isRight: isFinite },
  dcoeff: { fallback: 0, words: "a finite number", isRight: isFinite },
  dtmin: {
    fallback: null,
    words: "> 0, or null",
    isRight: (value) => value === null || isParameter(value, (x) => x > 0 && x < Infinity),
  },
  dtmax: { fallback: null, words: "> 0, or null", isRight: isLimit },
  forceDtmin: {
    fallback: true,
    words: "true or false",
    isRight: (value) => typeof value === "boolean",
  },
  factormin: {
    fallback: 0.2,
    words: "between 0 and 1",
    isRight: (value) => isParameter(value, (x) => x > 0 && x <= 1),
  },
  factormax: {
    fallback: 10,
    words: ">= 1, for steps not to shrink for ever",
    isRight: (value) => isParameter(value, (x) => x >= 1),
  },
  safety: {
    fallback: 0.9,
    words: "> 0 and <= 1, for a rejected step to shrink",
    isRight: (value) => isParameter(value, (x) => x > 0 && x <= 1),
  },
  errorOrder: {
    fallback: null,
    words: "> 0, or null",
    isRight: (value) =>
      value === null || (typeof value === "number" && value > 0 && value < Infinity),
  },
};

/** The options with those that were left out, once each of them is known to make sense. */
export function completeOptions(options: PIDControllerOptions): CompleteOptions {
  const names = Object.keys(rules) as (keyof CompleteOptions)[];
  refuseTimes(options);
  const given = checkOptions("PIDController", options, names);
  const complete: Partial<Record<keyof CompleteOptions, unknown>> = {};
  for (const name of names) {
    const { fallback, words, isRight } = rules[name];
    const { [name]: read = fallback } = given;
    const value = isStrided(read) ? asTensor(read, `PIDController: ${name}`) : read;
    if (!isRight(value)) {
      const Mistake = typeof value === "number" || isTensor(value) ? RangeError : TypeError;
      throw new Mistake(`PIDController: ${name} must be ${words}, got ${describeValue(value)}`);
    }
    complete[name] = value;
  }
  const checked = complete as CompleteOptions;
  const { rtol, atol, dtmin, dtmax } = checked;
  if (typeof dtmin === "number" && typeof dtmax === "number" && dtmin > dtmax) {
    throw new RangeError(
      `PIDController: dtmin must not be above dtmax, got dtmin = ${dtmin} and dtmax = ${dtmax}`,
    );
  }
  if (rtol === 0 && atol === 0)
    throw new RangeError("PIDController: rtol and atol are both 0: no step is that accurate");
  return checked;
}

/** What PIDController of older Diffrax took. @throws TypeError that writes out what takes it now. */
function refuseTimes(options: object): void {
  for (const name of ["stepTs", "jumpTs"]) {
    if (!Object.hasOwn(options ?? {}, name)) continue;
    throw new TypeError(
      `PIDController: there is no option ${name}; steps end at given times with ` +
        `ClipStepSizeController({ controller: PIDController({ rtol, atol }), ${name}: […] })`,
    );
  }
}
