// Program -> Program: what the emitter can write down directly. Calls are spliced in, derived equations
// expanded, small arrays taken apart into scalars, elementary functions of scalars written out, and every
// loop brought to one form. The result is an ordinary Program: the evaluator runs it too.
import {
  alignCaptured,
  apply,
  type Atom,
  dotAxes,
  type Equation,
  type Fma,
  innerPrograms,
  isEquation,
  isTraced,
  isVariable,
  mul,
  type Program,
  spliceProgram,
  Trace,
  withTrace,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { lowerLoop } from "./lowerLoop.ts";
import { findPairs } from "./findPairs.ts";
import { isScalarInstruction, lowerSmall } from "./lowerSmall.ts";
import { flatten, flatTypes, isSmall, unflatten, Value } from "./Value.ts";

/** A function has at most 1000 parameters and results in WebAssembly. One with more of either than this is written out. */
const mostPassed = 500;
/**
 * Elementary functions are written out until they make this many equations; then they are called. Those that stand within so many loops are counted
 * by themselves, so that what runs once takes nothing from what runs at every turn.
 */
const mostInlined = 1200;
/**
 * A program of more equations is a function where it is called more than once: calling it takes little time beside running it, and writing it
 * out again takes long. A field of 560 equations that is called for each stage loses 6 %.
 */
const mostRepeated = 1000;
/** Fewer slices of one array are made where they stand. */
const fewestElements = 32;

/** What lowering has to remember while it goes through one compilation. */
export class Lowering {
  readonly #functions = new Map<Program, Program>();
  readonly #repeated = new Set<Program>();
  /** By the number of loops around. */
  readonly #inlined: number[] = [];
  #depth = 0;
  /** What calls have asked for. */
  fma: Fma | undefined;

  constructor(fma?: Fma) {
    this.fma = fma;
  }

  /**
   * Lowers a whole program. Its inputs stay arrays; its outputs too.
   */
  program(program: Program): Program {
    findRepeated(program, this.#repeated);
    const trace = new Trace();
    const inputs = program.inputs.map((input) => trace.input(input));
    return withTrace(trace, () => {
      const values = this.splice(
        trace,
        program,
        inputs.map((input) => Value.array(trace, input)),
      );
      return trace.finish(
        inputs,
        values.map((value) => value.array()),
      ).program;
    });
  }

  /** Lowers a program into `trace`, which is the trace in progress. */
  splice(trace: Trace, program: Program, inputs: readonly Value[]): readonly Value[] {
    const values = new Array<Value | undefined>(program.numVariables);
    // What instructions compute is a tensor, and a value only for those who ask for one.
    const scalars = new Array<Tensor | undefined>(program.numVariables);
    for (let i = 0; i < inputs.length; i++) values[program.inputs[i]!.id] = inputs[i]!;
    const read = (atom: Atom): Value =>
      atom.trace !== undefined
        ? (values[atom.id] ??= Value.array(trace, scalars[atom.id]!))
        : Value.array(trace, atom);
    const scalar = (atom: Atom): Tensor =>
      atom.trace !== undefined ? (scalars[atom.id] ??= values[atom.id]!.array()) : atom;
    const pairs = findPairs(program);
    const elements = findElements(program);
    let remembered: Map<Equation, readonly Value[]> | undefined;
    const { equations } = program;
    for (let i = 0; i < equations.length; i++) {
      const equation = equations[i]!;
      if (isScalarInstruction(equation)) {
        const operands = equation.inputs.map(scalar);
        scalars[equation.outputs[0]!.id] = trace.repeat(equation, operands)[0]!;
        continue;
      }
      const inputs = equation.inputs.map(read);
      if (elements?.has(equation)) {
        values[equation.outputs[0]!.id] = elementOf(trace, equation, inputs[0]!);
        continue;
      }
      const pair = pairs?.get(equation);
      let outputs: readonly Value[];
      if (pair === undefined) outputs = this.#equation(trace, equation, inputs);
      else if (pair.partner === equation) {
        outputs = this.splice(trace, pair.params.first(), inputs);
        remembered ??= new Map();
        remembered.set(equation, outputs.slice(equation.outputs.length));
      } else
        outputs = this.splice(trace, pair.params.second(), [
          ...inputs,
          ...remembered!.get(pair.partner)!,
        ]);
      const made = equation.outputs;
      for (let j = 0; j < made.length; j++) values[made[j]!.id] = outputs[j]!;
    }
    return program.outputs.map(read);
  }

  #equation(trace: Trace, equation: Equation, inputs: readonly Value[]): readonly Value[] {
    if (isEquation(equation, "call")) {
      const { program, inline, name, fma } = equation.params;
      if (fma !== undefined) this.fma = fma.join(this.fma);
      return inline && !this.#repeated.has(program)
        ? this.splice(trace, program, inputs)
        : this.#call(trace, program, name, inputs);
    }
    if (isEquation(equation, "derived"))
      return this.splice(trace, equation.params.expand(), inputs);
    if (isEquation(equation, "cond")) return this.#cond(trace, equation, inputs);
    if (isEquation(equation, "loop")) return lowerLoop(this, trace, equation, inputs);
    const small = lowerSmall(this, trace, equation, inputs);
    if (small !== undefined) return small;
    if (isEquation(equation, "dotGeneral") && equation.params.contract[0].length === 0)
      return [Value.array(trace, outerProduct(equation, inputs))];
    const outputs = apply(
      equation.primitive,
      inputs.map((value) => value.array()),
      equation.params,
    );
    return outputs.map((output) => Value.array(trace, output));
  }

  /** An elementary function: written out, or called where it has been written out often enough. */
  elementary(
    trace: Trace,
    program: Program,
    name: string,
    inputs: readonly Value[],
  ): readonly Value[] {
    const inlined = this.#inlined[this.#depth] ?? 0;
    if (inlined > mostInlined) return ofElementary().#call(trace, program, name, inputs);
    this.#inlined[this.#depth] = inlined + program.equations.length;
    return this.writtenOut(trace, program, inputs);
  }

  /** An elementary function, written out. It is lowered once, unless a constant makes something simpler of it. */
  writtenOut(trace: Trace, program: Program, inputs: readonly Value[]): readonly Value[] {
    const operands = inputs.map((input) => input.array());
    if (!operands.every(isTraced)) return this.splice(trace, program, inputs);
    return spliceProgram(ofElementary().#closed(program), operands).map((result) =>
      Value.array(trace, result),
    );
  }

  /** Lowers what runs at every turn of a loop. */
  atEachTurn<T>(lower: () => T): T {
    this.#depth++;
    const result = lower();
    this.#depth--;
    return result;
  }

  /** A call of a function that stays one: its small inputs and outputs are passed as scalars. */
  #call(trace: Trace, program: Program, name: string, inputs: readonly Value[]): readonly Value[] {
    const numOutputs = program.outputs.flatMap(flatTypes).length;
    if (Math.max(program.inputs.flatMap(flatTypes).length, numOutputs) > mostPassed)
      return this.splice(trace, program, inputs);
    const results = apply("call", inputs.flatMap(flatten), {
      program: this.#closed(program),
      name,
      inline: false,
    });
    return unflatten(trace, program.outputs, results);
  }

  /** A program lowered by itself, whose small inputs and outputs are scalars; once. */
  #closed(program: Program): Program {
    let lowered = this.#functions.get(program);
    if (lowered === undefined) {
      const trace = new Trace();
      const atoms = program.inputs.flatMap(flatTypes).map((type) => trace.input(type));
      lowered = withTrace(trace, () => {
        const values = unflatten(trace, program.inputs, atoms);
        return trace.finish(atoms, this.splice(trace, program, values).flatMap(flatten)).program;
      });
      this.#functions.set(program, lowered);
    }
    return lowered;
  }

  #cond(
    trace: Trace,
    { params, outputs }: Equation<"cond">,
    [index, ...operands]: readonly Value[],
  ): readonly Value[] {
    const closed = params.branches.map((branch) => {
      const inner = new Trace(trace);
      return withTrace(inner, () => {
        const values = this.splice(inner, branch, operands);
        return inner.finish([], values.flatMap(flatten));
      });
    });
    const { programs, captured } = alignCaptured(closed);
    const results = apply("cond", [index!.array(), ...captured], { branches: programs });
    return unflatten(trace, outputs, results);
  }
}

