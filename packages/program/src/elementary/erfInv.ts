import type { ExactOps } from "./exact.ts";
import { log } from "./log.ts";
import { squareResidue } from "./pairs.ts";
import { polynomial } from "./polynomial.ts";

// erfInv x = x + x P(w), w = -log(1 - x²), |x| < 0.95; error 2^-57.5.
const CENTRE = [
  -0.11377307454724199, 0.23201366653465527, 0.011549342038240333, -0.002335101641140395,
  -0.0001280432980560737, 4.66114589266124e-5, 2.01992949254016e-6, -1.01242281176065e-6,
  -3.750395136379e-8, 2.303549130365e-8, 5.47319942131e-10, -3.93392080933e-10, -7.65587895155e-11,
  3.1904669999e-11, -3.8194210423e-12, 1.6891608795e-13,
];
// erfInv x = s + T((s - 2.5) / (s + 2.5)), s = √(-log(1 - x)), 0.95 ≤ x < 1; error 2^-55.7.
const TAIL = [
  -0.307454078188087, 0.2349181365712782, 0.1186946375315233, -0.1795242804674736,
  0.199336751715736, -0.13491481030895, 0.06380419763865, 0.0135858315847, -0.0582806934129,
  0.0770176441781, -0.0610305118024, 0.0301696475724, 0.008415711612, -0.03512267867, 0.0459179635,
  -0.03419966696, 0.0139232784,
];

/** The parts in which the inverse of the error function is found, as rounded as a dtype needs them. */
interface Parts<V> {
  readonly log: (x: V) => V;
  /** Of `|x|` and `w = -log(1 - x²)`. */
  readonly centre: (a: V, w: V) => V;
  /** What is added to `s = √w`, `w = -log(1 - |x|)`, at the place `(s - 2.5) / (s + 2.5)`. */
  readonly tail: (place: V, s: V, w: V, a: V) => V;
}

/**
 * The inverse of the error function: a polynomial in Giles's variable `w = -log(1 - x²)`, with the square factored, which keeps it exact near
 * 1; for the outermost twentieth one in `√(-log(1 - |x|))`.
 *
 * @see Giles, Approximating the erfinv function, GPU Computing Gems (2011)
 */
export function erfInvBy<V, I, B>(o: ExactOps<V, I, B>, x: V, { log, centre, tail }: Parts<V>): V {
  const one = o.constant(1);
  const a = o.abs(x);
  const inner = o.lt(a, o.constant(0.95));
  const distance = o.sub(one, a);
  const w = o.neg(log(o.select(inner, o.mul(distance, o.add(one, a)), distance)));
  const [value] = o.cond(
    inner,
    () => [centre(a, w)],
    () => {
      const s = o.sqrt(w);
      const place = o.sub(one, o.div(o.constant(5), o.add(s, o.constant(2.5)))); // (s - 2.5) / (s + 2.5)
      return [o.add(s, tail(place, s, w, a))];
    },
  );
  return o.copysign(value, x);
}

/** The inverse of the error function: `±∞` at `±1`, NaN beyond. Within 1.9 ulp. */
export function erfInv<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return erfInvBy(o, x, {
    log: (distance) => log(o, distance),
    centre: (a, w) => o.add(a, o.mul(a, polynomial(o, w, CENTRE))),
    tail: (place, s, w, a) => {
      const missing = o.div(squareResidue(o, w, s), o.add(s, s));
      const finite = o.add(missing, polynomial(o, place, TAIL));
      return o.select(o.lt(a, o.constant(1)), finite, o.constant(0));
    },
  });
}
