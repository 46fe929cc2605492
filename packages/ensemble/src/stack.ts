import { asTensor, leavesLike } from "@diffrax-ts/autodiff";
import { allocate, tensorOf, valueOf } from "@diffrax-ts/program";
import { flatten, type Structure, type Tensor, unflatten } from "@diffrax-ts/pytree";

/**
 * Trees that are alike as one tree of batches.
 *
 * @throws TypeError that names the first item that departs from the structure, dtypes or shapes of the first, and where.
 */
export function stackTrees(items: readonly unknown[], name: string): unknown {
  const { leaves, structure } = flatten(items[0], `${name}: items[0]`);
  const models = leaves.map((leaf) => asTensor(leaf, `${name}: items[0]`));
  const batches = models.map(({ dtype, shape }) => {
    const all = [items.length, ...shape];
    return { dtype, shape: all, data: allocate(dtype, all) };
  });
  for (const [i, item] of items.entries()) {
    const own = leavesLike(structure, models, item, `${name}: items[${i}]`, " as in items[0]");
    for (const [k, { data }] of batches.entries()) {
      const numbers = valueOf(own[k]!).data as Float64Array;
      (data as Float64Array).set(numbers, i * numbers.length);
    }
  }
  return unflatten(structure, batches.map(tensorOf));
}

/** The elements of batches as trees. */
export function unstackTrees(
  structure: Structure,
  batches: readonly Tensor[],
  size: number,
): unknown[] {
  return Array.from({ length: size }, (_, i) => {
    const leaves = batches.map((batch) => {
      const { dtype, shape, data } = valueOf(batch);
      const each = data.length / size;
      const own = data.slice(i * each, (i + 1) * each);
      return tensorOf({ dtype, shape: shape.slice(1), data: own });
    });
    return unflatten(structure, leaves);
  });
}