let elementary: Lowering | undefined;

/** What lowers elementary functions, each once in a process. */
function ofElementary(): Lowering {
  return (elementary ??= new Lowering());
}

/** Adds the long programs that are called in more than one place. */
function findRepeated(
  program: Program,
  repeated: Set<Program>,
  seen: Set<Program> = new Set([program]),
): void {
  const { equations } = program;
  for (let i = 0; i < equations.length; i++) {
    const equation = equations[i]!;
    const programs = innerPrograms(equation);
    for (let j = 0; j < programs.length; j++) {
      const inner = programs[j]!;
      if (!seen.has(inner)) {
        seen.add(inner);
        findRepeated(inner, repeated, seen);
      } else if (isEquation(equation, "call") && inner.equations.length > mostRepeated)
        repeated.add(inner);
    }
  }
}

/**
 * Slices that are taken of one array in many places, and what changes their shapes: each is made where it is first read. Otherwise all would
 * be read first, into more locals than there are, and be written to memory again.
 */
function findElements({ equations }: Program): ReadonlySet<Equation> | undefined {
  if (equations.length < fewestElements) return undefined;
  const slices = new Map<number, Equation[]>();
  for (let i = 0; i < equations.length; i++) {
    const equation = equations[i]!;
    if (equation.primitive !== "slice") continue;
    const array = equation.inputs[0]!;
    if (!isVariable(array) || isSmall(array)) continue;
    if (!isSmall(equation.outputs[0]!)) continue;
    const others = slices.get(array.id);
    if (others === undefined) slices.set(array.id, [equation]);
    else others.push(equation);
  }
  const found = new Set<Equation>();
  const ids = new Set<number>();
  const add = (equation: Equation): void => {
    found.add(equation);
    ids.add(equation.outputs[0]!.id);
  };
  for (const of of slices.values())
    if (of.length >= fewestElements) for (const equation of of) add(equation);
  if (found.size === 0) return undefined;
  for (const equation of equations) {
    const [x] = equation.inputs;
    if (equation.primitive === "reshape" && isVariable(x!) && ids.has(x.id)) add(equation);
  }
  return found;
}

/** An equation of one operand, made where it is first read. */
function elementOf(trace: Trace, { primitive, params, outputs }: Equation, input: Value): Value {
  return Value.later(trace, outputs[0]!, () => apply(primitive, [input.array()], params)[0]!);
}

/** A contraction over nothing is a product element by element, which others can be fused with. */
function outerProduct(
  { params: { batch }, outputs }: Equation<"dotGeneral">,
  [a, b]: readonly Value[],
): Tensor {
  const { shape } = outputs[0]!;
  const numBatch = batch[0].length;
  /** The axes that are paired first, then the others, which begin at `first` in the result. */
  const spread = (x: Value, paired: readonly number[], first: number): Tensor => {
    const free = dotAxes(x.type.shape.length, [], paired);
    const permutation = [...paired, ...free];
    const [ordered] = apply("transpose", [x.array()], { permutation });
    const axes = permutation.map((_, i) => (i < numBatch ? i : first + i - numBatch));
    return apply("broadcast", [ordered!], { shape, axes })[0]!;
  };
  const freeB = b!.type.shape.length - numBatch;
  return mul(spread(a!, batch[0], numBatch), spread(b!, batch[1], shape.length - freeB));
}
