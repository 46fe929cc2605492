import type { AllOps, ExactOps, NarrowOps } from "../exact.ts";
import { MAGIC } from "../exp.ts";
import { polynomial } from "../polynomial.ts";
import { reduceLargeAngle } from "../reduceLargeAngle.ts";
import { narrowNumbers } from "./narrowNumbers.ts";

/** Up to here products of the multiple and the first part of π are exact. */
const LARGE = 1048576;
// π in two parts, the first of 33 bits.
const PI_1 = 3.1415926534682512;
const PI_2 = 1.2154201013012384e-10;

// sin r = r + r³ S(r²), |r| ≤ π/2; error 2^-27.3.
const SIN = [-0.16666659544632, 0.0083330660820934, -0.00019809590023731, 2.6057505093578e-6];
// r cot r = 1 + r² T(r²), |r| ≤ π/4; error 2^-27.4.
const COT = [-0.3333330552738, -0.02222642332066, -0.002096636625434, -0.0002478610633114];

/** `x = (n - shift) unit π + r`, `|r| ≤ unit π/2`, as `[r, 1.5·2⁵² + n]`; `|x| < LARGE`. */
function subtractTurns<V, I, B>(
  o: ExactOps<V, I, B>,
  x: V,
  unit: 0.5 | 1,
  shift: 0 | 0.5,
): readonly [V, V] {
  const turns = o.mul(x, o.constant(1 / (unit * Math.PI)));
  const shifted = o.add(shift === 0 ? turns : o.add(turns, o.constant(shift)), o.constant(MAGIC));
  const whole = o.sub(shifted, o.constant(MAGIC));
  const n = shift === 0 ? whole : o.sub(whole, o.constant(shift));
  const first = o.sub(x, o.mul(n, o.constant(unit * PI_1))); //   exact
  return [o.sub(first, o.mul(n, o.constant(unit * PI_2))), shifted];
}

/** `sin(x + shift π)`: `± sin r` where `x + shift π = n π + r`. */
function sinOfShifted<V, I, B>(o: ExactOps<V, I, B>, x: V, shift: 0 | 0.5): V {
  const [r, n] = o.cond(
    o.lt(o.abs(x), o.constant(LARGE)),
    () => subtractTurns(o, x, 1, shift),
    () => {
      const [rest, , quarters] = o.apart(reduceLargeAngle, x);
      const count = o.sub(quarters, o.constant(MAGIC - 2 * shift));
      const half = o.floor(o.mul(count, o.constant(0.5)));
      const isEven = o.eq(o.add(half, half), count);
      const cosine = o.sub(o.constant(Math.PI / 2), o.abs(rest)); // cos r = sin(π/2 - |r|)
      return [o.select(isEven, rest, cosine), o.add(half, o.constant(MAGIC))];
    },
  );
  const square = o.mul(r, r);
  const value = o.mul(r, o.add(o.constant(1), o.mul(square, polynomial(o, square, SIN))));
  return o.fromBits(o.ixor(o.bits(value), o.ishl(o.bits(n), 63)));
}

/** The sine: in float32 where the argument is not large. */
export function sin<V, I, B>(o: AllOps<V, I, B>, x: V): V {
  return narrowSin(o, x, 0);
}

/** The cosine. */
export function cos<V, I, B>(o: AllOps<V, I, B>, x: V): V {
  return narrowSin(o, x, 1);
}

/** `sin(x + quarters π/2)`. */
function narrowSin<V, I, B>(o: AllOps<V, I, B>, x: V, quarters: 0 | 1): V {
  return o.narrow(
    x,
    (n, w) => {
      const near = quadrant(n, w, quarters);
      const [value] = n.cond(
        n.lt(n.abs(w), n.constant(NARROW)),
        () => [near],
        () => [n.round(sinOfShifted(o, n.widen(w), quarters === 0 ? 0 : 0.5))],
      );
      return value;
    },
    narrowNumbers,
  );
}

/** Up to here products of the multiple and the first three of four parts of π/2 are exact; these have 12 bits each. */
const NARROW = 6400;
const PIO2_1 = 1.5703125;
const PIO2_2 = 0.0004837512969970703;
const PIO2_3 = 7.549533620476723e-8;
const PIO2_4 = 2.5633440682570896e-12;
/** 1.5 · 2²³ */
const NARROW_MAGIC = 12582912;

// sin r = r + r³ S(r²), cos r = 1 - r²/2 + r⁴ C(r²), |r| ≤ π/4; errors 2^-26.9 and 2^-32.4.
const NARROW_SIN = [-0.16666654611, 8.3321608736e-3, -1.9515295891e-4];
const NARROW_COS = [4.166664568298827e-2, -1.388731625493765e-3, 2.443315711809948e-5];

/** The sine or the cosine of `x = n π/2 + (r - negLow)`, each with what the rounding of its first terms has left out. */
function quadrant<W, J, B, V>(n: NarrowOps<W, J, B, V>, x: W, quarters: 0 | 1): W {
  const shifted = n.add(n.mul(x, n.constant(2 / Math.PI)), n.constant(NARROW_MAGIC));
  const count = n.sub(shifted, n.constant(NARROW_MAGIC));
  const first = n.sub(x, n.mul(count, n.constant(PIO2_1))); //    exact
  const second = n.sub(first, n.mul(count, n.constant(PIO2_2))); // exact
  const third = n.mul(count, n.constant(PIO2_3)); //              exact
  const r = n.sub(second, third);
  const negLow = n.sub(n.mul(count, n.constant(PIO2_4)), n.sub(n.sub(second, r), third));
  const z = n.mul(r, r);
  const [one, half] = [n.constant(1), n.mul(z, n.constant(0.5))];
  const near = n.sub(one, half);
  // Differences, so that -0 stays what it is.
  const sineRest = n.mul(n.mul(r, z), polynomial(n, z, NARROW_SIN));
  const sine = n.sub(r, n.sub(n.mul(negLow, near), sineRest));
  const rest = n.add(n.mul(n.mul(z, z), polynomial(n, z, NARROW_COS)), n.mul(r, negLow));
  const cosine = n.add(near, n.add(n.sub(n.sub(one, near), half), rest));
  const bits = n.bits(shifted);
  const index = quarters === 0 ? bits : n.iadd(bits, n.integer(1n));
  const isEven = n.ieq(n.iand(index, n.integer(1n)), n.integer(0n));
  const value = n.select(isEven, sine, cosine);
  return n.fromBits(n.ixor(n.bits(value), n.ishl(n.ishrl(index, 1), 31)));
}

/** The tangent: `r / C` or `-C / r` with `C = r cot r`, by the quarter. */
export function tan<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const [r, n] = o.cond(
    o.lt(o.abs(x), o.constant(LARGE)),
    () => subtractTurns(o, x, 0.5, 0),
    () => {
      const [rest, , quarters] = o.apart(reduceLargeAngle, x);
      return [rest, quarters];
    },
  );
  const square = o.mul(r, r);
  const c = o.add(o.constant(1), o.mul(square, polynomial(o, square, COT)));
  const isEven = o.ieq(o.iand(o.bits(n), o.integer(1n)), o.integer(0n));
  return o.div(o.select(isEven, r, o.neg(c)), o.select(isEven, c, r));
}
