import type { Tensor } from "@diffrax-ts/pytree";
import type { Closed } from "./alignCaptured.ts";
import { traceContext } from "./traceContext.ts";
import { Trace, withTrace } from "./Trace.ts";
import type { Type } from "./Type.ts";

/**
 * Records a function of tensors as a program. What it uses of the trace in progress is captured: those are the
 * first inputs of the program.
 */
export function traceProgram(
  types: readonly Type[],
  f: (...inputs: Tensor[]) => readonly Tensor[],
): Closed {
  const trace = new Trace(traceContext().current);
  const inputs = types.map((type) => trace.input(type));
  return withTrace(trace, () => trace.finish(inputs, f(...(inputs as readonly Tensor[]))));
}
