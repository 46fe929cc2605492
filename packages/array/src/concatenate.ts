import { apply, type Raised, type Ranked, reshape, sameList } from "@diffrax-ts/program";
import { checkOptions, type Leaf } from "@diffrax-ts/pytree";
import { alike } from "./alike.ts";
import { axisOf } from "./axes.ts";

/** Options of what goes along one axis. */
export interface AxisOptions {
  /** The axis to go along. @defaultValue 0 */
  readonly axis?: number | undefined;
}

/**
 * Arrays one behind the other along an axis that they have. Their other lengths have to agree.
 *
 * @example
 * ```ts
 * import { concatenate, tensor } from "@diffrax-ts/array";
 *
 * concatenate([tensor([1, 2]), tensor([3])]).toArray();
 * // → [1, 2, 3]
 * ```
 */
export function concatenate<Arrays extends readonly Leaf[]>(
  arrays: Arrays,
  options: AxisOptions = {},
): Ranked<Arrays[number]> {
  const { axis = 0 } = checkOptions("concatenate", options, ["axis"]);
  const tensors = alike("concatenate", arrays);
  const { shape } = tensors[0];
  const place = axisOf("concatenate", axis, shape);
  for (const [i, x] of tensors.entries()) {
    if (x.shape.length === shape.length && sameList(x.shape.with(place, 0), shape.with(place, 0)))
      continue;
    throw new TypeError(
      `concatenate: arrays[${i}] has shape [${x.shape.join()}], but arrays[0] has shape [${shape.join()}]; ` +
        `they may differ along axis ${place} alone`,
    );
  }
  return apply("concatenate", tensors, { axis: place })[0]!;
}

/**
 * Arrays of one shape side by side along a new axis. Numbers stand for scalars.
 *
 * @param options - The axis is one of the result.
 *
 * @example
 * ```ts
 * import { stack, tensor } from "@diffrax-ts/array";
 *
 * stack([tensor([1, 2]), tensor([3, 4])], { axis: 1 }).toArray();
 * // → [[1, 3], [2, 4]]
 * ```
 */
export function stack<Arrays extends readonly Leaf[]>(
  arrays: Arrays,
  options: AxisOptions = {},
): Raised<Arrays[number]> {
  const { axis = 0 } = checkOptions("stack", options, ["axis"]);
  const tensors = alike("stack", arrays);
  const { shape } = tensors[0];
  const place = axisOf("stack", axis, [tensors.length, ...shape]);
  for (const [i, x] of tensors.entries()) {
    if (sameList(x.shape, shape)) continue;
    throw new TypeError(
      `stack: arrays[${i}] has shape [${x.shape.join()}], but arrays[0] has shape [${shape.join()}]; all need one shape`,
    );
  }
  if (shape.length === 0) return apply("pack", tensors, { shape: [tensors.length] })[0]!;
  const single = shape.toSpliced(place, 0, 1);
  const rows = tensors.map((x) => reshape(x, single));
  return apply("concatenate", rows, { axis: place })[0]!;
}
