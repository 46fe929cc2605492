import { alignCaptured, apply, traceProgram } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { typeOf } from "../zeros.ts";

/** `while (goesOn(...state)) state = turn(...state)`, in the trace in progress, whose values may be used. */
export function repeatWhile(
  start: readonly Tensor[],
  goesOn: (...state: readonly Tensor[]) => Tensor,
  turn: (...state: readonly Tensor[]) => readonly Tensor[],
): readonly Tensor[] {
  const types = start.map(typeOf);
  const { programs, captured } = alignCaptured([
    traceProgram(types, (...state) => turn(...state)),
    traceProgram(types, (...state) => [goesOn(...state)]),
  ]);
  return apply("loop", [...captured, ...start], {
    body: programs[0]!,
    cond: programs[1]!,
    length: null,
    numConsts: captured.length,
    numCarry: start.length,
    reverse: false,
    parallel: false,
    bound: null,
    host: false,
  });
}
