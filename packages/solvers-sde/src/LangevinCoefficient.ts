import { add, all, div, exp, integerPow, mul, neg, polyval, sub, where } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/**
 * A coefficient `hᵖ φ(α)` of a step of length `h`, with `α = γ h` for the friction `γ`. The closed form of `φ` cancels where `α` is small, and
 * there its Taylor polynomial is taken.
 */
export interface LangevinCoefficient {
  /** The power `p` of `h` in front. */
  readonly power: number;
  /** The Taylor polynomial of `φ`, the constant first. */
  readonly series: readonly number[];
  /** `φ` in closed form, for `α` other than 0. */
  readonly direct: (alpha: Tensor) => Tensor;
}

/** Coefficients by name. */
export type LangevinTable<Name extends string = string> = Readonly<
  Record<Name, LangevinCoefficient>
>;

/** The coefficients of a step for one friction, or one for each component of it. */
export type CoefficientsAt<Name extends string = string> = Readonly<Record<Name, Tensor>>;

/** The options of a coefficient: how many powers of `α` its polynomial has, and how many of `h` stand in front. */
type Form = Pick<LangevinCoefficient, "power"> & { readonly degree: number };

/** `e^(-s α)`: what friction leaves of a velocity after the part `s` of the step. */
export function decay(s: number, { power, degree }: Form): LangevinCoefficient {
  return { power, series: powersOf(-s, 0, degree, 1), direct: (alpha) => exp(mul(alpha, -s)) };
}

/** `(1 - e^(-s α)) / α`: how far a velocity leads in the part `s` of the step, as a part of `h`. */
export function phi1(s: number, { power, degree }: Form): LangevinCoefficient {
  const direct = (alpha: Tensor): Tensor => div(sub(1, exp(mul(alpha, -s))), alpha);
  return { power, series: powersOf(-s, 1, degree, -1), direct };
}

/** `(e^(-s α) + s α - 1) / α²`: how far a constant force leads in the part `s` of the step, as a part of `h²`. */
export function phi2(s: number, { power, degree }: Form): LangevinCoefficient {
  const direct = (alpha: Tensor): Tensor =>
    div(sub(add(exp(mul(alpha, -s)), mul(alpha, s)), 1), mul(alpha, alpha));
  return { power, series: powersOf(-s, 2, degree, 1), direct };
}

/** `6 (e^(-α) (α + 2) + α - 2) / α³`: what the space-time Lévy area of the noise adds to the position, as a part of `h`. */
export function ofSpaceTime(): LangevinCoefficient {
  const direct = (alpha: Tensor): Tensor => {
    const sum = mul(exp(neg(alpha)), add(alpha, 2));
    return div(mul(6, sub(add(sum, alpha), 2)), integerPow(alpha, 3));
  };
  return { power: 1, series: [1, -1 / 2, 3 / 20, -1 / 30, 1 / 168], direct };
}

/** `60 (e^(-α) (α² + 6 α + 12) - α² + 6 α - 12) / α⁴`: the same for the space-time-time Lévy area. */
export function ofSpaceTimeTime(): LangevinCoefficient {
  const direct = (alpha: Tensor): Tensor => {
    const sum = mul(exp(neg(alpha)), add(mul(alpha, add(alpha, 6)), 12));
    return div(mul(60, sub(sub(sum, mul(alpha, sub(alpha, 6))), 12)), integerPow(alpha, 4));
  };
  return { power: 1, series: [0, -1, 1 / 2, -1 / 7, 5 / 168], direct };
}

/** `sign · x^k / k!` for `k` from `first` on: the Taylor coefficients of the exponential function without its first terms. */
function powersOf(x: number, first: number, degree: number, sign: 1 | -1): readonly number[] {
  const terms: number[] = [];
  let term: number = sign;
  for (let k = 0; k <= first + degree; k++) {
    if (k > 0) term *= x / k;
    if (k >= first) terms.push(term);
  }
  return terms;
}

/**
 * All coefficients of a step for one friction.
 *
 * @param isSmallAt - Where polynomials are taken.
 */
export function coefficientsAt<Name extends string>(
  table: LangevinTable<Name>,
  gamma: Tensor,
  h: Scalar,
  isSmallAt: (alpha: Tensor) => Tensor,
): CoefficientsAt<Name> {
  const alpha = mul(gamma, h);
  const isSmall = isSmallAt(alpha);
  // Where the polynomial is taken the closed form must have no infinite derivative.
  const large = where(isSmall, 1, alpha);
  const names = Object.keys(table) as Name[];
  const made = (of: (coefficient: LangevinCoefficient) => Tensor): CoefficientsAt<Name> =>
    Object.fromEntries(
      names.map((name) => [name, mul(of(table[name]), integerPow(h, table[name].power))]),
    ) as Record<Name, Tensor>;
  const taylor = ({ series }: LangevinCoefficient): Tensor => polyval(series.toReversed(), alpha);
  const isScalar = alpha.shape.length === 0;
  return cond(
    isScalar ? isSmall : all(isSmall),
    () => made(taylor),
    () =>
      made((coefficient) => {
        const direct = coefficient.direct(large);
        return isScalar ? direct : where(isSmall, taylor(coefficient), direct);
      }),
  );
}
