import {
  add,
  and,
  constantOf,
  convert,
  div,
  eq,
  ge,
  gt,
  integerPow,
  isTraced,
  le,
  lt,
  mul,
  ne,
  neg,
  not,
  pow,
  rem,
  sub,
  abs,
  where,
  type TensorLike,
} from "@diffrax-ts/program";
import { type DType, isTensor, type Tensor } from "@diffrax-ts/pytree";
import { fail, type Machine, mistake } from "../machine/Machine.ts";
import type { Truth } from "../machine/Outcome.ts";
import { Unsettled } from "../machine/Unsettled.ts";
import { known } from "./truth.ts";
import { isMissing } from "../isMissing.ts";

/** Whether a value is a number or truth value that is not known yet. */
export function isTracedScalar(x: unknown): x is Tensor {
  return isTensor(x) && x.shape.length === 0;
}

/** A scalar that turned out to be known, as a number or boolean. */
export function settled(x: unknown): unknown {
  if (!isTracedScalar(x) || isTraced(x)) return x;
  return x.dtype === "bool" ? x.item() !== 0 : x.item();
}

/** Whether a value counts as true. */
export function truthOf(m: Machine, x: unknown): Truth {
  if (x instanceof Unsettled)
    return truthOf(
      m,
      m.lift(m, x, (value) => truthOf(m, value)),
    );
  if (!isTracedScalar(x)) return Boolean(x);
  // A number is true unless 0 or NaN.
  const truth = known(x.dtype === "bool" ? x : read(lt(0, abs(x))));
  return typeof truth === "boolean" ? truth : (m.tape.facts.get(truth) ?? truth);
}

/** A comparison that nobody asks for is no mistake here. */
function read(x: Tensor): Tensor {
  return and(x, constantOf("bool", 1));
}

/** @throws PlainError if it is not known on which side of a condition the value came to be. */
export function refuseUnsettled(m: Machine, x: unknown): void {
  if (x instanceof Unsettled) fail(m, x.what, "give it a number on both sides of the condition");
}

/** Operands as numbers, in one dtype; truth values count as 0 and 1. */
function numbersOf(m: Machine, values: readonly unknown[]): readonly TensorLike[] {
  const dtype = dtypeOf(m, values);
  return values.map((x) => numberOf(m, x, dtype));
}

/** The dtype in which values meet. */
export function dtypeOf(m: Machine, values: readonly unknown[]): DType {
  const typed = values.find(
    (x): x is Tensor => isTracedScalar(x) && x.dtype.startsWith("float") && !m.literals.has(x),
  );
  return typed?.dtype ?? "float64";
}

function numberOf(m: Machine, x: unknown, dtype: DType): TensorLike {
  if (typeof x === "number") return x;
  if (isTracedScalar(x))
    return x.dtype.startsWith("float") && !m.literals.has(x) ? x : convert(x, dtype);
  if (typeof x === "boolean" || x === null) return Number(x);
  refuseUnsettled(m, x);
  if (x === undefined)
    mistake(
      m,
      "a number was expected, and this is undefined",
      "look for a misspelt name or a missing element",
    );
  if (isTensor(x))
    mistake(
      m,
      `a number was expected, and this is an array of ${x.shape.join(" × ")}`,
      "take an element, x[i], or go through all with x.map(…)",
    );
  return fail(m, `a number was expected, and this is ${describe(x)}`, "take one of its elements");
}

/** What kind of thing a value is, for errors. */
export function describe(x: unknown): string {
  if (Array.isArray(x)) return "an array";
  if (typeof x === "object" && x !== null) return "an object";
  return typeof x === "function"
    ? "a function"
    : typeof x === "string"
      ? JSON.stringify(x)
      : String(x);
}

/** Computes with numbers, where an error says where. */
export function compute(
  m: Machine,
  values: readonly unknown[],
  f: (...operands: TensorLike[]) => TensorLike,
): unknown {
  const operands = numbersOf(m, values);
  try {
    const result = settled(f(...operands));
    const areLiterals = values.every((x) => typeof x === "number" || m.literals.has(x as object));
    if (areLiterals && isTracedScalar(result)) m.literals.add(result);
    return result;
  } catch (error) {
    if (error instanceof TypeError) fail(m, error.message, "give both the same dtype");
    throw error;
  }
}

/** Compares numbers. */
export function compare(
  m: Machine,
  values: readonly unknown[],
  f: (...operands: TensorLike[]) => Tensor,
): unknown {
  return compute(m, values, (...operands) => read(f(...operands)));
}

type Numeric = (m: Machine, a: unknown, b: unknown) => unknown;
type Known = (a: never, b: never) => unknown;

/** The operators on values that are known, and on values that are traced. */
const operators: Readonly<Record<string, readonly [Known, Numeric]>> = {
  "+": [(a: number, b: number) => a + b, (m, a, b) => compute(m, [a, b], add)],
  "-": [(a: number, b: number) => a - b, (m, a, b) => compute(m, [a, b], sub)],
  "*": [(a: number, b: number) => a * b, (m, a, b) => compute(m, [a, b], mul)],
  "/": [(a: number, b: number) => a / b, (m, a, b) => compute(m, [a, b], div)],
  "%": [(a: number, b: number) => a % b, (m, a, b) => compute(m, [a, b], rem)],
  "<": [(a: number, b: number) => a < b, (m, a, b) => compare(m, [a, b], lt)],
  "<=": [(a: number, b: number) => a <= b, (m, a, b) => compare(m, [a, b], le)],
  ">": [(a: number, b: number) => a > b, (m, a, b) => compare(m, [a, b], gt)],
  ">=": [(a: number, b: number) => a >= b, (m, a, b) => compare(m, [a, b], ge)],
  "|": [(a: number, b: number) => a | b, refuseBits],
  "&": [(a: number, b: number) => a & b, refuseBits],
  "^": [(a: number, b: number) => a ^ b, refuseBits],
  "<<": [(a: number, b: number) => a << b, refuseBits],
  ">>": [(a: number, b: number) => a >> b, refuseBits],
  ">>>": [(a: number, b: number) => a >>> b, refuseBits],
};

