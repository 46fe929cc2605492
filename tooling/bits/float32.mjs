// Computes the elementary functions of float32 for every one of its 2³² arguments, those of two for as many pairs as there are
// arguments of 28 bits, with the built packages, and compares them with what the functions of float64 give. Writes the largest
// errors, and where they are, to packages/program/test/elementary/singleClaims.json, beside those of functions not asked for.
// A function takes a minute or two; `sin`, `cos` and `tan` take ten for what is beyond 2²⁰. `--below` looks at smaller arguments alone, where
// nothing has changed for the others: what was found of these counts on.
//
//   node tooling/bits/float32.mjs [--below=6400] [exp log …]
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { jit, np } from "@diffrax-ts/core";

const file = new URL("../../packages/program/test/elementary/singleClaims.json", import.meta.url);

const binary = ["atan2", "pow"];
const unary = `
  acos acosh asin asinh atan atanh cbrt cos cosh erf erfInv erfc exp expm1 log log10 log1p log2 logistic sin sinh tan tanh
`;
const known = [...unary.trim().split(/\s+/), ...binary];
const all = /** @type {Record<string, any>} */ ({ ...np });

const chunk = 2 ** 20;

/** The reciprocal of an ulp of float32, by the biased exponent of a float64. */
const perUlp = Float64Array.from({ length: 2048 }, (_, exponent) => {
  const power = Math.min(Math.max(exponent - 1023, -126), 127);
  return 2 ** (23 - power);
});

const wantedDouble = new Float64Array(1);
const wantedWords = new Uint32Array(wantedDouble.buffer);

/**
 * How many ulps lie between a float32 and what is wanted.
 *
 * @param {number} got
 * @param {number} wanted
 */
function ulps(got, wanted) {
  if (got !== got && wanted !== wanted) return 0;
  const error = Math.abs(got - wanted);
  if (error <= Number.MAX_VALUE && (got !== 0 || Object.is(got, Math.fround(wanted)))) {
    wantedDouble[0] = wanted;
    return error * perUlp[(wantedWords[1] >>> 20) & 0x7ff];
  }
  return Object.is(got, Math.fround(wanted)) ? 0 : Infinity;
}

/** @param {number} bits */
function float32At(bits) {
  new Uint32Array(argument.buffer)[0] = bits;
  return argument[0];
}
const argument = new Float32Array(1);

/**
 * The largest error of a function.
 *
 * @param {string} name
 */
function worstOf(name) {
  const isBinary = binary.includes(name);
  const f = all[name];
  const both = jit((/** @type {any} */ x, /** @type {any} */ y) => {
    const wide = np.astype(x, "float64");
    return isBinary ? [f(x, y), f(wide, np.astype(y, "float64"))] : [f(x), f(wide)];
  });
  const x = new Float32Array(chunk);
  const words = new Uint32Array(x.buffer);
  const y = new Float32Array(isBinary ? chunk : 1);
  const otherWords = new Uint32Array(y.buffer);
  let worst = 0;
  /** @type {number[]} */
  let at = [];
  for (let start = 0; start < 2 ** 32; start += isBinary ? 16 * chunk : chunk) {
    if (float32At(start & 0x7fffffff) >= below) continue;
    for (let i = 0; i < chunk; i++) words[i] = isBinary ? start + 16 * i + (i & 15) : start + i;
    if (isBinary) fillPartners(name, x, y, otherWords);
    const [got, wanted] = both(np.tensor(x), np.tensor(y));
    let limit = worst * 2 ** -24; // of the result: an ulp is more than 2⁻²⁴ of it
    for (let i = 0; i < chunk; i++) {
      if (Math.abs(got.data[i] - wanted.data[i]) < limit * Math.abs(wanted.data[i])) continue;
      const error = ulps(got.data[i], wanted.data[i]);
      if (error > worst) {
        limit = error * 2 ** -24;
        worst = error;
        at = isBinary ? [x[i], y[i]] : [x[i]];
      }
    }
  }
  return { error: worst, at };
}

/**
 * Second arguments: of all sizes, and such that results are neither 0 nor infinite.
 *
 * @param {string} name
 * @param {Float32Array} x
 * @param {Float32Array} y
 * @param {Uint32Array} words
 */
function fillPartners(name, x, y, words) {
  for (let i = 0; i < y.length; i++) {
    words[i] = Math.imul(i ^ (i >>> 9), 0x9e3779b1);
    const part = ((i * 0.6180339887) % 1) * 2 - 1;
    const first = Math.abs(x[i]);
    if (i % 4 !== 0) y[i] = name === "pow" ? (part * 104) / Math.log(first) : part * 4 * first;
  }
}

const options = process.argv.slice(2);
const limit = options.find((option) => option.startsWith("--below="))?.slice(8);
const below = limit === undefined ? NaN : Number(limit);
const given = options.filter((option) => !option.startsWith("--"));
for (const name of given.length > 0 ? given : known) {
  if (!known.includes(name))
    throw new Error(`float32: no function ${name}; there are ${known.join(", ")}`);
  const { error, at } = worstOf(name);
  const report = JSON.parse(readFileSync(file, "utf8"));
  const found = { error, at, date: new Date().toISOString().slice(0, 10), node: process.version };
  const before = report.found[name];
  const isPart = limit !== undefined;
  const worst = isPart ? Math.max(error, before.error) : error;
  report.claims[name] = Math.floor(worst * 1000 + 1) / 1000;
  report.found[name] = isPart ? { ...found, below, beyond: before } : found;
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`${name}: ${error} at ${at.join(", ")}`);
}
