import {
  bytesOf,
  type Fma,
  isEquation,
  type Program,
  sizeOf,
  type Type,
} from "@diffrax-ts/program";
import { allEquations } from "../emit/allEquations.ts";
import { emitProgram } from "../emit/emitProgram.ts";
import { Lowering } from "../lower/lowerProgram.ts";
import { countModule } from "./countInstructions.ts";
import type { Explanation } from "./Explanation.ts";
import { explainReverse } from "./explainReverse.ts";
import { Recorder } from "./Recorder.ts";
import { showExplanation } from "./showExplanation.ts";

/**
 * What a program becomes: its code and memory, what was fused and what was not and why, and what reverse mode remembers and computes again. It
 * is compiled for that, and not run.
 *
 * @param fma - What is asked of its code.
 */
export function explainProgram(program: Program, fma?: Fma): Explanation {
  const lowering = new Lowering(fma);
  const lowered = lowering.program(program);
  const recorder = new Recorder();
  const { bytes, frameBytes, initial } = emitProgram(lowered, lowering, undefined, (emitters) =>
    recorder.watch(emitters),
  );
  const inputs = bytesOfAll(lowered.inputs);
  const constants = initial.reduce((sum, { data }) => sum + data.byteLength, 0);
  const buffers = bytesOfAll(
    allEquations(lowered)
      .filter((equation) => isEquation(equation, "bufferNew"))
      .flatMap(({ outputs }) => outputs),
  );
  return {
    code: {
      ...countModule(bytes),
      bytes: bytes.length,
    },
    memory: {
      bytes: frameBytes,
      inputs,
      constants,
      buffers,
      others: Math.max(0, frameBytes - inputs - constants - buffers),
    },
    main: recorder.blockOf(lowered),
    reverse: explainReverse(program),
    toString: textOf,
    [Symbol.for("nodejs.util.inspect.custom")]: textOf,
  };
}

function textOf(this: Explanation): string {
  return showExplanation(this);
}

function bytesOfAll(types: readonly Type[]): number {
  return types.reduce((sum, { dtype, shape }) => sum + sizeOf(shape) * bytesOf(dtype), 0);
}
