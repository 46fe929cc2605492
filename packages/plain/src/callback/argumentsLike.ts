import { asTensor } from "@diffrax-ts/program";
import { type Callable, isFixed, isLeaf, kindOf, type Tensor } from "@diffrax-ts/pytree";
import { originOf } from "../marks.ts";
import { storeFields, storeMade } from "./fields.ts";
import { type Argument, tuples } from "./tuples.ts";

/** The arguments of a JavaScript function. */
export interface Arguments {
  readonly make: readonly Argument[];
  /** The leaves that their numbers come from, in order. */
  readonly inputs: readonly Tensor[];
  /** How many numbers there are. */
  readonly size: number;
}

/**
 * Arguments of the same form as `args`, with numbers for scalars and typed arrays for vectors.
 *
 * They are made anew for each call, all the way down: a function may keep them and change them, and may be called again before
 * it has returned.
 */
export function argumentsLike(args: readonly unknown[]): Arguments {
  const inputs: Tensor[] = [];
  let size = 0;
  const array = ([n, ...rest]: readonly number[]): Argument => {
    if (n !== undefined && rest.length > 0)
      return list(Array.from({ length: n }, () => array(rest)));
    const from = size;
    size += n ?? 1;
    return n === undefined ? (f64, start) => f64[start + from] : vector(n, from);
  };
  const argument = (x: unknown): Argument => {
    if (isFixed(x)) return () => x.value;
    if (isLeaf(x)) {
      const tensor = asTensor(x, "plain");
      inputs.push(tensor);
      return array(tensor.shape);
    }
    // What was made of a plain function works on tensors; here it is called with numbers.
    const known = typeof x === "function" ? originOf(x as Callable) : x;
    if (typeof known !== "object" || known === null || kindOf(known) !== undefined)
      return () => known;
    const [from, firstInput] = [size, inputs.length];
    const keys = Object.keys(known);
    const make = Object.values(known).map((child) => argument(child));
    const isFlat =
      Object.values(known).every(isLeaf) &&
      inputs.slice(firstInput).every(({ shape }) => shape.length === 0);
    if (Array.isArray(known))
      return (isFlat ? tuples[make.length]?.(from) : undefined) ?? list(make);
    const empty = emptyLike(known);
    return isFlat
      ? (f64, start) => storeFields(empty(), keys, f64, start + from)
      : (f64, start) => storeMade(empty(), keys, make, f64, start);
  };
  const make = args.map((x) => argument(x));
  return { make, inputs, size };
}

/** Above this many numbers one call that copies all is faster than a loop. */
const mostInLoop = 24;

function vector(n: number, from: number): Argument {
  if (n > mostInLoop) return (f64, start) => f64.slice(start + from, start + from + n);
  return (f64, start) => {
    const numbers = new Float64Array(n);
    for (let i = 0; i < n; i++) numbers[i] = f64[start + from + i]!;
    return numbers;
  };
}

function list(make: readonly Argument[]): Argument {
  return (f64, start) => {
    const items: unknown[] = [];
    for (const item of make) items.push(item(f64, start));
    return items;
  };
}

function emptyLike(record: object): () => Record<string, unknown> {
  return Object.getPrototypeOf(record) === null
    ? () => Object.create(null) as Record<string, unknown>
    : () => ({});
}
