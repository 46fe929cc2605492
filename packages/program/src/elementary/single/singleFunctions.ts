// The elementary functions of one float32, and `atan2(ops, y, x)` and `pow(ops, base, exponent)`: as in elementaryFunctions.ts, most of them
// on exact operations of float64, of which the last result is rounded. A float64 holds products of two float32 exactly and has room beyond both
// ends of their range, so that they need neither corrections nor scaling, and half of the terms. `log`, `sin` and `cos` are faster on those of
// float32, which are done four at once, corrections included. Results are right to 0.9 ulp (test/elementary/singleClaims.json).
export { acos, asin, atan, atan2 } from "./arc.ts";
export { cbrt } from "./cbrt.ts";
export { cos, sin, tan } from "./circular.ts";
export { erf, erfc, erfInv } from "./erf.ts";
export { cosh, exp, expm1, logistic, sinh, tanh } from "./exponential.ts";
export { acosh, asinh, atanh, log, log10, log1p, log2 } from "./logarithm.ts";
export { pow } from "./pow.ts";