function refuseBits(m: Machine): never {
  fail(m, "bits of a traced number cannot be reached", "use Math.trunc, Math.floor or % instead");
}

/** The value of a binary operator. */
export function binary(m: Machine, operator: string, a: unknown, b: unknown): unknown {
  switch (operator) {
    case "**":
      return power(m, a, b);
    case "===":
    case "!==":
      return equal(m, a, b, operator === "!==", true);
    case "==":
    case "!=":
      return equal(m, a, b, operator === "!=", false);
    case "in":
      if (isTensor(a)) fail(m, "a traced value cannot be a key");
      return (a as PropertyKey) in (b as object);
  }
  const [onKnown, onTraced] =
    operators[operator] ?? fail(m, `the operator ${operator} is not read`);
  if (typeof a === "number" && typeof b === "number") return onKnown(a as never, b as never);
  if (typeof a === "string" || typeof b === "string") {
    if (isSimple(a) && isSimple(b)) return onKnown(a as never, b as never);
    fail(m, "a text cannot hold a traced value", "leave it out of the text");
  }
  if (isTensor(a) || isTensor(b) || typeof a === "object" || typeof b === "object")
    return onTraced(m, a, b);
  const [x, y] = numbersOf(m, [a, b]);
  return onKnown(x as never, y as never);
}

/** Whether JavaScript's own operators may have a value: it is known, and no container. */
function isSimple(x: unknown): boolean {
  return x === null || (typeof x !== "object" && typeof x !== "function");
}

function equal(m: Machine, a: unknown, b: unknown, negate: boolean, strict: boolean): unknown {
  if (a instanceof Unsettled) return m.lift(m, a, (value) => equal(m, value, b, negate, strict));
  if (b instanceof Unsettled) return equal(m, b, a, negate, strict);
  if (!isTracedScalar(a) && !isTracedScalar(b)) {
    if (!strict && (isMissing(a) || isMissing(b))) return (isMissing(a) && isMissing(b)) !== negate;
    if (!strict && typeof a !== typeof b) fail(m, "== of different types is not read", "write ===");
    return (a === b) !== negate;
  }
  const kinds = [a, b].map(kindOfScalar);
  if (m.mixed.has(a as object) || m.mixed.has(b as object)) {
    fail(
      m,
      "this is a number on one side of a condition and a truth value on the other",
      "make both numbers",
    );
  }
  if (kinds.includes(undefined)) return negate;
  if (kinds[0] !== kinds[1] && strict) return negate;
  return compare(m, [a, b], negate ? ne : eq);
}

function kindOfScalar(x: unknown): "number" | "boolean" | undefined {
  if (isTracedScalar(x)) return x.dtype === "bool" ? "boolean" : "number";
  return typeof x === "number" || typeof x === "boolean"
    ? (typeof x as "number" | "boolean")
    : undefined;
}

/** Up to this exponent a power is a product. */
const largestProduct = 16;

/** `base ** exponent`. */
export function power(m: Machine, base: unknown, exponent: unknown): unknown {
  return compute(m, [base, exponent], (x, n) => {
    if (typeof n === "number") {
      if (n === 0) return 1;
      if (Number.isInteger(n) && Math.abs(n) <= largestProduct)
        return typeof x === "number" ? integerPow(x, n) : n === 1 ? x : integerPow(x, n);
      if (n === 0.5 && typeof x === "number" && x > 0) return Math.sqrt(x);
    }
    const result = pow(x, n);
    // JavaScript differs from IEEE 754 in (±1) ** ±Infinity and 1 ** NaN.
    const isOrdinary =
      typeof n === "number" ? Math.abs(n) < Infinity : typeof x === "number" && Math.abs(x) !== 1;
    if (isOrdinary) return result;
    return where(and(eq(abs(x), 1), not(lt(abs(n), Infinity))), NaN, result);
  });
}

/** The value of a unary operator. */
export function unary(m: Machine, operator: string, x: unknown): unknown {
  switch (operator) {
    case "+":
      return compute(m, [x], (a) => a);
    case "-":
      return typeof x === "number"
        ? -x
        : compute(m, [x], (a) => (typeof a === "number" ? -a : neg(a)));
    case "!": {
      const truth = truthOf(m, x);
      return typeof truth === "boolean" ? !truth : not(truth);
    }
    case "~":
      return typeof x === "number" ? ~x : refuseBits(m);
    case "typeof":
      if (x instanceof Unsettled) return m.lift(m, x, (value) => unary(m, operator, value));
      if (m.mixed.has(x as object))
        fail(
          m,
          "this is a number on one side of a condition and a truth value on the other",
          "make both numbers",
        );
      return kindOfScalar(x) ?? typeof x;
    case "void":
      return undefined;
    default:
      return fail(m, `the operator ${operator} is not read`);
  }
}
