import {
  add,
  less,
  log1p as exactLog1p,
  maximum,
  mul,
  neg,
  sqrt,
  sub,
  where,
} from "@diffrax-ts/array";
import { apply, type ExactOps, exactPolynomial } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { polynomial, xlaLog1p } from "./log1p.ts";

// Table 5 of the paper, from the highest power down: in w - 3.125, √w - 3.25 and √w - 5.
const CENTRE = [
  -3.64441206401782e-21, -1.6850591381820166e-19, 1.28584807152564e-18, 1.1157877678025181e-17,
  -1.333171662854621e-16, 2.0972767875968562e-17, 6.637638134358324e-15, -4.054566272975207e-14,
  -8.151934197605472e-14, 2.6335093153082323e-12, -1.2975133253453532e-11, -5.415412054294628e-11,
  1.0512122733215323e-9, -4.112633980346984e-9, -2.9070369957882005e-8, 4.2347877827932404e-7,
  -1.3654692000834679e-6, -1.3882523362786469e-5, 0.00018673420803405714, -0.000740702534166267,
  -0.006033670871430149, 0.24015818242558962, 1.6536545626831027,
];
const MIDDLE = [
  2.2137376921775787e-9, 9.075656193888539e-8, -2.7517406297064545e-7, 1.8239629214389228e-8,
  1.5027403968909828e-6, -4.013867526981546e-6, 2.9234449089955446e-6, 1.2475304481671779e-5,
  -4.7318229009055734e-5, 6.828485145957318e-5, 2.4031110387097894e-5, -0.0003550375203628475,
  0.0009532893797373805, -0.0016882755560235047, 0.002491442096107851, -0.003751208507569241,
  0.005370914553590064, 1.0052589676941592, 3.0838856104922208,
];
const TAIL = [
  -2.7109920616438573e-11, -2.555641816996525e-10, 1.5076572693500548e-9, -3.789465440126737e-9,
  7.61570120807834e-9, -1.496002662714924e-8, 2.914795345090108e-8, -6.771199775845234e-8,
  2.2900482228026655e-7, -9.9298272942317e-7, 4.526062597223154e-6, -1.968177810553167e-5,
  7.599527703001776e-5, -0.00021503011930044477, -0.00013871931833623122, 1.0103004648645344,
  4.849906401408584,
];

// The same for float32, in w - 2.5 and √w - 3.
const CENTRE32 = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503,
  -0.00417768164, 0.246640727, 1.50140941,
];
const TAIL32 = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613,
  0.00943887047, 1.00167406, 2.83297682,
];

/**
 * `P(y)`, of whose 22 multiplications each would wait for the one before. The powers from 8 on add less than a thousandth, so that the order in
 * which they are added moves one in 20 000 results, by a unit in the last place.
 */
function centreOf<V, I, B>(o: ExactOps<V, I, B>, y: V): V {
  const numLow = 8;
  const high = exactPolynomial(o, y, CENTRE.slice(0, -numLow).toReversed());
  return CENTRE.slice(-numLow).reduce((sum, c) => o.add(o.mul(sum, y), o.constant(c)), high);
}

/** `erf⁻¹ x` as JAX computes it, `|x| < 1`: with `w = -log(1 - x²)`, where the square is rounded, `x P(w)`. */
function define<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const evaluate = (c: readonly number[], y: V, centre: number): V =>
    polynomial(o, c, o.sub(y, o.constant(centre)));
  const w = o.neg(xlaLog1p(o, o.neg(o.mul(x, x))));
  const centre = centreOf(o, o.sub(w, o.constant(3.125))); // for all but one in a thousand
  const [p] = o.cond(
    o.lt(w, o.constant(6.25)),
    () => [centre],
    () => {
      const root = o.sqrt(w);
      const isMiddle = o.lt(w, o.constant(16));
      return [o.select(isMiddle, evaluate(MIDDLE, root, 3.25), evaluate(TAIL, root, 5))];
    },
  );
  return o.mul(p, x);
}

/** Computed in float32 throughout, as there. */
function inFloat32(x: Tensor): Tensor {
  const evaluate = (c: readonly number[], y: Tensor): Tensor =>
    c.slice(1).reduce((sum: Tensor | number, value) => add(mul(sum, y), value), c[0]!) as Tensor;
  const w = neg(exactLog1p(neg(mul(x, x))));
  const root = sqrt(maximum(w, 5)); // where it is used, and with a derivative where it is not
  return mul(where(less(w, 5), evaluate(CENTRE32, sub(w, 2.5)), evaluate(TAIL32, sub(root, 3))), x);
}

/**
 * The inverse of the error function between -1 and 1, with the errors that JAX has: up to 2e-11 near the ends, and in float32 some
 * units in the last place. `erfInv` of `array` is right to the last places, but a stream of random numbers has to be the same.
 *
 * @see Giles, Approximating the erfinv function, GPU Computing Gems (2011)
 */
export function erfInv(x: Tensor): Tensor {
  return x.dtype === "float64" ? apply("erfInv", [x], { define })[0]! : inFloat32(x);
}
