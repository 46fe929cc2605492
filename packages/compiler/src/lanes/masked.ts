import {
  apply,
  type Atom,
  constantOf,
  equal,
  type Equation,
  isElementwise,
  isEquation,
  isVariable,
  lessEqual,
  logicalAnd,
  logicalNot,
  type Program,
  repeatEquation,
  sizeOf,
  spliceProgram,
  traceProgram,
  type Type,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { inputOf } from "../emit/control.ts";
import { fitsLanes } from "../emit/FunctionEmitter.ts";
import { inHalves } from "../emit/halves.ts";
import { worksInLanes } from "../emit/lanes.ts";
import { isLaneOperation } from "../emit/scalarOps.ts";

/** The name of calls that are made for one lane after the other. */
export const laneByLane = "laneByLane";

/** A longer array is not made of scalars in registers. */
const mostPacked = 16;

/**
 * The body of a lowered loop for several elements at once. Its last value, which says whether to go on, is a mask of the elements that turn:
 * only these write. In loops inside of it an element that is through keeps what it has until all are; a condition on more than scalars
 * becomes such a loop of one turn for each side.
 *
 * @returns `null` if it cannot be run in so many lanes.
 */
export function maskedBody(body: Program, lanes: 2 | 4): Program | null {
  if (!isMaskable(body, lanes)) return null;
  try {
    return new Masking(lanes).body(body, 0, false);
  } catch (error) {
    if (error === tooWide) return null;
    throw error;
  }
}

/** Thrown for a program of which numbers of 64 bits go to and fro between four lanes and two. */
const tooWide = { message: "too wide" };

function isScalar({ shape, buffer }: Type): boolean {
  return shape.length === 0 && !buffer;
}

/** Whether an equation takes scalars to scalars, and has no effect. */
function isPure(equation: Equation): boolean {
  if (![...equation.inputs, ...equation.outputs].every(isScalar)) return false;
  if (isEquation(equation, "cond"))
    return (
      equation.inputs[0]!.dtype === "bool" &&
      equation.params.branches.every(({ equations }) => equations.every(isPure))
    );
  return isElementwise(equation.primitive) || equation.primitive === "call";
}

function isMaskable({ equations }: Program, lanes: 2 | 4): boolean {
  return equations.every((equation) => {
    if (isPure(equation)) return true;
    const { primitive, inputs, outputs } = equation;
    const areCarried = outputs.every(
      (output) => output.buffer || (isScalar(output) && fitsLanes(output.dtype, lanes)),
    );
    if (isEquation(equation, "cond"))
      return areCarried && equation.params.branches.every((branch) => isMaskable(branch, lanes));
    if (isEquation(equation, "loop"))
      return areCarried && !equation.params.host && isMaskable(equation.params.body, lanes);
    if (primitive === "bufferWrite") return fitsLanes(inputs[2]!.dtype, lanes);
    if (!arrayParts.has(primitive) || !fitsLanes(outputs[0]!.dtype, lanes)) return false;
    return primitive === "pack" ? inputs.length <= mostPacked : sizeOf(outputs[0]!.shape) === 1;
  });
}

/** What makes a scalar of an array, or the other way round. */
const arrayParts: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "dynamicSlice",
  "pack",
  "reshape",
  "slice",
]);

class Masking {
  readonly #lanes: 2 | 4;

  constructor(lanes: 2 | 4) {
    this.#lanes = lanes;
  }

  /** @param keeps - Whether elements that are through keep what the loop carries. */
  body(body: Program, numConsts: number, keeps: boolean): Program {
    const { program } = traceProgram(body.inputs, (...inputs) => {
      const active = inputs.at(-1)!;
      const next = this.#into(body, inputs, active);
      return next.map((x, i) => {
        if (i === next.length - 1) return logicalAnd(x, active);
        const old = inputs[numConsts + i]!;
        return keeps && x !== old && !typeOf(x).buffer ? where(active, x, old) : x;
      });
    });
    // What is of 64 bits in four lanes is done for two and then for two others.
    const fitting =
      this.#lanes === 2 ? program : inHalves(program, (branch) => worksInLanes(branch, 4));
    if (fitting === null) throw tooWide;
    return fitting;
  }

