import {
  apply,
  arrayType,
  astype,
  constantOf,
  equal,
  type Program,
  reshape,
  sizeOf,
  spliceProgram,
  traceProgram,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { batchProgram } from "./batch/batchProgram.ts";
import { repeat } from "./batch/repeat.ts";
import { forwardJvp } from "./jvp/forwardControl.ts";
import { vjpProgram } from "./transpose/vjpProgram.ts";
import { pick, spread, zeros } from "./zeros.ts";

/**
 * `(...inputs) => (...blocks)`: for each output and each masked input in turn the derivatives, with the axes of the
 * output before those of the input.
 */
export type MakeJacobian = (program: Program, mask: readonly boolean[]) => Program;

/** Backwards: one element of the outputs after the other. */
export function reverseJacobian(program: Program, mask: readonly boolean[]): Program {
  const { program: vjp, outMask } = vjpProgram(program, mask);
  const wanted = pick(program.inputs, mask);
  return traceProgram(program.inputs, (...inputs) => {
    const units = unitsOf(pick(program.outputs, outMask));
    const gradients = forUnits(vjp, inputs, units).slice(program.outputs.length);
    const starts = spread(units.starts, outMask);
    return program.outputs.flatMap((output, i) =>
      wanted.map((input, j) => {
        const shape = [...output.shape, ...input.shape];
        const start = starts[i];
        return start === null || start === undefined
          ? zeros(arrayType(input.dtype, shape))
          : reshape(rows(gradients[j]!, start, sizeOf(output.shape)), shape);
      }),
    );
  }).program;
}

/** Forward: one element of the inputs after the other. */
export function forwardJacobian(program: Program, mask: readonly boolean[]): Program {
  const { program: dual, outMask } = forwardJvp(program, mask);
  const wanted = pick(program.inputs, mask);
  return traceProgram(program.inputs, (...inputs) => {
    const units = unitsOf(wanted);
    const all = forUnits(dual, inputs, units).slice(program.outputs.length);
    const tangents = spread(all, outMask);
    return program.outputs.flatMap((output, i) =>
      wanted.map((input, j) => {
        const shape = [...output.shape, ...input.shape];
        const tangent = tangents[i];
        if (tangent === null || tangent === undefined) return zeros(arrayType(output.dtype, shape));
        const mine = rows(tangent, units.starts[j]!, sizeOf(input.shape));
        const permutation = [...output.shape.map((_, axis) => axis + 1), 0];
        return reshape(apply("transpose", [mine], { permutation })[0]!, shape);
      }),
    );
  }).program;
}

/** The outputs of a program for each of the unit vectors as its last inputs, along a new first axis. */
function forUnits(program: Program, inputs: readonly Tensor[], { count, arrays }: Units): Tensor[] {
  if (count === 1) {
    const only = arrays.map((x) => reshape(x, x.shape.slice(1)));
    return spliceProgram(program, [...inputs, ...only]).map((x) => reshape(x, [1, ...x.shape]));
  }
  const batch = batchProgram(
    program,
    program.inputs.map((_, i) => i >= inputs.length),
    count,
  );
  return spliceProgram(batch.program, [...inputs, ...arrays]).map((x, i) =>
    batch.outMask[i] ? x : repeat(x, count),
  );
}

interface Units {
  /** How many there are. */
  readonly count: number;
  /** Where the elements of each array begin among all. */
  readonly starts: readonly number[];
  /** For each array `[count, ...shape]`. */
  readonly arrays: readonly Tensor[];
}

/** The unit vectors of the space of all elements of some arrays. */
function unitsOf(
  types: readonly { readonly dtype: DType; readonly shape: readonly number[] }[],
): Units {
  let count = 0;
  const starts = types.map(({ shape }) => {
    const start = count;
    count += sizeOf(shape);
    return start;
  });
  const arrays = types.map(({ dtype, shape }, i) => {
    const counted = (axis: number): Tensor =>
      apply("iota", [], { dtype: "int32", shape: [count, sizeOf(shape)], axis })[0]!;
    const first = constantOf("int32", starts[i]!) as Tensor;
    const ones = astype(equal(counted(0), counted(1).add(first)), dtype);
    return reshape(ones, [count, ...shape]);
  });
  return { count, starts, arrays };
}

/** Some rows of an array. */
function rows(x: Tensor, first: number, count: number): Tensor {
  if (count === x.shape[0]) return x;
  return apply("slice", [x], {
    start: x.shape.map((_, i) => (i === 0 ? first : 0)),
    limit: x.shape.map((n, i) => (i === 0 ? first + count : n)),
    step: x.shape.map(() => 1),
  })[0]!;
}
