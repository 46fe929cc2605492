import type { Primitive } from "@diffrax-ts/program";
import { describe, test } from "vitest";
import { checkPrograms } from "./support/checkPrograms.ts";
import { primitiveCases } from "./support/primitiveCases.ts";

const cases = primitiveCases();

/** Those whose parameters define them, and the remainder. */
const elementary: readonly Primitive[] = [
  ...(["exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan"] as const),
  ...(["asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh"] as const),
  ...(["atanh", "cbrt", "erf", "erfc", "erfInv", "logistic", "pow", "rem"] as const),
];

describe.each(elementary)("%s of arrays, called for all elements of each", (primitive) => {
  test.each(["float64", "float32"] as const)("gives the bits of %s", (dtype) => {
    const { build } = cases[primitive];
    // In code that is cut as finely as that one of them is written out.
    checkPrograms(
      6,
      (builder) => Array.from({ length: 4 }, () => build(builder, dtype)).flat(),
      [1],
    );
  });
});
