// All elementary functions of one float64, and `atan2(ops, y, x)` and `pow(ops, base, exponent)`: each written
// once, on exact operations. "Within 0.95 ulp" beside a function is a measurement, not a proof: no larger error
// was met among 10⁷ to 10⁸ arguments (`test/elementary/claims.ts`).
export { acos, asin } from "./arcsine.ts";
export { atan, atan2 } from "./arctangent.ts";
export { cbrt } from "./cbrt.ts";
export { erf, erfc } from "./erf.ts";
export { erfInv } from "./erfInv.ts";
export { exp } from "./exp.ts";
export { expm1 } from "./expm1.ts";
export { cosh, sinh } from "./hyperbolic.ts";
export { acosh, asinh, atanh } from "./inverseHyperbolic.ts";
export { log } from "./log.ts";
export { log1p } from "./log1p.ts";
export { log10, log2 } from "./logBase.ts";
export { logistic } from "./logistic.ts";
export { pow } from "./pow.ts";
export { tanh } from "./tanh.ts";
export { cos, sin, tan } from "./trigonometric.ts";