  #into(program: Program, inputs: readonly Tensor[], active: Tensor): Tensor[] {
    const values = new Map(program.inputs.map(({ id }, i) => [id, inputs[i]!]));
    const read = (atom: Atom): Tensor => (isVariable(atom) ? values.get(atom.id)! : atom);
    for (const equation of program.equations) {
      const results = this.#equation(equation, equation.inputs.map(read), active);
      for (const [i, { id }] of equation.outputs.entries()) values.set(id, results[i]!);
    }
    return program.outputs.map(read);
  }

  #equation(equation: Equation, operands: readonly Tensor[], active: Tensor): readonly Tensor[] {
    if (isEquation(equation, "bufferWrite")) {
      const [buffer, index, value, pred] = operands as [Tensor, Tensor, Tensor, Tensor];
      return apply("bufferWrite", [buffer, index, value, logicalAnd(pred, active)], {});
    }
    if (isEquation(equation, "loop")) {
      const { params } = equation;
      const body = this.body(params.body, params.numConsts, true);
      const go = logicalAnd(operands.at(-1)!, active);
      return apply("loop", [...operands.slice(0, -1), go], { ...params, body });
    }
    if (isEquation(equation, "cond"))
      return isPure(equation)
        ? repeatEquation(equation, operands)
        : this.#cond(equation, operands, active);
    const isCall = isEquation(equation, "call");
    const isOne = isElementwise(equation.primitive);
    if (!isCall && (!isOne || isLaneOperation(equation, 2) || isLaneOperation(equation, 4)))
      return repeatEquation(equation, operands);
    const { program } = traceProgram(equation.inputs, (...given) =>
      apply(equation.primitive, given, equation.params),
    );
    return apply("call", operands, { program, name: laneByLane, inline: true });
  }

  #cond(
    { params: { branches }, outputs }: Equation<"cond">,
    [index, ...operands]: readonly Tensor[],
    active: Tensor,
  ): readonly Tensor[] {
    const last = branches.length - 1;
    const isChosen = (side: number): Tensor => {
      if (typeOf(index!).dtype === "bool") return side === 0 ? logicalNot(index!) : index!;
      if (side === 0) return lessEqual(index!, 0);
      return side === last ? logicalNot(lessEqual(index!, last - 1)) : equal(index!, side);
    };
    let results: readonly Tensor[] = outputs.map((output, i) =>
      output.buffer ? operands[inputOf(branches[0]!, i)]! : constantOf(output.dtype, 0),
    );
    for (const [side, branch] of branches.entries())
      results = this.#once(branch, operands, results, logicalAnd(active, isChosen(side)));
    return results;
  }

  /** What one turn of a loop makes of the results for the elements of a mask. */
  #once(
    branch: Program,
    operands: readonly Tensor[],
    results: readonly Tensor[],
    go: Tensor,
  ): readonly Tensor[] {
    const consts = operands.filter((x) => !typeOf(x).buffer);
    const carry = [...results, go];
    const buffers = branch.outputs.map(({ buffer }, i) => (buffer ? inputOf(branch, i) : -1));
    const types = [...consts, ...carry].map(typeOf);
    const once = traceProgram(types, (...given) => {
      let next = 0;
      const inputs = operands.map((x, j) =>
        typeOf(x).buffer ? given[consts.length + buffers.indexOf(j)]! : given[next++]!,
      );
      return [...spliceProgram(branch, inputs), constantOf("bool", 0)];
    });
    const outputs = apply("loop", [...consts, ...carry], {
      body: this.body(once.program, consts.length, true),
      cond: traceProgram(types, (...given) => [given.at(-1)!]).program,
      length: null,
      numConsts: consts.length,
      numCarry: carry.length,
      reverse: false,
      parallel: false,
      bound: 1,
      host: false,
    });
    return outputs.slice(0, -1);
  }
}

function typeOf(x: Tensor): Type {
  return x as unknown as Type;
}
