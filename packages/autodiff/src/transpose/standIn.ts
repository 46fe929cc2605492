import type { Type } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { newBuffer } from "./rows.ts";

/** A buffer is not remembered, because nothing reads it: a loop in the body may write into another. */
export function standIn(type: Type): Tensor | undefined {
  return type.buffer ? newBuffer(type) : undefined;
}
