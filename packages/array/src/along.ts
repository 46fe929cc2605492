import { reshape } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { axisOf } from "./axes.ts";

/** Options of what goes along one axis, or along the elements in row-major order. */
export interface AlongOptions {
  /** The axis to go along; `null` for all elements in row-major order. @defaultValue null */
  readonly axis?: number | null | undefined;
}

/** An array and the axis to go along. */
export interface Along {
  /** As a vector, if no axis is given. */
  readonly array: Tensor;
  readonly axis: number;
}

/** An array and the axis to go along: the only axis of the array as a vector, if none is given. */
export function along(name: string, x: Tensor, { axis }: AlongOptions): Along {
  if (axis === null || axis === undefined) return { array: reshape(x, [x.size]), axis: 0 };
  return { array: x, axis: axisOf(name, axis, x.shape) };
}
