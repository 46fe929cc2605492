import {
  type Atom,
  type Equation,
  isEquation,
  isVariable,
  type Named,
  type ParamsOf,
  type Primitive,
  type Program,
  repeatEquation,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "../cachedIn.ts";
import { jvpProgram } from "../jvp/jvpProgram.ts";
import { addMaybe, cotangentType, pick, zeros } from "../zeros.ts";
import type { VjpProgram } from "./MakeVjp.ts";
import { reverseControl } from "./reverseControl.ts";
import { SlicedCotangents } from "./SlicedCotangents.ts";
import type { TransposeRules } from "./TransposeRule.ts";
import { transposeRules } from "./transposeRules.ts";

let cache: ProgramCache<VjpProgram> | undefined;

/**
 * The reverse-mode derivative of a program; made once for each set of inputs.
 *
 * Values and tangents are traced together; what is linear in the tangents is then walked from the end to the start.
 *
 * @param mask - The inputs to differentiate with respect to.
 */
export function vjpProgram(program: Program, mask: readonly boolean[]): VjpProgram {
  cache ??= new WeakMap();
  return cachedIn(cache, program, maskKey(mask), () => makeVjp(program, mask));
}

function makeVjp(program: Program, mask: readonly boolean[]): VjpProgram {
  const { program: dual, outMask } = jvpProgram(program, mask, reverseControl(vjpProgram));
  const numOutputs = program.outputs.length;
  const types = [...program.inputs, ...pick(program.outputs, outMask).map(cotangentType)];
  const closed = traceProgram(types, (...all) => {
    const numInputs = program.inputs.length;
    const inputs = all.slice(0, numInputs);
    const { values, linear } = runNonlinear(dual, inputs, numInputs);
    const outputs = dual.outputs.slice(0, numOutputs).map((atom) => readValue(values, atom));

    const cotangents = new Array<Tensor | null>(dual.numVariables).fill(null);
    const give = (atom: Atom, cotangent: Tensor | null): void => {
      if (isVariable(atom)) cotangents[atom.id] = addMaybe(cotangents[atom.id]!, cotangent);
    };
    for (const [i, atom] of dual.outputs.slice(numOutputs).entries())
      give(atom, all[numInputs + i]!);
    const sliced = new SlicedCotangents(linear);
    const arrived = (variable: Named): Tensor | null =>
      addMaybe(cotangents[variable.id]!, sliced.of(variable.id, variable));
    for (let i = linear.length - 1; i >= 0; i--) {
      const equation = linear[i]!;
      const arriving = equation.outputs.map(arrived);
      if (arriving.every((cotangent) => cotangent === null)) continue;
      if (!sliced.take(equation, arriving[0]!)) transposeEquation(equation, values, arriving, give);
    }
    const gradients = dual.inputs.slice(numInputs).map((input) => {
      const cotangent = arrived(input);
      return cotangent ?? zeros(cotangentType(input));
    });
    return [...outputs, ...gradients];
  });
  return { program: closed.program, outMask };
}

const readValue = (values: readonly (Tensor | null)[], atom: Atom): Tensor =>
  isVariable(atom) ? values[atom.id]! : atom;

/** Runs the equations that do not depend on tangents, and gives back those that do, in order. */
function runNonlinear(dual: Program, inputs: readonly Tensor[], numInputs: number) {
  const values = new Array<Tensor | null>(dual.numVariables).fill(null);
  const isLinear: boolean[] = [];
  for (let i = 0; i < dual.inputs.length; i++) {
    const { id } = dual.inputs[i]!;
    if (i < numInputs) values[id] = inputs[i]!;
    else isLinear[id] = true;
  }
  const linear: Equation[] = [];
  const isTangent = (atom: Atom): boolean => isVariable(atom) && isLinear[atom.id] === true;
  const read = (atom: Atom): Tensor => readValue(values, atom);
  for (let i = 0; i < dual.equations.length; i++) {
    const equation = dual.equations[i]!;
    const made = equation.outputs;
    if (equation.inputs.some(isTangent)) {
      linear.push(equation);
      for (let j = 0; j < made.length; j++) isLinear[made[j]!.id] = true;
      continue;
    }
    const outputs = repeatEquation(equation, equation.inputs.map(read));
    for (let j = 0; j < made.length; j++) values[made[j]!.id] = outputs[j]!;
  }
  return { values, linear };
}

let rules: TransposeRules<Exclude<Primitive, "derived">> | undefined;

function transposeEquation(
  equation: Equation,
  values: readonly (Tensor | null)[],
  arriving: readonly (Tensor | null)[],
  give: (atom: Atom, cotangent: Tensor | null) => void,
): void {
  const inputs = equation.inputs.map((atom) =>
    isVariable(atom) ? values[atom.id]! : (atom as Tensor),
  );
  const leaving = isEquation(equation, "derived")
    ? transposeDerived(equation.params, inputs, arriving)
    : transposePrimitive(equation, inputs, arriving[0]!);
  for (let i = 0; i < leaving.length; i++) {
    const cotangent = leaving[i];
    if (inputs[i] === null && cotangent !== null && cotangent !== undefined)
      give(equation.inputs[i]!, cotangent);
  }
}

function transposeDerived(
  { name, transpose }: ParamsOf<"derived">,
  inputs: readonly (Tensor | null)[],
  cotangents: readonly (Tensor | null)[],
): readonly (Tensor | null)[] {
  if (transpose === null) throw new TypeError(`${name}: it cannot be differentiated backwards`);
  return transpose(inputs, cotangents);
}

function transposePrimitive<P extends Exclude<Primitive, "derived">>(
  { primitive, params, inputs: atoms }: Equation,
  inputs: readonly (Tensor | null)[],
  cotangent: Tensor,
): readonly (Tensor | null)[] {
  rules ??= transposeRules();
  const rule = rules[primitive as P];
  if (rule === null) throw new TypeError(`${primitive}: a tangent came through where none can`);
  return rule({ params: params as never, inputs, types: atoms, cotangent });
}
