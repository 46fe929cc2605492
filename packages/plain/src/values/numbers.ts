import {
  abs,
  add,
  astype,
  constantOf,
  div,
  equal,
  greater,
  greaterEqual,
  integerPow,
  isFloat,
  isTraced,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  mul,
  neg,
  notEqual,
  pow,
  rem,
  sub,
  type TensorLike,
  where,
} from "@diffrax-ts/program";
import { describeValue, type DType, isTensor, type Tensor } from "@diffrax-ts/pytree";
import type { BinaryOperator, UnaryOperator } from "acorn";
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
      m.lift(x, (value) => truthOf(m, value)),
    );
  if (!isTracedScalar(x)) return Boolean(x);
  // A number is true unless 0 or NaN.
  const truth = known(x.dtype === "bool" ? x : read(less(0, abs(x))));
  return typeof truth === "boolean" ? truth : (m.tape.facts.get(truth) ?? truth);
}

/** A comparison that nobody asks for is no mistake here. */
function read(x: Tensor): Tensor {
  return logicalAnd(x, constantOf("bool", 1));
}

/** @throws PlainError if it is not known on which side of a condition the value came to be. */
export function refuseUnsettled(m: Machine, x: unknown): void {
  if (x instanceof Unsettled) fail(m, x.what, "give it a number on both sides of the condition");
}

/** Operands as numbers, in one dtype; truth values count as 0 and 1. */
export function numbersOf(m: Machine, values: readonly unknown[]): readonly TensorLike[] {
  const dtype = dtypeOf(m, values);
  return values.map((x) => numberOf(m, x, dtype));
}

/** The dtype in which values meet. */
export function dtypeOf(m: Machine, values: readonly unknown[]): DType {
  const typed = values.find(
    (x): x is Tensor => isTracedScalar(x) && isFloat(x.dtype) && !m.literals.has(x),
  );
  return typed?.dtype ?? "float64";
}

function numberOf(m: Machine, x: unknown, dtype: DType): TensorLike {
  if (typeof x === "number") return x;
  if (isTracedScalar(x)) return isFloat(x.dtype) && !m.literals.has(x) ? x : astype(x, dtype);
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
  const wayOut = typeof x === "string" ? "convert it with Number(…)" : "take one of its elements";
  return fail(m, `a number was expected, and this is ${describe(x)}`, wayOut);
}

/** What kind of thing a value is, for errors. */
export function describe(x: unknown): string {
  if (typeof x === "object" && x !== null) return describeValue(x);
  return typeof x === "function"
    ? "a function"
    : typeof x === "string"
      ? JSON.stringify(x)
      : String(x);
}

