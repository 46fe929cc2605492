import { apply, arrayType, reshapeTo, type Type } from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";

/** A function has at most 1000 parameters and results in WebAssembly. */
const mostPassed = 500;

/** How values are passed to a function or come back from it: as they are, or many scalars as arrays of them. */
export interface Bundle {
  /** Of what is passed. */
  readonly types: readonly Type[];
  readonly pack: (values: readonly Tensor[]) => readonly Tensor[];
  readonly unpack: (passed: readonly Tensor[]) => readonly Tensor[];
}

/** How values of these types are passed. */
export function bundle(types: readonly Type[]): Bundle {
  if (types.length <= mostPassed)
    return { types, pack: (values) => values, unpack: (passed) => passed };
  const groups = new Map<DType, number[]>();
  const rest: number[] = [];
  for (const [i, { dtype, shape }] of types.entries()) {
    const group = groups.get(dtype);
    if (shape.length > 0) rest.push(i);
    else if (group === undefined) groups.set(dtype, [i]);
    else group.push(i);
  }
  return {
    types: [
      ...rest.map((i) => types[i]!),
      ...[...groups].map(([dtype, members]) => arrayType(dtype, [members.length])),
    ],
    pack: (values) => [
      ...rest.map((i) => values[i]!),
      ...[...groups.values()].map(
        (members) =>
          apply(
            "pack",
            members.map((i) => values[i]!),
            { shape: [members.length] },
          )[0]!,
      ),
    ],
    unpack: (passed) => {
      const values: Tensor[] = Array.from({ length: types.length });
      for (const [j, i] of rest.entries()) values[i] = passed[j]!;
      for (const [j, members] of [...groups.values()].entries()) {
        const array = passed[rest.length + j]!;
        for (const [k, i] of members.entries()) {
          const [one] = apply("slice", [array], { start: [k], limit: [k + 1], step: [1] });
          values[i] = reshapeTo(one!, []);
        }
      }
      return values;
    },
  };
}
