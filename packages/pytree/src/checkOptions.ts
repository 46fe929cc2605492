import { describeValue } from "./describeValue.ts";
import { isPart } from "./part.ts";
import { isPlainPrototype } from "./Structure.ts";

/**
 * Options as they are. One of another name would be ignored without a word, and is an error instead.
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
  const names: readonly string[] = known;
  const unknown = Object.keys(options).find((key) => !names.includes(key));
  if (unknown === undefined) return options;
  throw new TypeError(`${name}: there is no option ${unknown}, only ${names.join(", ")}`);
}
