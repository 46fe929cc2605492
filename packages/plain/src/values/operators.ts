import {
  abs,
  add,
  div,
  equal,
  greater,
  greaterEqual,
  integerPow,
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
  where,
} from "@diffrax-ts/program";
import { isTensor } from "@diffrax-ts/pytree";
import type { BinaryOperator, UnaryOperator } from "acorn";
import { isMissing } from "../isMissing.ts";
import { Choice } from "../machine/Choice.ts";
import { truthOfEach, truthUnderGuards } from "../machine/guards.ts";
import { fail, type Machine } from "../machine/Machine.ts";
import type { Truth } from "../machine/Outcome.ts";
import {
  compare,
  compute,
  isTracedScalar,
  kindOfScalar,
  numberOfText,
  type Operation,
  read,
  refuseBits,
  refuseMixed,
  refuseUncounted,
  truthOf,
} from "./numbers.ts";
import { hasProperty } from "./properties.ts";
import { keyOf, textOf } from "./texts.ts";
import { logicalNot as not } from "./truth.ts";
import { inEachTurn, tracedIn } from "../turns/inEachTurn.ts";
import { NotAlike } from "../turns/NotAlike.ts";
import { isKnown, type Known, PerTurn } from "../turns/PerTurn.ts";

/** The binary operators that are read. */
export type Operator = Exclude<BinaryOperator, "instanceof">;

/** The unary operators that are read. */
export type Sign = Exclude<UnaryOperator, "delete">;

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

/** The value of a binary operator. */
export function binary(m: Machine, operator: Operator, a: unknown, b: unknown): unknown {
  if (a instanceof PerTurn || b instanceof PerTurn) return binaryInTurns(m, operator, a, b);
  if (operator === "**") return power(m, a, b);
  if (operator === "===" || operator === "!==") return equals(m, a, b, operator === "!==", true);
  if (operator === "==" || operator === "!=") return equals(m, a, b, operator === "!=", false);
  if (operator === "in") return hasProperty(m, b, keyOf(m, a));
  return arithmetic(m, operator, a, b);
}

/** The value of an operator one of whose operands is known in each turn of a loop. */
function binaryInTurns(m: Machine, operator: Operator, a: unknown, b: unknown): unknown {
  if ([a, b].every((x) => x instanceof PerTurn || isKnown(x))) {
    const onKnown = (operators as Partial<Record<Operator, (typeof operators)["+"]>>)[
      operator
    ]?.[0];
    return inEachTurn([a, b], onKnown ?? ((x: Known, y: Known) => binary(m, operator, x, y)));
  }
  // A power is computed in another way where its exponent is known.
  if (operator === "**" || ![a, b].every((x) => x instanceof PerTurn || isTracedScalar(x)))
    throw new NotAlike();
  const [x, y] = [a, b].map((value) => (value instanceof PerTurn ? tracedIn(m, value) : value));
  return binary(m, operator, x, y);
}

function arithmetic(m: Machine, operator: keyof typeof operators, a: unknown, b: unknown): unknown {
  const [onKnown, onTraced] = operators[operator];
  if (isComparison(operator) && (m.lengths.has(a) || m.lengths.has(b)))
    return compareLengths(m, operator, a, b);
  if (typeof a === "number" && typeof b === "number") return onKnown(a as never, b as never);
  const isText = typeof a === "string" || typeof b === "string";
  if (!isComparison(operator) && !isText) refuseUncounted(m, [a, b]);
  if (isText && operator !== "+" && !isComparison(operator))
    for (const x of [a, b]) if (typeof x === "string") numberOfText(m, x);
  const isDefined = a !== undefined && b !== undefined;
  if (isSimple(a) && isSimple(b) && (isText || isDefined)) return onKnown(a as never, b as never);
  if (isText) {
    if (operator === "+") return textOf(m, a) + textOf(m, b);
    const number = (x: unknown): unknown => (typeof x === "string" ? Number(x) : x);
    return arithmetic(m, operator, number(a), number(b));
  }
  if (onTraced === undefined && isDefined) refuseBits(m);
  return compute(m, [a, b], onTraced ?? add);
}

