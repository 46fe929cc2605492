// About how long code gets, in operations on scalars. It is compared with a limit of thousands, and needs to be no more exact.
import { type Equation, isElementwise, isEquation, type Program } from "@diffrax-ts/program";

/** What is written once for each of these, beside its operations: walks over arrays, and the turns of their loops. */
const kernelWeight = 30;
/** A fused loop is written for two vectors, for one and for the elements that are left over. */
const copiesOfKernel = 4;
/** Operations of an elementary function that is written out. */
const elementaryWeight = 80;

/** A loop that is longer than this is a function anyway. */
const longLoop = 300;

/** The weights of programs, each of which is looked at once in a compilation. */
export type Weights = Map<Program, number>;

/** How much code is one function at most, and what it comes to. */
export interface Sizes {
  /** In operations on scalars. */
  readonly mostOperations: number;
  readonly weights: Weights;
  /** Elementary functions of arrays that are called, and not written out. */
  readonly called: ReadonlySet<Equation>;
}

/** What all equations of a program come to. */
export function weightOfProgram(program: Program, sizes: Sizes): number {
  const known = sizes.weights.get(program);
  if (known !== undefined) return known;
  const weight = weightOfAll(program.equations, sizes);
  sizes.weights.set(program, weight);
  return weight;
}

/** What equations of a lowered program come to. */
export function weightOfAll(equations: readonly Equation[], sizes: Sizes): number {
  let sum = 0;
  for (let i = 0; i < equations.length; i++) sum += weightOf(equations[i]!, sizes);
  return sum;
}

/** What an equation of a lowered program comes to. */
export function weightOf(equation: Equation, sizes: Sizes): number {
  const { primitive, inputs, outputs, params } = equation;
  if (isElementwise(primitive)) {
    if (outputs[0]!.shape.length === 0) return 1;
    if (sizes.called.has(equation)) return kernelWeight;
    return copiesOfKernel * ("define" in params ? elementaryWeight : 1);
  }
  if (isEquation(equation, "cond")) {
    let sum = 4 * outputs.length;
    for (const branch of equation.params.branches) sum += weightOfProgram(branch, sizes);
    return sum;
  }
  if (isEquation(equation, "loop")) {
    const body = weightOfProgram(equation.params.body, sizes);
    return Math.min(body, longLoop) + 4 * outputs.length;
  }
  if (isEquation(equation, "call")) return 2 * (inputs.length + outputs.length);
  switch (primitive as string) {
    case "broadcast":
    case "transpose":
    case "slice":
    case "reverse":
    case "reshape":
    case "bufferFreeze":
      return 1;
    case "pack":
      return 2 * inputs.length;
    case "concatenate":
      return kernelWeight * inputs.length;
    default:
      return 2 * kernelWeight;
  }
}
