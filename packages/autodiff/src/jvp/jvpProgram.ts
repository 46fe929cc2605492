import {
  type Atom,
  type ControlPrimitive,
  type DualValues,
  isControl,
  type ParamsOf,
  type Program,
  repeatEquation,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { isZero, pick, spread, typeOf, zeros } from "../zeros.ts";
import { jvpRules } from "./jvpRules.ts";

/** The outputs of a control equation, and their tangents. */
export type Dual = DualValues;

/** How the equations that run programs are differentiated: straight ahead, or so that the result can be transposed. */
export type ControlJvp = {
  readonly [P in ControlPrimitive]: (
    params: ParamsOf<P>,
    inputs: readonly Tensor[],
    tangents: readonly (Tensor | null)[],
  ) => Dual;
};

/** A program of values and their tangents. */
export interface JvpProgram {
  /** `(...inputs, ...tangents of those that have one) => (...outputs, ...tangents of those that have one)`. */
  readonly program: Program;
  /** Which outputs have a tangent. */
  readonly outMask: readonly boolean[];
}

/**
 * Runs a program on values and tangents, in the trace in progress.
 *
 * @param tangents - Of the inputs; `null` for zero.
 */
export function jvpInto(
  program: Program,
  inputs: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
  control: ControlJvp,
): Dual {
  const rules = jvpRules();
  const values = new Array<Tensor>(program.numVariables);
  const duals = new Array<Tensor | null>(program.numVariables);
  for (let i = 0; i < inputs.length; i++) {
    const { id } = program.inputs[i]!;
    values[id] = inputs[i]!;
    duals[id] = tangents[i]!;
  }
  const read = (atom: Atom): Tensor => (atom.trace !== undefined ? values[atom.id]! : atom);
  const tangentOf = (atom: Atom): Tensor | null =>
    atom.trace !== undefined ? duals[atom.id]! : null;
  for (let i = 0; i < program.equations.length; i++) {
    const equation = program.equations[i]!;
    const { primitive, params, outputs } = equation;
    const x = equation.inputs.map(read);
    const dx = equation.inputs.map(tangentOf);
    let dual: Dual;
    if (dx.every(isZero)) dual = { outputs: repeatEquation(equation, x), tangents: [] };
    else if (isControl(primitive)) {
      dual = control[primitive](params as never, x, dx);
    } else {
      const y = repeatEquation(equation, x);
      const rule = rules[primitive as "neg"];
      dual = {
        outputs: y,
        tangents: rule({ params: params, inputs: x, tangents: dx, outputs: y }),
      };
    }
    for (let j = 0; j < outputs.length; j++) {
      const { id } = outputs[j]!;
      values[id] = dual.outputs[j]!;
      duals[id] = dual.tangents[j] ?? null;
    }
  }
  return { outputs: program.outputs.map(read), tangents: program.outputs.map(tangentOf) };
}

/**
 * The program of values and tangents of a program.
 *
 * @param mask - Which inputs have a tangent.
 * @param force - Which outputs must have one, if only zero.
 */
export function jvpProgram(
  program: Program,
  mask: readonly boolean[],
  control: ControlJvp,
  force: readonly boolean[] = [],
): JvpProgram {
  const types: Type[] = [...program.inputs, ...pick(program.inputs, mask)];
  let outMask: boolean[] = [];
  const closed = traceProgram(types, (...all) => {
    const inputs = all.slice(0, mask.length);
    const { outputs, tangents } = jvpInto(
      program,
      inputs,
      spread(all.slice(mask.length), mask),
      control,
    );
    const forced = tangents.map((t, i) =>
      t === null && force[i] === true ? zeros(typeOf(outputs[i]!)) : t,
    );
    outMask = forced.map((t) => t !== null);
    return [...outputs, ...forced.filter((t) => t !== null)];
  });
  return { program: closed.program, outMask };
}
