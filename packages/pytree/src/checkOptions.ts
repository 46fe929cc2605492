import { describeValue } from "./describeValue.ts";
import { isPart } from "./part.ts";
import { isPlainPrototype } from "./Structure.ts";

/**
 * Options, each read once: a copy, so that a getter cannot answer differently later, and nothing inherited is taken for an option.
 * One of another name would be ignored without a word, and is an error instead.
 *
 * @param name - Of the function that takes them, for its errors.
 * @param known - The names that there are.
 * @throws TypeError for another name, or for something that is no record of options.
 *
 * @example
 * ```ts
 * import { checkOptions } from "@diffrax-ts/pytree";
 *
 * const { axis = 0 } = checkOptions("flip", { axis: 1 }, ["axis"]);
 * axis;
 * // → 1
 * ```
 */
export function checkOptions<Options extends object>(
  name: string,
  options: Options,
  known: readonly (keyof Options & string)[],
): Options {
  if (!isPlainPrototype(Object.getPrototypeOf(options ?? 0) as object | null) || isPart(options)) {
    throw new TypeError(
      `${name}: expected options such as { ${known[0]}: … }, got ${describeValue(options)}`,
    );
  }
  const read = ownCopy(options);
  const names: readonly string[] = known;
  for (const key in read) {
    if (!names.includes(key))
      throw new TypeError(`${name}: there is no option ${key}, only ${names.join(", ")}`);
  }
  return read;
}

/**
 * A copy of a record, each of its own properties read once. Nothing inherited is in it.
 *
 * @example
 * ```ts
 * import { ownCopy } from "@diffrax-ts/pytree";
 *
 * let reads = 0;
 * const copy = ownCopy({ get t1() { return ++reads; } });
 * [copy.t1, copy.t1];
 * // → [1, 1]
 * ```
 */
export function ownCopy<T extends object>(record: T): T {
  // Without a prototype a record is slow, and nearly never has it to be.
  return hasInheritors() ? (Object.assign(Object.create(null), record) as T) : { ...record };
}

const emptyRecord: object = {};

/** Whether somebody has put enumerable properties into `Object.prototype`, so that every record seems to have them. */
function hasInheritors(): boolean {
  for (const _ in emptyRecord) return true;
  return false;
}
