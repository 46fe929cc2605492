import { apply } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** An axis put in another place; the others keep their order. */
export function moveAxis(x: Tensor, from: number, to: number): Tensor {
  if (from === to) return x;
  const permutation = [...x.shape.keys()].toSpliced(from, 1).toSpliced(to, 0, from);
  return apply("transpose", [x], { permutation })[0]!;
}
