import {
  type Atom,
  type Equation,
  isEquation,
  type Named,
  type ParamsOf,
  type Primitive,
  type Program,
  Trace,
  traceContext,
  withTrace,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "../cachedIn.ts";
import { jvpInto } from "../jvp/jvpProgram.ts";
import { addMaybe, cotangentType, isZero, pick, spread, zeros } from "../zeros.ts";
import type { VjpProgram } from "./MakeVjp.ts";
import { reverseControl } from "./reverseControl.ts";
import { SlicedCotangents } from "./SlicedCotangents.ts";
import type { TransposeRules } from "./TransposeRule.ts";
import { transposeRules } from "./transposeRules.ts";

let cache: ProgramCache<VjpProgram> | undefined;

/**
 * The reverse-mode derivative of a program; made once for each set of inputs.
 *
 * Values and tangents are traced together; what is linear in the tangents is then taken out again, and walked from the end
 * to the start.
 *
 * @param mask - The inputs to differentiate with respect to.
 */
export function vjpProgram(program: Program, mask: readonly boolean[]): VjpProgram {
  cache ??= new WeakMap();
  return cachedIn(cache, program, maskKey(mask), () => makeVjp(program, mask));
}

function makeVjp(program: Program, mask: readonly boolean[]): VjpProgram {
  const trace = new Trace(traceContext().current);
  const inputs = program.inputs.map((type) => trace.input(type));
  const moving = pick(program.inputs, mask).map((type) => trace.input(type));
  return withTrace(trace, () => {
    const control = reverseControl(vjpProgram);
    const dual = jvpInto(program, inputs, spread(moving, mask), control);
    const outMask = dual.tangents.map((tangent) => tangent !== null);
    const leaving = pick(dual.tangents, outMask) as readonly Tensor[];
    const { equations, marks } = trace.takeDependents(moving, leaving);

    const cotangents = new Array<Tensor | null>(marks.length).fill(null);
    const give = (x: Atom, cotangent: Tensor): void => {
      if (x.trace === trace) cotangents[x.id] = addMaybe(cotangents[x.id]!, cotangent);
    };
    const arriving = pick(program.outputs, outMask).map((x) => trace.input(cotangentType(x)));
    for (let i = 0; i < leaving.length; i++) give(leaving[i] as object as Atom, arriving[i]!);
    const sliced = new SlicedCotangents(equations);
    const arrived = (variable: Named): Tensor | null =>
      addMaybe(cotangents[variable.id]!, sliced.of(variable.id, variable));
    for (let i = 0; i < equations.length; i++) {
      const equation = equations[i]!;
      const all = equation.outputs.map(arrived);
      if (!all.every(isZero) && !sliced.take(equation, all[0]!))
        transposeEquation(equation, marks, all, give);
    }
    const gradients = moving.map((x) => arrived(x) ?? zeros(cotangentType(x)));
    const closed = trace.finish([...inputs, ...arriving], [...dual.outputs, ...gradients]);
    return { program: closed.program, outMask };
  });
}

let rules: TransposeRules<Exclude<Primitive, "derived">> | undefined;

function transposeEquation(
  equation: Equation,
  marks: Uint8Array,
  arriving: readonly (Tensor | null)[],
  give: (x: Atom, cotangent: Tensor) => void,
): void {
  const inputs = equation.inputs.map((x) =>
    x.trace !== undefined && marks[x.id] === 1 ? null : (x as Tensor),
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
