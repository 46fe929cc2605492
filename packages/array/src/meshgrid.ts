import { apply, asTensor, reshape } from "@diffrax-ts/program";
import { checkOptions, describeValue, type Leaf, type Tensor } from "@diffrax-ts/pytree";

/** Options of `meshgrid`. */
export interface MeshgridOptions {
  /** Whether the first vector runs along the second axis, as `x` in a picture, or along the first, as `i` in a matrix. @defaultValue "xy" */
  readonly indexing?: "xy" | "ij" | undefined;
  /** Whether axes along which nothing changes have length 1. @defaultValue false */
  readonly sparse?: boolean | undefined;
}

/**
 * The coordinates of the points of a grid, from those along each axis: for each vector an array of the shape of the grid.
 *
 * @throws TypeError for what is no vector.
 *
 * @example
 * ```ts
 * import { meshgrid, tensor } from "@diffrax-ts/array";
 *
 * const [x, y] = meshgrid([tensor([1, 2, 3]), tensor([10, 20])]);
 * x.toArray();
 * // → [[1, 2, 3], [1, 2, 3]]
 * y.toArray();
 * // → [[10, 10, 10], [20, 20, 20]]
 * ```
 */
export function meshgrid<const Vectors extends readonly Leaf[]>(
  vectors: Vectors,
  options: MeshgridOptions = {},
): { -readonly [Key in keyof Vectors]: Tensor } {
  const { indexing = "xy", sparse = false } = checkOptions("meshgrid", options, [
    "indexing",
    "sparse",
  ]);
  if (indexing !== "xy" && indexing !== "ij")
    throw new RangeError(`meshgrid: indexing must be "xy" or "ij", got ${describeValue(indexing)}`);
  if (!Array.isArray(vectors))
    throw new TypeError(`meshgrid: expected a list of vectors, got ${describeValue(vectors)}`);
  const arrays = vectors.map((x: Leaf) => asTensor(x, "meshgrid"));
  const wrong = arrays.findIndex((x) => x.shape.length !== 1);
  if (wrong >= 0)
    throw new TypeError(
      `meshgrid: vectors[${wrong}] must be a vector, got shape [${arrays[wrong]!.shape.join()}]`,
    );
  const axisOf = (i: number): number =>
    indexing === "xy" && i < 2 && arrays.length > 1 ? 1 - i : i;
  const lengths = arrays.map((_, i) => arrays[axisOf(i)]!.length);
  return arrays.map((x, i) => {
    const axis = axisOf(i);
    if (sparse)
      return reshape(
        x,
        lengths.map((n, other) => (other === axis ? n : 1)),
      );
    return apply("broadcast", [x], { shape: lengths, axes: [axis] })[0]!;
  }) as { -readonly [Key in keyof Vectors]: Tensor };
}
