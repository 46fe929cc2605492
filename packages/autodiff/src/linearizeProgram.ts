import {
  apply,
  type Atom,
  type Equation,
  isConcrete,
  type Program,
  traceProgram,
  type Named,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "./cachedIn.ts";
import { jvpProgram } from "./jvp/jvpProgram.ts";
import { reverseControl } from "./transpose/reverseControl.ts";
import { vjpProgram } from "./transpose/vjpProgram.ts";

/** A program at a place, and its derivative there. */
export interface LinearProgram {
  /** `(...inputs) => (...outputs, ...what the derivative has to know)`. */
  readonly value: Program;
  /** `(...what it has to know, ...tangents of the masked inputs) => (...tangents of outputs that have one)`. */
  readonly tangent: Program;
  /** Which outputs have a tangent. */
  readonly outMask: readonly boolean[];
}

let cache: ProgramCache<LinearProgram> | undefined;

/** Values and tangents of a program, apart. What does not depend on the tangents is computed with the values. */
export function linearizeProgram(program: Program, mask: readonly boolean[]): LinearProgram {
  cache ??= new WeakMap();
  return cachedIn(cache, program, maskKey(mask), () => split(program, mask));
}

function split(program: Program, mask: readonly boolean[]): LinearProgram {
  const { program: dual, outMask } = jvpProgram(program, mask, reverseControl(vjpProgram));
  const numInputs = program.inputs.length;
  const numOutputs = program.outputs.length;
  const isLinear = new Set(dual.inputs.slice(numInputs).map(({ id }) => id));
  const linear: Equation[] = [];
  const others: Equation[] = [];
  for (const equation of dual.equations) {
    const moves = equation.inputs.some((atom) => !isConcrete(atom) && isLinear.has(atom.id));
    (moves ? linear : others).push(equation);
    if (moves) for (const { id } of equation.outputs) isLinear.add(id);
  }
  const tangents = dual.outputs.slice(numOutputs);
  const known = new Map<number, Named>();
  for (const atom of [...linear.flatMap(({ inputs }) => inputs), ...tangents])
    if (!isConcrete(atom) && !isLinear.has(atom.id)) known.set(atom.id, atom);
  const kept = [...known.values()];

  const inputs = dual.inputs.slice(0, numInputs);
  const directions = dual.inputs.slice(numInputs);
  return {
    value: programOf(inputs, others, [...dual.outputs.slice(0, numOutputs), ...kept]),
    tangent: programOf([...kept, ...directions], linear, tangents),
    outMask,
  };
}

/** Some equations of a program as one of its own. */
function programOf(
  inputs: readonly Named[],
  equations: readonly Equation[],
  outputs: readonly Atom[],
): Program {
  return traceProgram(inputs, (...given) => {
    const values = new Map<number, Tensor>();
    for (const [i, { id }] of inputs.entries()) values.set(id, given[i]!);
    const read = (atom: Atom): Tensor => (isConcrete(atom) ? atom : values.get(atom.id)!);
    for (const { primitive, inputs: atoms, params, outputs: results } of equations) {
      const list = apply(primitive, atoms.map(read), params);
      for (const [i, { id }] of results.entries()) values.set(id, list[i]!);
    }
    return outputs.map(read);
  }).program;
}
