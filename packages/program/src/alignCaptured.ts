import type { Tensor } from "@diffrax-ts/pytree";
import type { Program } from "./Program.ts";
import { Variable } from "./Variable.ts";
import type { Type } from "./Type.ts";

/** A program whose first inputs are values captured from where it stands. */
export interface Closed {
  readonly program: Program;
  readonly captured: readonly Tensor[];
}

/**
 * Gives several programs the same captured inputs, in the same order: the branches of a `cond`, or the
 * condition and the body of a loop.
 */
export function alignCaptured(closed: readonly Closed[]): {
  readonly programs: readonly Program[];
  readonly captured: readonly Tensor[];
} {
  const captured = [...new Set(closed.flatMap((one) => one.captured))];
  const programs = closed.map((one) => {
    if (captured.every((x, i) => one.captured[i] === x)) return one.program;
    const { inputs, numVariables } = one.program;
    let id = numVariables;
    const first = captured.map((x) => {
      const i = one.captured.indexOf(x);
      if (i >= 0) return inputs[i]!;
      return new Variable(inputs[0]?.trace ?? unreachable, id++, x as unknown as Type);
    });
    return {
      ...one.program,
      inputs: [...first, ...inputs.slice(one.captured.length)],
      numVariables: id,
    };
  });
  return { programs, captured };
}

/** The trace of an input that nothing reads. */
const unreachable = {
  closed: true,
  record(): never {
    throw new Error("an unused input was read");
  },
};
