import {
  type Atom,
  type Equation,
  innerPrograms,
  isConcrete,
  isElementwise,
  isEquation,
  type Named,
  type Program,
} from "@diffrax-ts/program";
import type { BlockEmitter } from "../emit/BlockEmitter.ts";
import type { EquationEmitters } from "../emit/ModuleEmitter.ts";
import { countInstructions } from "./countInstructions.ts";
import type {
  ExplainedArray,
  ExplainedBlock,
  ExplainedCode,
  ExplainedStep,
  FusedLoop,
  SingleOperation,
} from "./Explanation.ts";
import { copiesNothing, reasonOf } from "./reasons.ts";

/** What was written for some equations of a block. */
interface Written {
  readonly equations: readonly Equation[];
  readonly isFused: boolean;
  /** Before or after others. */
  readonly order: number;
  readonly code: ExplainedCode;
}

/** Sees what is written for the equations of all blocks while a program is emitted. */
export class Recorder {
  /** By the equations. */
  readonly #written = new Map<Equation, Written>();

  /** What writes equations, and is seen to do so. */
  watch({ cluster, equation, stretches }: EquationEmitters): EquationEmitters {
    return {
      cluster: (block, equations) => {
        const code = record(block, () => cluster(block, equations));
        const written = { equations, isFused: true, order: this.#written.size, code };
        for (const one of equations) this.#written.set(one, written);
      },
      equation: (block, one) => {
        const code = record(block, () => equation(block, one));
        const order = this.#written.size;
        this.#written.set(one, { equations: [one], isFused: false, order, code });
      },
      stretches,
    };
  }

  /** What was written of a program, and within it. */
  blockOf(program: Program): ExplainedBlock {
    const { equations } = program;
    const isScalar = ({ primitive, outputs }: Equation): boolean =>
      isElementwise(primitive) && outputs[0]!.shape.length === 0;
    const steps: { readonly order: number; readonly step: ExplainedStep }[] = [];
    const seen = new Set<Written>();
    let order = 0;
    for (const equation of equations) {
      if (isScalar(equation) || copiesNothing(equation)) continue;
      const written = this.#written.get(equation);
      if (written !== undefined && seen.has(written)) continue;
      if (written !== undefined) seen.add(written);
      order = written?.order ?? order; // a loop that the host runs is written by itself
      steps.push({ order, step: this.#step(program, equation, written) });
    }
    return {
      scalars: equations.filter(isScalar).length,
      views: equations.filter(copiesNothing).length,
      steps: steps.toSorted((a, b) => a.order - b.order).map(({ step }) => step),
    };
  }

  #step(program: Program, equation: Equation, written: Written | undefined): ExplainedStep {
    const inner = innerPrograms(equation);
    if (inner.length === 0)
      return written?.isFused === true
        ? fusedLoop(program, written)
        : single(equation, written?.code ?? nothing);
    if (!isEquation(equation, "loop")) {
      const kind = isEquation(equation, "cond") ? "branches" : "call";
      return { kind, mostTurns: null, blocks: inner.map((one) => this.blockOf(one)) };
    }
    // The condition of a lowered loop is the last value that it carries.
    const { body, bound } = equation.params;
    return { kind: "loop", mostTurns: bound, blocks: [this.blockOf(body)] };
  }
}

const nothing: ExplainedCode = { instructions: 0, inLanes: false };

/** What is written to the present function meanwhile. */
function record({ f }: BlockEmitter, write: () => void): ExplainedCode {
  const start = f.code.length;
  write();
  const { all, vectors } = countInstructions(f.code, start);
  return { instructions: all, inLanes: vectors > 0 };
}

function fusedLoop(program: Program, { equations, code }: Written): FusedLoop {
  const own = new Set(equations);
  const writes = equations.flatMap(({ outputs: [output] }) => {
    const readers = readersOf(program, output!, own);
    return readers.length === 0 ? [] : [{ ...arrayOf(output!), for: readers }];
  });
  return {
    kind: "fused",
    shape: equations[0]!.outputs[0]!.shape,
    primitives: equations.map(({ primitive }) => primitive),
    writes,
    ...code,
  };
}

/** Who reads a variable, but for some equations. */
function readersOf(
  { equations, outputs }: Program,
  variable: Named,
  own: ReadonlySet<Equation>,
): string[] {
  const isRead = (atom: Atom): boolean => !isConcrete(atom) && atom.id === variable.id;
  const readers = new Set<string>();
  for (const equation of equations)
    if (!own.has(equation) && equation.inputs.some(isRead)) readers.add(equation.primitive);
  if (outputs.some(isRead)) readers.add("what follows");
  return [...readers];
}

function single(equation: Equation, code: ExplainedCode): SingleOperation {
  const { primitive, inputs, outputs } = equation;
  return {
    kind: "single",
    primitive,
    ...arrayOf(outputs[0] ?? inputs[0]!),
    operands: inputs.map(arrayOf),
    because: reasonOf(equation),
    ...code,
  };
}

function arrayOf({ dtype, shape }: ExplainedArray): ExplainedArray {
  return { dtype, shape };
}
