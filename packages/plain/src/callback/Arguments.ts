import { leafTensor } from "@diffrax-ts/autodiff";
import { type Callable, isFixed, isLeaf, kindOf, type Tensor } from "@diffrax-ts/pytree";
import { originOf } from "../marks.ts";

/** A container of numbers: those from place `from` on go to these keys; to the first places of an array. */
interface Holder {
  readonly holder: object;
  readonly from: number;
  readonly keys: readonly string[];
}

/** The arguments of a JavaScript function: made once, and filled for each call. */
export interface Arguments {
  readonly values: readonly unknown[];
  /** The leaves that fill them, in order. */
  readonly inputs: readonly Tensor[];
  readonly fill: (f64: Float64Array, from: number) => void;
}

/** Arguments of the same form as `args`, with numbers for scalars and typed arrays for vectors. */
export function argumentsLike(args: readonly unknown[]): Arguments {
  const inputs: Tensor[] = [];
  const vectors: Holder[] = [];
  const singles: { readonly holder: Record<string, unknown>; readonly key: string; readonly from: number }[] = [];
  let size = 0;
  const array = ([n, ...rest]: readonly number[]): unknown => {
    if (rest.length > 0) return Array.from({ length: n! }, () => array(rest));
    const holder = new Float64Array(n!);
    vectors.push({ holder, from: size, keys: [] });
    size += n!;
    return holder;
  };
  const place = (x: unknown, holder: object, key: string): unknown => {
    if (isFixed(x)) return x.value;
    if (isLeaf(x)) {
      const tensor = leafTensor(x, "plain");
      inputs.push(tensor);
      if (tensor.shape.length > 0) return array(tensor.shape);
      singles.push({ holder: holder as Record<string, unknown>, key, from: size++ });
      // Not an integer, so that V8 keeps doubles here from the start.
      return 0.5;
    }
    // What was made of a plain function works on tensors; here it is called with numbers.
    if (typeof x === "function") return originOf(x as Callable);
    if (typeof x !== "object" || x === null || kindOf(x) !== undefined) return x;
    return container(x);
  };
  const container = (x: object): object => {
    const copy = (Array.isArray(x) ? [] : {}) as Record<string, unknown>;
    for (const [key, child] of Object.entries(x)) copy[key] = place(child, copy, key);
    return copy;
  };
  const values = container([...args]) as unknown[];
  return { values, inputs, fill: filler(singles, vectors) };
}
