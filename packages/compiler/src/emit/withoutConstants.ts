import {
  type Atom,
  isFloat,
  isScalarConstant,
  type Known,
  type Named,
  type Program,
} from "@diffrax-ts/program";

/** So many constants have room in registers, beside what is computed of them. */
const mostConstants = 10;

/** What takes operands of any kind. */
const arithmetic: ReadonlySet<string> = new Set(["add", "sub", "mul", "div", "max", "min"]);

/**
 * A program of scalars that reads its constants as further inputs, if they are few: in a loop over elements they stand in vectors, as all
 * scalars that elements share. V8 takes no operand of a vector instruction from memory, and would load each constant at every turn.
 */
export function withoutConstants(program: Program): {
  readonly program: Program;
  readonly constants: readonly Known[];
} {
  const { inputs, equations, numVariables } = program;
  const [first] = inputs;
  if (first === undefined) return { program, constants: [] };
  const constants: Known[] = [];
  const read: Named[] = [];
  const inputOf = (atom: Atom): Atom => {
    if (!isScalarConstant(atom) || !isFloat(atom.dtype)) return atom;
    const { dtype, shape, scalar } = atom;
    let i = constants.findIndex((one) => one.dtype === dtype && Object.is(one.scalar, scalar));
    if (i < 0) {
      i = constants.push(atom) - 1;
      read.push({ dtype, shape, buffer: false, trace: first.trace, id: numVariables + i });
    }
    return read[i]!;
  };
  const changed: Program["equations"][number][] = [];
  for (const equation of equations) {
    if (!arithmetic.has(equation.primitive)) changed.push(equation);
    else changed.push({ ...equation, inputs: equation.inputs.map(inputOf) });
    if (constants.length > mostConstants) return { program, constants: [] };
  }
  return {
    constants,
    program: {
      ...program,
      inputs: [...inputs, ...read],
      equations: changed,
      numVariables: numVariables + read.length,
    },
  };
}
