import { asTensor } from "@diffrax-ts/program";
import { type Callable, isFixed, isLeaf, kindOf, type Tensor } from "@diffrax-ts/pytree";
import { originOf } from "../marks.ts";
import { storeFields } from "./fields.ts";
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
 * Short arrays of numbers are made for each call, and where an engine inlines the function not even then. The rest
 * is made once, and filled for each call.
 */
export function argumentsLike(args: readonly unknown[]): Arguments {
  const inputs: Tensor[] = [];
  let size = 0;
  const array = ([n, ...rest]: readonly number[]): Argument => {
    const from = size;
    if (n === undefined) {
      size++;
      return (f64, start) => f64[start + from];
    }
    if (rest.length > 0)
      return filled(
        [],
        Array.from({ length: n }, (_, key) => ({ key, make: array(rest) })),
      );
    size += n;
    return numbers(new Float64Array(n), from);
  };
  const argument = (x: unknown, isState: boolean): Argument => {
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
    const children = Object.entries(known).map(([key, child]) => {
      return { key, make: argument(child, isState) };
    });
    const n = children.length;
    const isFlat =
      Object.values(known).every(isLeaf) &&
      inputs.slice(firstInput).every(({ shape }) => shape.length === 0);
    if (isFlat && Array.isArray(known))
      return tuples[n]?.(from) ?? numbers(Array(n).fill(0.5), from);
    // The state is another one at each call; the rest mostly stays.
    if (isFlat && isState) return record(Object.keys(known), from);
    return filled(Array.isArray(known) ? [] : {}, children);
  };
  const make = args.map((x, i) => argument(x, i === 1));
  return { make, inputs, size };
}

function numbers(holder: Float64Array | number[], from: number): Argument {
  return (f64, start) => {
    for (let i = 0; i < holder.length; i++) holder[i] = f64[start + from + i]!;
    return holder;
  };
}

function record(keys: readonly string[], from: number): Argument {
  const holder = {};
  return (f64, start) => {
    storeFields(holder, keys, f64, start + from);
    return holder;
  };
}

/** Writes to a place only if what belongs there is another one than before: which place it is, no engine knows. */
function filled(
  holder: object,
  parts: readonly { readonly key: string | number; readonly make: Argument }[],
): Argument {
  const last: unknown[] = [];
  return (f64, start) => {
    for (let i = 0; i < parts.length; i++) {
      const { key, make } = parts[i]!;
      const x = make(f64, start);
      if (x === last[i] && x !== 0) continue;
      last[i] = x;
      (holder as Record<string, unknown>)[key] = x;
    }
    return holder;
  };
}
