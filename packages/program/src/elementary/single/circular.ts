import type { ExactOps } from "../exact.ts";
import { MAGIC } from "../exp.ts";
import { polynomial } from "../polynomial.ts";
import { reduceLargeAngle } from "../reduceLargeAngle.ts";

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

/** The sine. */
export function sin<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return sinOfShifted(o, x, 0);
}

/** The cosine. */
export function cos<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return sinOfShifted(o, x, 0.5);
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
