import type { Tensor } from "@diffrax-ts/pytree";
import type { ParamsOf, Primitive } from "./primitives.ts";
import { type Atom, type Known, type Named, isScalarConstant } from "./Atom.ts";
import { type Equation, innerPrograms, type Program } from "./Program.ts";
import { LeakError } from "./refusals.ts";
import { asConstant, filledOf, isConstant } from "./constants.ts";
import { shapePrimitive } from "./shapes/shapePrimitive.ts";
import { dependsOnOrigin, simplify } from "./simplify.ts";
import { Constant } from "./tensors.ts";
import { Variable } from "./Variable.ts";
import { type Recorder, traceContext } from "./traceContext.ts";
import type { Type } from "./Type.ts";

/**
 * Records the operations of a function as equations of a Program.
 *
 * While it records it simplifies: what is known is computed, what was recorded before is reused. Values of
 * a surrounding trace become inputs (`captured`).
 */
export class Trace implements Recorder {
  closed = false;
  /** Of each trace another, so that nothing that compares objects takes the values of two traces for equal. */
  readonly identity: symbol = Symbol("trace");
  /** Where it was opened: the values of this trace and of its parents may be captured. */
  readonly #parent: Recorder | null;
  readonly #equations: Equation[] = [];
  /** Which equation made the variable with this id; `undefined` for inputs. */
  readonly #definitions: (Equation | undefined)[] = [];
  /** Equations by primitive, and by what they read. */
  readonly #recorded = new Map<Primitive, Map<number | string, readonly Variable[]>>();
  readonly #captured = new Map<Tensor, Variable>();
  readonly #asked = new Map<Tensor, string>();
  /** What was made of tensors from outside. */
  readonly #taken = new Map<Known, Atom>();
  readonly #constants = new Map<string | number | object, number>();
  /** Which variables some operation has read, whatever became of it. */
  readonly #read: boolean[] = [];

  /** @param parent - The trace in progress round this one, if its values may be used. */
  constructor(parent: Recorder | null = null) {
    this.#parent = parent;
  }

  /** A new input. */
  input(type: Type): Variable {
    const variable = new Variable(this, this.#definitions.length, type);
    this.#definitions.push(undefined);
    return variable;
  }

  record(primitive: Primitive, inputs: readonly Tensor[], params: object): Tensor[] {
    return this.add(primitive, this.#atoms(inputs), params) as unknown as Tensor[];
  }

  /** Adds an equation, unless its outputs are known already. */
  add<P extends Primitive>(
    primitive: P,
    inputs: readonly Atom[],
    params: ParamsOf<P>,
  ): readonly Atom[] {
    const types = shapePrimitive(primitive, inputs, params);
    // A loop over an index, here and in whatever sees every equation: until the engine has optimised a loop, and a page has
    // solved by then, one over an iterator makes an object at each turn.
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i]!;
      if (input.trace !== undefined) this.#read[input.id] = true;
    }
    if (types.length === 1) {
      const simple = simplify(primitive, inputs, params, types[0]!, this.#definitions);
      if (simple !== undefined) return [simple];
    }
    // What is known to hold has no effect.
    if (primitive === "assert" && isScalarConstant(inputs[0]) && inputs[0].scalar !== 0) return [];
    return this.#known(primitive, inputs, params, types);
  }

  /**
   * Records an equation of another program, with other operands of the same types. What was found out when it was recorded
   * there holds here too: the types of its outputs, and that nothing simpler gives the same.
   */
  repeat(equation: Equation, operands: readonly Tensor[]): readonly Tensor[] {
    const { primitive, inputs, params, outputs } = equation;
    const atoms = this.#atoms(operands);
    let isAlike = true;
    for (let i = 0; i < atoms.length; i++) {
      const atom = atoms[i]!;
      if (atom.trace !== undefined) this.#read[atom.id] = true;
      else if (inputs[i]!.trace !== undefined) isAlike = false;
    }
    const results =
      isAlike && !dependsOnOrigin(primitive, atoms)
        ? this.#known(primitive, atoms, params, outputs)
        : this.add(primitive, atoms, params);
    return results as readonly object[] as readonly Tensor[];
  }

  /** The outputs of an equation that was recorded before, or of a new one. */
  #known<P extends Primitive>(
    primitive: P,
    inputs: readonly Atom[],
    params: ParamsOf<P>,
    types: readonly Type[],
  ): readonly Variable[] {
    if (!isPure(primitive)) return this.#push(primitive, inputs, params, types);
    let alike = this.#recorded.get(primitive);
    if (alike === undefined) this.#recorded.set(primitive, (alike = new Map()));
    const key = this.#key(inputs, params);
    const known = alike.get(key);
    if (known !== undefined) return known;
    const outputs = this.#push(primitive, inputs, params, types);
    alike.set(key, outputs);
    return outputs;
  }