function isComparison(operator: string): boolean {
  return operator === "<" || operator === "<=" || operator === ">" || operator === ">=";
}

/** Compares lengths that depend on what was chosen, each as the number that it is then. */
function compareLengths(
  m: Machine,
  operator: keyof typeof operators,
  a: unknown,
  b: unknown,
): Truth {
  const [x, y] = [m.lengths.get(a), m.lengths.get(b)];
  if (x !== undefined) return truthUnderGuards(m, x, (n) => compareLengths(m, operator, n, b));
  if (y !== undefined) return truthUnderGuards(m, y, (n) => compareLengths(m, operator, a, n));
  return arithmetic(m, operator, a, b) as Truth;
}

/** Whether JavaScript's own operators may have a value: it is known, and no container. */
function isSimple(x: unknown): boolean {
  return x === null || (typeof x !== "object" && typeof x !== "function");
}

function equals(m: Machine, a: unknown, b: unknown, negate: boolean, strict: boolean): unknown {
  if (a instanceof Choice || b instanceof Choice) {
    const [one, other] = a instanceof Choice ? [a, b] : [b, a];
    const truth = truthOfEach(m, one, (x) => equals(m, x, other, false, strict) as Truth);
    return negate ? not(truth) : truth;
  }
  if (!isTracedScalar(a) && !isTracedScalar(b))
    return (strict ? isSame(m, a, b) : isAlike(m, a, b)) !== negate;
  refuseMixed(m, a);
  refuseMixed(m, b);
  const [x, y] = strict
    ? [a, b]
    : [a, b].map((value) => (isTracedScalar(value) ? value : looseNumber(m, value)));
  const [kind, other] = [kindOfScalar(x), kindOfScalar(y)];
  if (kind === undefined || other === undefined || (strict && kind !== other)) return negate;
  return compare(m, [x, y], negate ? notEqual : equal);
}

/** `a === b` of what is known. */
function isSame(m: Machine, a: unknown, b: unknown): boolean {
  if (isTensor(a) && isTensor(b) && a !== b)
    fail(
      m,
      "whether two arrays of the state are the same one is not known",
      "compare their elements",
    );
  return a === b;
}

/** `a == b` of what is known. */
function isAlike(m: Machine, a: unknown, b: unknown): boolean {
  if (isMissing(a) || isMissing(b)) return isMissing(a) && isMissing(b);
  if (typeof a === typeof b) return isSame(m, a, b);
  return looseNumber(m, a) === looseNumber(m, b);
}

/** What a value counts as where it is compared by `==` with one of another type. */
function looseNumber(m: Machine, x: unknown): unknown {
  if (isMissing(x)) return x;
  return isSimple(x) ? Number(x) : fail(m, "== of different types is not read", "write ===");
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
  if (x instanceof PerTurn) return inEachTurn([x], (known: Known) => unary(m, operator, known));
  switch (operator) {
    case "+":
      return typeof x === "string" ? Number(x) : compute(m, [x], (a) => a);
    case "-":
      if (typeof x === "string") return -numberOfText(m, x);
      if (typeof x === "bigint") return -x;
      return typeof x === "number"
        ? -x
        : compute(m, [x], (a) => (typeof a === "number" ? -a : neg(a)));
    case "!": {
      const truth = truthOf(m, x);
      return typeof truth === "boolean" ? !truth : logicalNot(truth);
    }
    case "~":
      if (isSimple(x)) refuseUncounted(m, [x, 0]);
      return isSimple(x) ? ~Number(x) : refuseBits(m);
    case "typeof":
      refuseMixed(m, x);
      return kindOfScalar(x) ?? typeof x;
    case "void":
      return undefined;
  }
}
