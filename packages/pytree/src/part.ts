/**
 * The property that makes a record a part: `Symbol.for("@diffrax-ts/part")`. Its value is the kind.
 * It is enumerable, so that `{ ...solver, order: 4 }` is still a part.
 */
export const partBrand: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/part");

/** A record of configuration and parameters: a solver, a controller, a term, a layer of a network. */
export interface Part<Kind extends string = string> {
  /** Tells the kinds of parts apart. The same as the brand, here to be seen and narrowed on. */
  readonly kind: Kind;
  readonly [partBrand]: Kind;
}

/**
 * Makes a part out of a record: adds the brand and the `kind` to `fields` itself, and returns it.
 *
 * Pass a new literal: it is not copied, because makers stand inside calls that take microseconds.
 *
 * In a part a number is configuration: it belongs to the structure, and another number is another part.
 * A tensor, a typed array or a strided array is a parameter: a leaf. Strings, booleans and functions are
 * structure. Arrays and records inside follow the same rule; what stands under the key `params` is plain data,
 * in which numbers are leaves. Its functions should stand at module
 * level and read their data from `this`: then two calls of a maker make the same structure.
 *
 * @example
 * ```ts
 * import { leaves, part } from "@diffrax-ts/pytree";
 *
 * const layer = part("Linear", { inSize: 2, weight: new Float64Array([1, 2]) });
 * layer.kind;
 * // → "Linear"
 * leaves(layer);
 * // → [new Float64Array([1, 2])]
 * ```
 */
export function part<const Kind extends string, Fields extends object>(
  kind: Kind,
  fields: Fields,
): Readonly<Fields> & Part<Kind> {
  const record: { kind?: Kind; [partBrand]?: Kind } = fields;
  record.kind = kind;
  record[partBrand] = kind;
  return fields as Readonly<Fields> & Part<Kind>;
}

/** Whether `value` is a part, of any installed copy of the library. */
export function isPart(value: unknown): value is Part {
  return kindOf(value) !== undefined;
}

/** The kind of a part; `undefined` for anything else. */
export function kindOf(value: unknown): string | undefined {
  return typeof value === "object" && value !== null
    ? (value as { readonly [partBrand]?: string })[partBrand]
    : undefined;
}