  /**
   * Takes all equations out that depend on some inputs, as if they had not been recorded.
   *
   * @param outputs - What is wanted of them.
   * @returns Those that the outputs come from, from the last to the first; and by variable id: 1 for what depends on the inputs.
   */
  takeDependents(
    inputs: readonly Variable[],
    outputs: readonly Tensor[],
  ): { readonly equations: readonly Equation[]; readonly marks: Uint8Array } {
    const marks = new Uint8Array(this.#definitions.length);
    mark(marks, inputs);
    const taken: Equation[] = [];
    let left = 0;
    for (let i = 0; i < this.#equations.length; i++) {
      const equation = this.#equations[i]!;
      if (isMarked(marks, equation.inputs)) {
        taken.push(equation);
        mark(marks, equation.outputs);
      } else this.#equations[left++] = equation;
    }
    this.#equations.length = left;

    const needed = new Uint8Array(marks.length);
    mark(needed, this.#atoms(outputs));
    const equations: Equation[] = [];
    for (let i = taken.length - 1; i >= 0; i--) {
      const equation = taken[i]!;
      if (!isMarked(needed, equation.outputs)) continue;
      equations.push(equation);
      mark(needed, equation.inputs);
    }
    return { equations, marks };
  }

  spared(x: Tensor): void {
    this.#read[(x as Variable).id] = true;
  }

  asked(x: Tensor, advice: string): void {
    if (!this.closed) this.#asked.set(x, advice);
  }

  /** The advice for the first value that was asked for and neither read nor returned. */
  unusedAnswer(outputs: readonly Tensor[]): string | undefined {
    for (const [x, advice] of this.#asked)
      if (this.#read[(x as Variable).id] !== true && !outputs.includes(x)) return advice;
    return undefined;
  }

  /**
   * The first comparison, or what was made of several by logic, whose result was neither read nor returned: most likely the
   * condition of an `if`, which JavaScript took for true without asking.
   */
  unusedComparison(outputs: readonly Tensor[]): string | undefined {
    const unused = this.#equations.find(
      ({ primitive, outputs: [result] }) =>
        truths.has(primitive) &&
        result!.dtype === "bool" &&
        this.#read[result!.id] !== true &&
        !outputs.includes(result as unknown as Tensor),
    );
    return unused?.primitive;
  }

  /**
   * Closes the trace. Equations that no output needs are dropped.
   *
   * @returns The program, whose inputs are the captured values first, then `inputs`.
   */
  finish(
    inputs: readonly Named[],
    outputs: readonly Tensor[],
  ): { readonly program: Program; readonly captured: readonly Tensor[] } {
    const atoms = [...this.#atoms(outputs)];
    const needed = new Uint8Array(this.#definitions.length);
    mark(needed, atoms);
    const kept: Equation[] = [];
    for (let i = this.#equations.length - 1; i >= 0; i--) {
      const equation = this.#equations[i]!;
      if (!isMarked(needed, equation.outputs) && !hasEffect(equation)) continue;
      kept.push(equation);
      mark(needed, equation.inputs);
    }
    const program: Program = {
      format: 1,
      inputs: [...this.#captured.values(), ...inputs],
      equations: kept.reverse(),
      outputs: atoms,
      numVariables: this.#definitions.length,
    };
    const captured = [...this.#captured.keys()];
    this.closed = true;
    this.#equations.length = 0;
    this.#definitions.length = 0;
    this.#read.length = 0;
    this.#recorded.clear();
    this.#captured.clear();
    this.#asked.clear();
    this.#taken.clear();
    this.#constants.clear();
    return { program, captured };
  }

  #push<P extends Primitive>(
    primitive: P,
    inputs: readonly Atom[],
    params: ParamsOf<P>,
    types: readonly Type[],
  ): readonly Variable[] {
    const outputs = types.length === 1 ? [this.input(types[0]!)] : this.#inputs(types);
    const equation = { primitive, inputs, params, outputs } as Equation;
    for (let i = 0; i < outputs.length; i++) this.#definitions[outputs[i]!.id] = equation;
    this.#equations.push(equation);
    return outputs;
  }

  #inputs(types: readonly Type[]): readonly Variable[] {
    return types.map((type) => this.input(type));
  }

  /** The same list, if they are atoms of this trace already, as most are. */
  #atoms(tensors: readonly Tensor[]): readonly Atom[] {
    const given = tensors as readonly object[] as readonly Atom[];
    let own: Atom[] | undefined;
    for (let i = 0; i < given.length; i++) {
      if (given[i]!.trace === this) continue;
      const atom = this.#atom(tensors[i]!);
      if (atom !== given[i]) (own ??= given.slice())[i] = atom;
    }
    return own ?? given;
  }

  /** A tensor as an atom of this trace: its own, a constant, or a value captured from a surrounding trace. */
  #atom(x: Tensor): Atom {
    const { trace } = x as { readonly trace?: Recorder };
    if (trace === this) return x as Variable;
    if (trace === undefined) return this.#constant(x as Known);
    let input = this.#captured.get(x);
    if (input === undefined) {
      if (trace.closed || this.#parent === null) {
        throw new LeakError(x);
      }
      input = this.input(x as unknown as Type);
      this.#captured.set(x, input);
    }
    return input;
  }

  /** One constant for one tensor, however often it is used. */
  #constant(x: Known): Atom {
    if (isConstant(x)) return x;
    let constant = this.#taken.get(x);
    if (constant === undefined) this.#taken.set(x, (constant = this.#newConstant(x)));
    return constant;
  }

  /** Large arrays of one number are told by the number. */
  #newConstant(x: Known): Atom {
    const filled = filledOf(x);
    if (filled === undefined) return asConstant(x);
    const { dtype, shape, scalar } = filled;
    return this.add("broadcast", [new Constant(dtype, scalar)], { shape, axes: [] })[0]!;
  }

  /** Equal for equations of one primitive that compute the same: a number if it tells all, else a text. */
  #key(inputs: readonly Atom[], params: object): number | string {
    const limit = operandLimits[inputs.length] ?? 0;
    let number = 0;
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i]!;
      const n = input.trace === undefined ? this.#number(input) : 2 * input.id + 2;
      number = n < limit ? number * limit + n : NaN;
    }
    let text = "";
    for (const name in params) text += ` ${this.#paramKey(params[name as never])}`;
    if (text === "" && !Number.isNaN(number)) return number;
    for (let i = 0; i < inputs.length; i++) text += ` ${this.#number(inputs[i]!)}`;
    return text;
  }

  /** Of a variable or a constant; different ones have different numbers, and none is 0. */
  #number(atom: Atom): number {
    if (atom.trace !== undefined) return 2 * atom.id + 2;
    if (atom.shape.length > 0) return 2 * intern(this.#constants, atom) + 1;
    const { scalar, dtype } = atom;
    const isPlain = dtype === "float64" && !Object.is(scalar, -0);
    return (
      2 * intern(this.#constants, isPlain ? (scalar as number) : `${dtype} ${showScalar(scalar)}`) +
      1
    );
  }

  #paramKey(value: unknown): string {
    if (Array.isArray(value)) {
      let text = "[";
      for (let i = 0; i < value.length; i++)
        text += typeof value[i] === "number" ? `${value[i]},` : `${this.#paramKey(value[i])},`;
      return `${text}]`;
    }
    if ((typeof value === "object" && value !== null) || typeof value === "function") {
      return `#${intern(this.#constants, value)}`;
    }
    return String(value);
  }
}

