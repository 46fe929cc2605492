import { isStrided, isTypedArray } from "./Leaf.ts";
import { kindOf } from "./part.ts";
import { isPlainPrototype, type Structure } from "./Structure.ts";
import { isDType, isTensor } from "./Tensor.ts";

/**
 * What a value is, in a few words for an error message; not what is inside it.
 *
 * @example
 * ```ts
 * import { describeValue } from "@diffrax-ts/pytree";
 *
 * describeValue([1, 2]);
 * // → "an array of 2"
 * describeValue({ x: 1, v: 0 });
 * // → "an object with the keys x, v"
 * describeValue(new Float64Array(3));
 * // → "a Float64Array of 3"
 * ```
 */
export function describeValue(value: unknown): string {
  if (typeof value === "function")
    return value.name === "" ? "a function" : `the function ${value.name}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  if (isTensor(value) || (isStrided(value) && isDType(value.dtype)))
    return `${value.dtype}[${value.shape.join()}]`;
  const { name } = value.constructor ?? Object;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (isTypedArray(value)) return `a ${name} of ${value.length}`;
  const kind = kindOf(value);
  return kind === undefined && !isPlainPrototype(Object.getPrototypeOf(value) as object | null)
    ? `an instance of ${name}`
    : describeRecord(kind, Object.keys(value));
}

/**
 * Whether it is a function that makes a part, such as `Tsit5`, by the look of its name: what stands where its result should, is to be called.
 *
 * @example
 * ```ts
 * import { isMaker, part } from "@diffrax-ts/pytree";
 *
 * const Spring = () => part("Spring", {});
 * [isMaker(Spring), isMaker(Spring()), isMaker(Math.sin)];
 * // → [true, false, false]
 * ```
 */
export function isMaker(value: unknown): value is (...args: never) => unknown {
  return typeof value === "function" && /^[A-Z]/u.test(value.name);
}

/** The same for what a structure asks for. */
export function describeNode({ tag, value, kind, keys, children }: Structure): string {
  if (tag === "leaf") return "a number or an array of numbers";
  if (tag === "arrayLeaf") return "a tensor";
  if (tag === "static") return describeValue(value);
  if (tag === "closure") return "a function with data of its own";
  return tag === "array" ? `an array of ${children.length}` : describeRecord(kind, keys);
}

function describeRecord(kind: string | undefined, keys: readonly string[]): string {
  const noun = kind === undefined ? "an object" : `a ${kind}`;
  return keys.length > 0 ? `${noun} with the keys ${keys.join(", ")}` : `${noun} without keys`;
}
