import { astype, isFloat, leafType, numberAs, sameList } from "@diffrax-ts/program";
import { type DType, isTensor, leaves, type Tensor } from "@diffrax-ts/pytree";
import { Rows, withLists } from "./turns/Rows.ts";

/**
 * What a function returns: numbers in the structure of the state, its second argument; the same for its first argument, as the gradient
 * of a potential `(x, args)` does; or anything.
 */
export type ResultKind = "state" | "gradient" | "any";

/** The argument whose dtype the result of a function takes, and its structure unless it may return anything. */
export function stateAmong(args: readonly unknown[], kind: ResultKind): unknown {
  return args[kind === "gradient" ? 0 : 1];
}

/** The dtype of a state: that of its floats, which all have the same. `undefined` if there are none. */
export function dtypeOfState(y: unknown): DType | undefined {
  return leaves(y)
    .map((leaf) => leafType(leaf, "y").dtype)
    .find(isFloat);
}

/**
 * What a plain function returned, with numbers in the dtype of the state `y`: it knows no dtypes itself. Where it may return
 * anything, integers and truth values are data as well, known or not.
 */
export function inStateDtype(result: unknown, y: unknown, kind: ResultKind): unknown {
  const dtype = dtypeOfState(y);
  if (dtype === undefined) return withLists(result);
  const convert = (x: unknown, like: unknown): unknown => {
    if (x instanceof Rows) {
      const wanted = kind !== "any" && isTensor(like) ? x.array : undefined;
      return convert(
        wanted !== undefined && sameList(wanted.shape, (like as Tensor).shape) ? wanted : x.list,
        like,
      );
    }
    if (typeof x === "number") return dtype === "float64" ? x : astype(x, dtype);
    if (typeof x === "boolean") return kind === "any" ? numberAs("result", Number(x), "bool") : x;
    if (isTensor(x)) {
      // An integer stays one where it is data; as the slope of a state it is a number like any other.
      const isNumber = isFloat(x.dtype) || (kind !== "any" && x.dtype !== "bool");
      return isNumber && x.dtype !== dtype ? astype(x, dtype) : x;
    }
    if (Array.isArray(x)) return x.map((child, i) => convert(child, partOf(like, i)));
    const isRecord =
      typeof x === "object" && x !== null && Object.getPrototypeOf(x) === Object.prototype;
    if (!isRecord) return x;
    return Object.fromEntries(
      Object.entries(x).map(([key, child]) => [key, convert(child, partOf(like, key))]),
    );
  };
  return convert(result, y);
}

/** What of the state a part of the result belongs to. */
function partOf(like: unknown, key: string | number): unknown {
  if (typeof like !== "object" || like === null || isTensor(like)) return undefined;
  return (like as Readonly<Record<string | number, unknown>>)[key];
}