/** Their results are truth values, those of the last four if they are of truth values. */
const truths: ReadonlySet<Primitive> = /* @__PURE__ */ new Set<Primitive>([
  "eq",
  "ne",
  "lt",
  "le",
  "and",
  "or",
  "xor",
  "not",
]);

/**
 * By how many operands an equation has: numbers below this are together one below 2⁵³. What has no parameters and is told by such a number has always
 * as many.
 */
const operandLimits = [1, 2 ** 53, 2 ** 26, 2 ** 17];

function showScalar(scalar: number | bigint): string {
  return Object.is(scalar, -0) ? "-0" : String(scalar);
}

function intern(
  numbers: Map<string | number | object, number>,
  key: string | number | object,
): number {
  let n = numbers.get(key);
  if (n === undefined) {
    n = numbers.size;
    numbers.set(key, n);
  }
  return n;
}

/** Marks the variables among some atoms. */
function mark(marks: Uint8Array, atoms: readonly Atom[]): void {
  for (let i = 0; i < atoms.length; i++) {
    const atom = atoms[i]!;
    if (atom.trace !== undefined) marks[atom.id] = 1;
  }
}

/** Whether a variable among some atoms is marked. */
function isMarked(marks: Uint8Array, atoms: readonly Atom[]): boolean {
  for (let i = 0; i < atoms.length; i++) {
    const atom = atoms[i]!;
    if (atom.trace !== undefined && marks[atom.id] === 1) return true;
  }
  return false;
}

let programsWithEffect: WeakMap<Program, boolean> | undefined;

/** Whether an equation does something beyond its outputs: it is an assertion, or runs a program with one. */
function hasEffect(equation: Equation): boolean {
  return equation.primitive === "assert" || innerPrograms(equation).some(isWithEffect);
}

function isWithEffect(program: Program): boolean {
  programsWithEffect ??= new WeakMap();
  let found = programsWithEffect.get(program);
  if (found === undefined)
    programsWithEffect.set(program, (found = program.equations.some(hasEffect)));
  return found;
}

/** Whether two equations with the same inputs give the same outputs and may be one. */
function isPure(primitive: Primitive): boolean {
  return primitive !== "assert" && primitive !== "bufferNew" && primitive !== "bufferWrite";
}

/** Runs `body` while `trace` is the trace in progress. */
export function withTrace<T>(trace: Recorder | null, body: () => T): T {
  const context = traceContext();
  const { current } = context;
  context.current = trace;
  try {
    return body();
  } finally {
    context.current = current;
  }
}
