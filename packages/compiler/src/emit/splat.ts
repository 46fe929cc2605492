import { constantOf } from "@diffrax-ts/program";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { valueType } from "./FunctionEmitter.ts";
import type { MemoryPlace, SplatPlace } from "./Place.ts";

/** A scalar in a local is copied: that local may get something else while the splat is still needed. */
export function keepSplat(
  { f }: BlockEmitter,
  view: MemoryPlace | SplatPlace,
): MemoryPlace | SplatPlace {
  if (view.at === "memory" || view.scalar.at !== "local") return view;
  const local = f.newLocal(valueType(view.dtype));
  f.get(view.scalar.local);
  f.set(local);
  return { ...view, scalar: { ...view.scalar, local } };
}

/** A number instead of every element of an array. */
export function splatNumber({ dtype, shape }: MemoryPlace, x: number): SplatPlace {
  return {
    at: "splat",
    scalar: { at: "constant", constant: constantOf(dtype, x), dtype },
    shape,
    dtype,
  };
}
