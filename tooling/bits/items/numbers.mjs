/**
 * Numbers that look random, the same on every machine: in [-1, 1).
 *
 * @param {number} length
 * @param {number} [seed]
 */
export function noise(length, seed = 1) {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const special = [0, 5e-324, 2.2250738585072014e-308, 1e-300, 2 ** -149, 2 ** -126, 1e-30, 0.5, 1];
const large = [1.5, 2, 3.5, 1e16, 3.4028234663852886e38, 1e300, Number.MAX_VALUE, Infinity];

/** Arguments of all sizes and both signs: zeros, subnormal numbers, the largest ones, infinities, NaN. */
export const everywhere = Float64Array.from(
  [...special, ...large].flatMap((x) => [x, -x]).concat(Number.NaN, sizes()),
);

/** 600 numbers from 2^-60 to 2^60, their exponents evenly spread; and 400 within [-1, 1). */
function sizes() {
  const [exponents, parts] = [noise(600, 2), noise(600, 3)];
  const spread = Array.from(exponents, (e, i) => 2 ** Math.round(60 * e) * (parts[i] ?? 0));
  return [...spread, ...noise(400, 4)];
}