/** Computes with numbers, where an error says where. */
export function compute(m: Machine, values: readonly unknown[], f: Operation): unknown {
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

/** The binary operators that are read. */
export type Operator = Exclude<BinaryOperator, "instanceof">;

/** The unary operators that are read. */
export type Sign = Exclude<UnaryOperator, "delete">;

type Operation = (...operands: TensorLike[]) => TensorLike;

/** The operators on values that are known, and on values that are traced, where there is a way. */
const operators: Readonly<
  Record<
    Exclude<Operator, "**" | "===" | "!==" | "==" | "!=" | "in">,
    readonly [onKnown: (a: never, b: never) => unknown, onTraced?: Operation]
  >
> = {
  "+": [(a: number, b: number) => a + b, add],
  "-": [(a: number, b: number) => a - b, sub],
  "*": [(a: number, b: number) => a * b, mul],
  "/": [(a: number, b: number) => a / b, div],
  "%": [(a: number, b: number) => a % b, rem],
  "<": [(a: number, b: number) => a < b, (a, b) => read(less(a, b))],
  "<=": [(a: number, b: number) => a <= b, (a, b) => read(lessEqual(a, b))],
  ">": [(a: number, b: number) => a > b, (a, b) => read(greater(a, b))],
  ">=": [(a: number, b: number) => a >= b, (a, b) => read(greaterEqual(a, b))],
  "|": [(a: number, b: number) => a | b],
  "&": [(a: number, b: number) => a & b],
  "^": [(a: number, b: number) => a ^ b],
  "<<": [(a: number, b: number) => a << b],
  ">>": [(a: number, b: number) => a >> b],
  ">>>": [(a: number, b: number) => a >>> b],
};

/** @throws PlainError for an operation on the bits of a number that is not known. */
export function refuseBits(m: Machine): never {
  fail(m, "bits of a traced number cannot be reached", "use Math.trunc, Math.floor or % instead");
}

/** @throws PlainError for a number that is not known in a text. */
export function refuseText(m: Machine): never {
  fail(m, "a text cannot hold a traced value", "leave it out of the text");
}

function refuseMixed(m: Machine, x: unknown): void {
  if (m.mixed.has(x as object))
    fail(
      m,
      "this is a number on one side of a condition and a truth value on the other",
      "make both numbers",
    );
}

/** The value of a binary operator. */
export function binary(m: Machine, operator: Operator, a: unknown, b: unknown): unknown {
  if (operator === "**") return power(m, a, b);
  if (operator === "===" || operator === "!==") return equals(m, a, b, operator === "!==", true);
  if (operator === "==" || operator === "!=") return equals(m, a, b, operator === "!=", false);
  if (operator === "in") {
    if (isTensor(a)) fail(m, "a traced value cannot be a key");
    return (a as PropertyKey) in (b as object);
  }
  return arithmetic(m, operator, a, b);
}

function arithmetic(m: Machine, operator: keyof typeof operators, a: unknown, b: unknown): unknown {
  const [onKnown, onTraced] = operators[operator];
  if (typeof a === "number" && typeof b === "number") return onKnown(a as never, b as never);
  if (typeof a === "string" || typeof b === "string") {
    if (isSimple(a) && isSimple(b)) return onKnown(a as never, b as never);
    if (operator === "+") refuseText(m);
    const number = (x: unknown): unknown => (typeof x === "string" ? Number(x) : x);
    return arithmetic(m, operator, number(a), number(b));
  }
  if (typeof a === "object" || typeof b === "object")
    return onTraced === undefined ? refuseBits(m) : compute(m, [a, b], onTraced);
  const [x, y] = numbersOf(m, [a, b]);
  return onKnown(x as never, y as never);
}

/** Whether JavaScript's own operators may have a value: it is known, and no container. */
function isSimple(x: unknown): boolean {
  return x === null || (typeof x !== "object" && typeof x !== "function");
}

function equals(m: Machine, a: unknown, b: unknown, negate: boolean, strict: boolean): unknown {
  if (a instanceof Unsettled) return m.lift(a, (value) => equals(m, value, b, negate, strict));
  if (b instanceof Unsettled) return equals(m, b, a, negate, strict);
  if (!isTracedScalar(a) && !isTracedScalar(b)) {
    if (!strict && (isMissing(a) || isMissing(b))) return (isMissing(a) && isMissing(b)) !== negate;
    if (!strict && typeof a !== typeof b) fail(m, "== of different types is not read", "write ===");
    return (a === b) !== negate;
  }
  refuseMixed(m, a);
  refuseMixed(m, b);
  const [kind, other] = [kindOfScalar(a), kindOfScalar(b)];
  if (kind === undefined || other === undefined || (strict && kind !== other)) return negate;
  return compare(m, [a, b], negate ? notEqual : equal);
}

/** "number" or "boolean", known or not; `undefined` for what is neither. */
export function kindOfScalar(x: unknown): string | undefined {
  if (isTracedScalar(x)) return x.dtype === "bool" ? "boolean" : "number";
  return typeof x === "number" || typeof x === "boolean" ? typeof x : undefined;
}

/** Up to this exponent a power is a product. */
const largestProduct = 16;

/** `base ** exponent`. */
export function power(m: Machine, base: unknown, exponent: unknown): unknown {
  return compute(m, [base, exponent], (x, n) => {
    if (typeof n === "number") {
      if (n === 0) return 1;
      if (Number.isInteger(n) && Math.abs(n) <= largestProduct)
        return n === 1 ? x : integerPow(x, n);
      if (n === 0.5 && typeof x === "number" && x > 0) return Math.sqrt(x);
    }
    const result = pow(x, n);
    // JavaScript differs from IEEE 754 in (±1) ** ±Infinity and 1 ** NaN.
    const isOrdinary =
      typeof n === "number" ? Math.abs(n) < Infinity : typeof x === "number" && Math.abs(x) !== 1;
    if (isOrdinary) return result;
    return where(logicalAnd(equal(abs(x), 1), logicalNot(less(abs(n), Infinity))), NaN, result);
  });
}

/** The value of a unary operator. */
export function unary(m: Machine, operator: Sign, x: unknown): unknown {
  switch (operator) {
    case "+":
      return compute(m, [x], (a) => a);
    case "-":
      return typeof x === "number"
        ? -x
        : compute(m, [x], (a) => (typeof a === "number" ? -a : neg(a)));
    case "!": {
      const truth = truthOf(m, x);
      return typeof truth === "boolean" ? !truth : logicalNot(truth);
    }
    case "~":
      return typeof x === "number" ? ~x : refuseBits(m);
    case "typeof":
      if (x instanceof Unsettled) return m.lift(x, (value) => unary(m, operator, value));
      refuseMixed(m, x);
      return kindOfScalar(x) ?? typeof x;
    case "void":
      return undefined;
  }
}
