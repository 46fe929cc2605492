import { describeValue } from "@diffrax-ts/pytree";

/** Options as they are; a name that is none of `keys` is an error. */
export function checkOptions<Options extends object>(
  name: string,
  options: Options,
  keys: readonly string[],
): Options {
  if (Object.getPrototypeOf(options ?? 0) !== Object.prototype) {
    throw new TypeError(
      `${name}: options have names, such as { ${keys[0]}: … }, got ${describeValue(options)}`,
    );
  }
  const unknown = Object.keys(options).find((key) => !keys.includes(key));
  if (unknown === undefined) return options;
  throw new TypeError(`${name}: there is no option ${unknown}, only ${keys.join(", ")}`);
}

/** A shape as a list of lengths. */
export function shapeOf(name: string, shape: number | readonly number[]): readonly number[] {
  const lengths = typeof shape === "number" ? [shape] : shape;
  if (Array.isArray(lengths) && lengths.every((n) => Number.isInteger(n) && n >= 0))
    return [...lengths];
  throw new TypeError(
    `${name}: shape must be a list of lengths, each an integer >= 0, got ${Array.isArray(shape) ? `[${shape.join()}]` : describeValue(shape)}`,
  );
}
