import {
  abs,
  astype,
  constantOf,
  isFloat,
  isTraced,
  less,
  logicalAnd,
  type TensorLike,
} from "@diffrax-ts/program";
import { describeValue, type DType, isTensor, type Tensor } from "@diffrax-ts/pytree";
import { fail, type Machine, mistake } from "../machine/Machine.ts";
import type { Truth } from "../machine/Outcome.ts";
import { Choice } from "../machine/Choice.ts";
import { truthOfEach } from "../machine/guards.ts";
import { isArrayLike } from "./isArrayLike.ts";
import { known } from "./truth.ts";
import { tracedIn, truthInTurns } from "../turns/inEachTurn.ts";
import { NotAlike } from "../turns/NotAlike.ts";
import { PerTurn } from "../turns/PerTurn.ts";
import { TypedList } from "./TypedList.ts";

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
  if (x instanceof Choice) return truthOfEach(m, x, (value) => truthOf(m, value));
  if (x instanceof PerTurn) return truthInTurns(m, x);
  if (!isTracedScalar(x)) return Boolean(x);
  // A number is true unless 0 or NaN.
  const truth = known(x.dtype === "bool" ? x : read(less(0, abs(x))));
  return typeof truth === "boolean" ? truth : (m.tape.facts.get(truth) ?? truth);
}

/** Marks a comparison as read: one that nobody asks for is no mistake here. */
export function read(x: Tensor): Tensor {
  return logicalAnd(x, constantOf("bool", 1));
}

/** @throws PlainError if it is not known on which side of a condition the value came to be. */
export function refuseUnsettled(m: Machine, x: unknown): void {
  if (x instanceof Choice) fail(m, x.what(), "give it a number on both sides of the condition");
  if (x instanceof PerTurn) throw new NotAlike();
}

/** Operands as numbers, in one dtype; truth values count as 0 and 1. */
export function numbersOf(m: Machine, values: readonly unknown[]): readonly TensorLike[] {
  const dtype = dtypeOf(m, values);
  return values.map((x) => numberOf(m, x, dtype));
}

/** The dtype in which values meet: the wider one, since JavaScript has numbers of 64 bits alone. */
export function dtypeOf(m: Machine, values: readonly unknown[]): DType {
  const dtypes = values
    .filter((x) => isTracedScalar(x))
    .filter((x) => isFloat(x.dtype) && !m.literals.has(x))
    .map(({ dtype }) => dtype);
  return dtypes.length === 0 || dtypes.includes("float64") ? "float64" : "float32";
}

function numberOf(m: Machine, x: unknown, dtype: DType): TensorLike {
  if (typeof x === "number") return x;
  if (x instanceof PerTurn) return numberOf(m, tracedIn(m, x), dtype);
  if (isTracedScalar(x)) return x.dtype === dtype ? x : astype(x, dtype);
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
  const wayOut = numberFrom(x);
  return mayCount(x)
    ? fail(m, `a number was expected, and this is ${describe(x)}`, wayOut)
    : mistake(m, `a number was expected, and this is ${describe(x)}`, wayOut);
}

/** How a number is had from something that is none. */
function numberFrom(x: unknown): string {
  if (typeof x === "string" || typeof x === "bigint") return "convert it with Number(…)";
  if (typeof x === "function") return "call it, or look for a misspelt name";
  if (typeof x === "symbol") return "look for a misspelt name";
  return isArrayLike(x)
    ? "take one of its elements, x[i]"
    : "take one of its properties, or look for a misspelt name";
}

/** Whether JavaScript may count something as another number than NaN: an array of one number as that number, for example. */
function mayCount(x: unknown): boolean {
  if (typeof x === "string") return !Number.isNaN(Number(x));
  if (typeof x !== "object" || x === null) return false;
  if (isArrayLike(x))
    return x.length === 0 || (Array.isArray(x) && x.length === 1 && isScalar(x[0]));
  const isOrdinary = Object.getPrototypeOf(x) === Object.prototype;
  return !isOrdinary || ["valueOf", "toString"].some((key) => Object.hasOwn(x, key));
}

function isScalar(x: unknown): boolean {
  return isTracedScalar(x) || typeof x !== "object";
}

/** @throws PlainError for a text that is the text of no number. */
export function numberOfText(m: Machine, text: string): number {
  const number = Number(text);
  const isMistake = Number.isNaN(number) && text.trim() !== "NaN";
  return isMistake
    ? mistake(m, `a number was expected, and this is ${describe(text)}`, "look where it comes from")
    : number;
}

/** @throws PlainError for an operator on operands of which JavaScript's own would make none, and say less. */
export function refuseUncounted(m: Machine, operands: readonly unknown[]): void {
  const symbol = operands.find((x) => typeof x === "symbol");
  if (symbol !== undefined)
    mistake(m, `a number was expected, and this is ${describe(symbol)}`, numberFrom(symbol));
  const big = operands.find((x) => typeof x === "bigint");
  if (big !== undefined && operands.some((x) => typeof x !== "bigint"))
    mistake(m, `a number was expected, and this is ${describe(big)}`, numberFrom(big));
}

/** What kind of thing a value is, for errors. */
export function describe(x: unknown): string {
  if (x instanceof TypedList) return `a ${x.type.array.name} of ${x.length}`;
  if (typeof x === "object" && x !== null) return describeValue(x);
  return typeof x === "function"
    ? "a function"
    : typeof x === "string"
      ? JSON.stringify(x)
      : typeof x === "bigint"
        ? `${x}n`
        : String(x);
}

/** What is computed of numbers. */
export type Operation = (...operands: TensorLike[]) => TensorLike;

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

/** @throws PlainError for an operation on the bits of a number that is not known. */
export function refuseBits(m: Machine): never {
  fail(m, "bits of a traced number cannot be reached", "use Math.trunc, Math.floor or % instead");
}

/** @throws PlainError where it matters whether a value is a number or a truth value, and a condition decides that. */
export function refuseMixed(m: Machine, x: unknown): void {
  if (m.mixed.has(x as object))
    fail(
      m,
      "this is a number on one side of a condition and a truth value on the other",
      "make both numbers",
    );
}

/** "number" or "boolean", known or not; `undefined` for what is neither. */
export function kindOfScalar(x: unknown): string | undefined {
  if (isTracedScalar(x)) return x.dtype === "bool" ? "boolean" : "number";
  if (x instanceof PerTurn) return kindInTurns(x);
  return typeof x === "number" || typeof x === "boolean" ? typeof x : undefined;
}

function kindInTurns({ values: [first, ...rest] }: PerTurn): string {
  const kind = typeof first;
  if (rest.some((x) => typeof x !== kind)) throw new NotAlike();
  return kind;
}
