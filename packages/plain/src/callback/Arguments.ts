import { leafTensor } from "@diffrax-ts/autodiff";
import { type Callable, isFixed, isLeaf, kindOf, type Tensor } from "@diffrax-ts/pytree";
import { originOf } from "../marks.ts";
import { storeFields } from "./recordFields.ts";

/** The arguments of a JavaScript function: made once, and filled for each call. */
export interface Arguments {
  readonly values: unknown[];
  /** The leaves that fill them, in order. */
  readonly inputs: readonly Tensor[];
  /** Where the number for an argument that is a number stands; -1 for others. */
  readonly places: readonly number[];
  readonly fill: (f64: Float64Array, from: number) => void;
}

/** Something with numbers in it: `holder[keys[i]]` is number `from + i`. */
interface Holder<T> {
  readonly holder: T;
  readonly from: number;
}

/** Arguments of the same form as `args`, with numbers for scalars and typed arrays for vectors. */
export function argumentsLike(args: readonly unknown[]): Arguments {
  const inputs: Tensor[] = [];
  const vectors: Holder<Float64Array>[] = [];
  const tuples: Holder<number[]>[] = [];
  const records: (Holder<Record<string, unknown>> & { readonly keys: readonly string[] })[] = [];
  const fields: (Holder<Record<string, unknown>> & { readonly key: string })[] = [];
  let size = 0;
  const array = ([n, ...rest]: readonly number[]): unknown => {
    if (rest.length > 0) return Array.from({ length: n! }, () => array(rest));
    const holder = new Float64Array(n!).fill(0.5);
    vectors.push({ holder, from: size });
    size += n!;
    return holder;
  };
  const value = (x: unknown, holder: object, key: string): unknown => {
    if (isFixed(x)) return x.value;
    if (isLeaf(x)) {
      const tensor = leafTensor(x, "plain");
      inputs.push(tensor);
      if (tensor.shape.length > 0) return array(tensor.shape);
      fields.push({ holder: holder as Record<string, unknown>, key, from: size++ });
      // A fraction, so that the engine stores doubles here from the start.
      return 0.5;
    }
    // What was made of a plain function works on tensors; here it is called with numbers.
    if (typeof x === "function") return originOf(x as Callable);
    return typeof x !== "object" || x === null || kindOf(x) !== undefined ? x : container(x);
  };
  let isState = false;
  const container = (x: object): object => {
    const before = fields.length;
    const from = size;
    const copy = (Array.isArray(x) ? [] : {}) as Record<string, unknown>;
    for (const [key, child] of Object.entries(x)) copy[key] = value(child, copy, key);
    const keys = Object.keys(copy);
    const isFlat =
      size === from + keys.length && Object.values(copy).every((child) => child === 0.5);
    if (isFlat && (Array.isArray(copy) || isState)) {
      fields.length = before;
      if (Array.isArray(copy)) tuples.push({ holder: copy as number[], from });
      else records.push({ holder: copy, keys, from });
    }
    return copy;
  };
  const places = args.map(() => -1);
  const values = args.map((x, i) => {
    const before = fields.length;
    // The state is another one at each call; the rest mostly stays.
    isState = i === 1;
    const made = value(x, fields, "");
    if (fields.length > before && fields.at(-1)!.holder === (fields as unknown)) {
      places[i] = fields.pop()!.from;
    }
    return made;
  });
  const fillRest = filler(vectors, tuples, fields);
  const fill: Arguments["fill"] = (f64, start) => {
    for (const { holder, keys, from } of records) storeFields(holder, keys, f64, start + from);
    fillRest(f64, start);
  };
  return { values, inputs, places, fill };
}

type Fields = readonly (Holder<Record<string, unknown>> & { readonly key: string })[];

/** Writes numbers to where they belong; to a named field only if it is another one than before. */
function filler(
  vectors: readonly Holder<Float64Array>[],
  tuples: readonly Holder<number[]>[],
  fields: Fields,
): Arguments["fill"] {
  const last = Float64Array.from(fields, () => NaN);
  return (f64, start) => {
    for (let i = 0; i < tuples.length; i++) {
      const { holder, from } = tuples[i]!;
      for (let j = 0; j < holder.length; j++) holder[j] = f64[start + from + j]!;
    }
    for (let i = 0; i < fields.length; i++) {
      const { holder, key, from } = fields[i]!;
      const x = f64[start + from]!;
      if (x === last[i] && x !== 0) continue;
      last[i] = x;
      holder[key] = x;
    }
    for (let i = 0; i < vectors.length; i++) {
      const { holder, from } = vectors[i]!;
      for (let j = 0; j < holder.length; j++) holder[j] = f64[start + from + j]!;
    }
  };
}
