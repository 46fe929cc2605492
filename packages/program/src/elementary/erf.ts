import type { ExactOps } from "./exact.ts";
import { expOfRest, expParts, scale, scaleFar } from "./exp.ts";
import { high } from "./pairs.ts";
import { polynomial } from "./polynomial.ts";

// erf x = x + x E(x²) on |x| ≤ 1; error 2^-56.
const ERF = [
  0.12837916709551256, -0.37612638903183343, 0.1128379167093694, -0.02686617064195554,
  0.005223977596687376, -0.00085483254817046, 0.00012055280368055, -1.4924462585474e-5,
  1.64441056512e-6, -1.6183592298e-7, 1.3614741234e-8, -7.60373504e-10,
];

// log(e^(x²) erfc(x) (1 + 2x)) - ¼ in (x - 2) / (x + 2) for ½ ≤ x ≤ 28; error 2^-55.7.
const ERFC = [
  -0.005503352182537198, -0.07264322397765731, -0.13265669315809708, 0.11889561023127355,
  -0.04227268936629692, 0.00672706143802098, -0.00601706644317379, 0.006344898328749395,
  -0.002245766902124644, 0.000446063752871747, -0.000698395638738753, 0.00050412936320025,
  -0.00011001091843011, 6.867303516953e-5, -8.607776052622e-5, 3.132524182031e-5, -9.37768787659e-6,
  1.282356232568e-5, -6.28567578282e-6, 1.68216294213e-6, -2.58254985775e-6, 1.94012854178e-6,
  -4.4735345137e-7,
];

/**
 * `erfc a = 2^k y`, ½ ≤ a ≤ 28: `e^(¼ - a² + G) / (1 + 2a)` with a small, smooth `G`. The square is
 * taken in two parts, and the quotient is corrected by the errors of what is divided.
 */
function tail<V, I, B>(o: ExactOps<V, I, B>, a: V): { readonly y: V; readonly k: I } {
  const one = o.constant(1);
  const two = o.constant(2);
  const top = high(o, a);
  const rest = o.mul(o.sub(top, a), o.add(top, a)); //            -a² = -top² + rest
  const bend = polynomial(o, o.div(o.sub(a, two), o.add(a, two)), ERFC);
  const parts = expParts(o, o.sub(o.constant(0.25), o.mul(top, top)), o.add(rest, bend));
  const { value, error } = expOfRest(o, parts);
  const twice = o.add(a, a);
  const below = o.add(one, twice);
  const belowError = o.sub(one, o.sub(below, twice));
  const quotient = o.div(value, below);
  const correction = o.mul(o.sub(error, o.mul(quotient, belowError)), o.div(one, below));
  return { y: o.add(quotient, correction), k: parts.k };
}

/** `x E(x²) = erf x - x`, `|x| ≤ 1`. */
function excess<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return o.mul(x, polynomial(o, o.mul(x, x), ERF));
}

/**
 * The error function, `2/√π ∫₀ˣ e^(-t²) dt`: a polynomial up to 1, `1 - erfc` beyond. Within 1.5
 * ulp.
 */
export function erf<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const one = o.constant(1);
  const six = o.constant(6);
  const a = o.abs(x);
  const { y, k } = tail(o, o.select(o.lt(six, a), six, a));
  const small = o.add(a, excess(o, a));
  return o.copysign(o.select(o.le(one, a), o.sub(one, scale(o, y, k)), small), x);
}

/** `1 - erf x`, accurate where it is small. Within 1.6 ulp. */
export function erfc<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const half = o.constant(0.5);
  const most = o.constant(28);
  const a = o.abs(x);
  const { y, k } = tail(o, o.select(o.lt(most, a), most, a));
  const [far] = o.cond(
    o.lt(a, o.constant(26)),
    () => [scale(o, y, k)],
    () => [scaleFar(o, y, k)],
  );
  const both = o.select(o.lt(x, o.constant(0)), o.sub(o.constant(2), far), far);
  const near = o.sub(half, o.add(excess(o, x), o.sub(x, half)));
  return o.select(o.lt(a, half), near, both);
}
