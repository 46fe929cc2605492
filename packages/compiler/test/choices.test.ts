import {
  allocate,
  arrayType,
  type ArrayValue,
  less,
  lessEqual,
  mul,
  sub,
  traceProgram,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { checkAgreement } from "./support/agree.ts";

type Choice = (x: Tensor, y: Tensor) => Tensor;

/** Choices of one of two numbers by their order, in vectors one instruction; and others that are none. */
const choices: Readonly<Record<string, Choice>> = {
  "x < y ? x : y": (x, y) => where(less(x, y), x, y),
  "x < y ? y : x": (x, y) => where(less(x, y), y, x),
  "y < x ? x : y": (x, y) => where(less(y, x), x, y),
  "x ≤ y ? x : y": (x, y) => where(lessEqual(x, y), x, y),
  "x < y ? x : -0": (x, y) => where(less(x, y), x, -0),
  "x < 0 ? 0 : x": (x) => where(less(x, 0), 0, x),
  "x < 0 ? -0 : x": (x) => where(less(x, 0), -0, x),
  "1 < x ? 1 : x": (x) => where(less(1, x), 1, x),
  "both of one comparison": (x, y) => {
    const isLess = less(x, y);
    return sub(mul(where(isLess, x, y), 3), where(isLess, y, x));
  },
};

const numbers = [0, -0, 1, -1, 2.5, -2.5, Infinity, -Infinity, NaN];

/** All pairs. */
function pairs(dtype: "float32" | "float64"): readonly ArrayValue[] {
  return [0, 1].map((side): ArrayValue => {
    const data = allocate(dtype, numbers.length ** 2);
    for (const [i, x] of numbers.entries())
      for (const [j, y] of numbers.entries()) data[i * numbers.length + j] = side === 0 ? x : y;
    return { dtype, shape: [data.length], data };
  });
}

describe.each(["float64", "float32"] as const)("a choice by the order of two %s", (dtype) => {
  test.each(Object.entries(choices))(
    "%s keeps the zeros and the NaN of its terms, evaluated and compiled",
    (_, choice) => {
      const type = arrayType(dtype, [numbers.length ** 2]);
      const { program } = traceProgram([type, type], (x, y) => [choice(x, y)]);
      expect(() => checkAgreement(program, pairs(dtype))).not.toThrow();
    },
  );
});
