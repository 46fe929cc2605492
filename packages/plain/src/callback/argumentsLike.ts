import { asTensor, calleeIn, isTraced } from "@diffrax-ts/program";
import { type Callable, closureOf, isFixed, isLeaf, kindOf, type Tensor } from "@diffrax-ts/pytree";
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
  /** What is known of the data of functions, by its place: a trial takes it as it is. A function stands for its number. */
  readonly known: ReadonlyMap<number, number | Callable>;
}

/**
 * Arguments of the same form as `args`, with numbers for scalars and typed arrays for vectors.
 *
 * They are made anew for each call, all the way down: a function may keep them and change them, and may be called again before
 * it has returned.
 */
export function argumentsLike(args: readonly unknown[]): Arguments {
  const inputs: Tensor[] = [];
  const known = new Map<number, number | Callable>();
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
    const parts = closureOf(x);
    if (parts !== undefined) {
      const [at, first] = [size, inputs.length];
      const data = argument(parts.data);
      let next = at;
      for (const input of inputs.slice(first)) {
        if (input.size === 1 && !isTraced(input)) known.set(next, calleeIn(input) ?? input.item());
        next += input.size;
      }
      return (f64, start) => parts.make(data(f64, start));
    }
    // What was made of a plain function works on tensors; here it is called with numbers.
    const own = typeof x === "function" ? originOf(x as Callable) : x;
    if (typeof own !== "object" || own === null || kindOf(own) !== undefined) return () => own;
    const [from, firstInput] = [size, inputs.length];
    const keys = Object.keys(own);
    const make = Object.values(own).map((child) => argument(child));
    const isFlat =
      Object.values(own).every(isLeaf) &&
      inputs.slice(firstInput).every(({ shape }) => shape.length === 0);
    if (Array.isArray(own)) return (isFlat ? tuples[make.length]?.(from) : undefined) ?? list(make);
    const empty = emptyLike(own);
    return isFlat
      ? (f64, start) => storeFields(empty(), keys, f64, start + from)
      : (f64, start) => storeMade(empty(), keys, make, f64, start);
  };
  const make = args.map((x) => argument(x));
  return { make, inputs, size, known };
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
