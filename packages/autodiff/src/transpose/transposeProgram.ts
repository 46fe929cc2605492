import { type Program, spliceProgram, traceProgram } from "@diffrax-ts/program";
import { cotangentType, pick, zeros } from "../zeros.ts";
import { vjpProgram } from "./vjpProgram.ts";

/**
 * `(...fixed, ...cotangents of the outputs) => (...cotangents of the other inputs)`, for a Program that is linear in all
 * inputs but the first `numFixed`.
 */
export function transposeProgram(program: Program, numFixed: number): Program {
  const mask = program.inputs.map((_, i) => i >= numFixed);
  const { program: vjp, outMask } = vjpProgram(program, mask);
  const types = [...program.inputs.slice(0, numFixed), ...program.outputs.map(cotangentType)];
  return traceProgram(types, (...all) => {
    // Where a linear function is differentiated does not matter.
    const nothing = pick(program.inputs, mask).map(zeros);
    const arriving = pick(all.slice(numFixed), outMask);
    const inputs = [...all.slice(0, numFixed), ...nothing, ...arriving];
    return spliceProgram(vjp, inputs).slice(program.outputs.length);
  }).program;
}
