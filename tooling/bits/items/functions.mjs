import { np } from "@diffrax-ts/core";
import { everywhere, noise } from "./numbers.mjs";

/** @type {Record<string, (...args: any[]) => any>} */
const all = { ...np };

/** Of one number. */
const unary = `
  acos acosh asin asinh atan atanh cbrt cos cosh erf erfc erfInv exp expm1 log log10 log1p log2 logistic
  round sign sin sinh sqrt square tan tanh
`;

/** Of two numbers. */
const binary = "atan2 copysign hypot maximum minimum nextafter pow rem";

/** @type {(names: string) => string[]} */
const list = (names) => names.trim().split(/\s+/);

/** @type {<T>(run: (dtype: "float64" | "float32") => T) => { float64: T, float32: T }} */
const inBoth = (run) => ({ float64: run("float64"), float32: run("float32") });

/** Sums in every length that kernels treat apart. */
function contractions() {
  return inBoth((dtype) =>
    [0, 1, 2, 3, 5, 8, 17, 31, 64, 100, 257].map((n) => {
      const [a, b] = [np.tensor(noise(n, 5), { dtype }), np.tensor(noise(n, 6), { dtype })];
      const rows = np.reshape(np.tensor(noise(3 * n, 7), { dtype }), [3, n]);
      return [np.sum(a), np.dot(a, b), np.matmul(rows, a), np.cumsum(a), np.prod(a), np.norm(a)];
    }),
  );
}

function products() {
  return inBoth((dtype) =>
    [1, 2, 7, 16, 33].map((n) => {
      const square = (/** @type {number} */ seed) =>
        np.reshape(np.tensor(noise(n * n, seed), { dtype }), [n, n]);
      return np.matmul(square(8), np.transpose(square(9)));
    }),
  );
}

/** @type {Record<string, () => unknown>} */
export const functions = {
  ...Object.fromEntries(
    list(unary).map((name) => [
      `np.${name}`,
      () => inBoth((dtype) => all[name](np.tensor(everywhere, { dtype }))),
    ]),
  ),
  ...Object.fromEntries(
    list(binary).map((name) => [
      `np.${name}`,
      () =>
        inBoth((dtype) => {
          const x = np.tensor(everywhere, { dtype });
          return [1, 7, 400].map((by) => all[name](x, np.roll(x, by)));
        }),
    ]),
  ),
  "sums of all lengths": contractions,
  "products of matrices": products,
};
