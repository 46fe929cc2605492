import {
  asTensor,
  isFloat,
  LeakError,
  type Program,
  showType,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import { type Callable, flatten, type Structure, type Tensor } from "@diffrax-ts/pytree";
import { pick, typeOf, zeros } from "../zeros.ts";

/** A function with a rule of its own, as it was traced. */
export interface CustomRule {
  /** As errors call it. */
  readonly name: string;
  /** `(...captured, ...leaves of the arguments) => leaves of the result`. */
  readonly program: Program;
  /** How many of the inputs are values of surrounding traces that the function uses. */
  readonly numCaptured: number;
  /** Of the list of arguments. */
  readonly structure: Structure;
  /** Of the result. */
  readonly output: Structure;
}

/** `customVjp(f)`. */
export function ruleName(kind: string, { name }: Callable & { readonly name?: string }): string {
  return name === undefined || name === "" ? kind : `${kind}(${name})`;
}

/** Which of the leaves of the arguments can have tangents. */
export function floatsIn({ program, numCaptured }: CustomRule): boolean[] {
  return program.inputs.slice(numCaptured).map(({ dtype }) => isFloat(dtype));
}

/** Which of the leaves of the result can. */
export function floatsOut({ program }: CustomRule): boolean[] {
  return program.outputs.map(({ dtype }) => isFloat(dtype));
}

/**
 * The tangents of the arguments, zeros where there is none.
 *
 * @throws TypeError if a value is being differentiated that the function takes from outside.
 */
export function directionsOf(
  { name, numCaptured }: CustomRule,
  inputs: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
): Tensor[] {
  for (let i = 0; i < numCaptured; i++) {
    if (tangents[i] === null) continue;
    const which = numCaptured === 1 ? "" : ` (number ${i + 1} of the ${numCaptured} it uses)`;
    throw new TypeError(
      `${name}: a ${showType(typeOf(inputs[i]!))} from outside${which} is being differentiated, but the rule has ` +
        `derivatives for arguments only; pass that value to ${name} as an argument, and give the rule a derivative for it`,
    );
  }
  return inputs.slice(numCaptured).map((x, i) => tangents[numCaptured + i] ?? zeros(typeOf(x)));
}

/** Traces a part of a rule, which sees nothing but what it is given. */
export function traceRule(
  { name }: CustomRule,
  part: string,
  types: readonly Type[],
  f: (...inputs: readonly Tensor[]) => readonly Tensor[],
): Program {
  const advice = `a rule sees only what it is given, so pass what it needs to ${name} as an argument`;
  let closed: ReturnType<typeof traceProgram>;
  try {
    closed = traceProgram(types, f);
  } catch (error) {
    if (!(error instanceof LeakError)) throw error;
    throw new TypeError(`${name}: ${part} uses a value from outside; ${advice}`, { cause: error });
  }
  const [value] = closed.captured;
  if (value === undefined) return closed.program;
  throw new TypeError(`${name}: ${part} uses a ${showType(typeOf(value))} from outside; ${advice}`);
}

/** The result of a rule, which has to be a record with these two keys. */
export function entriesOf<Key extends string>(
  result: unknown,
  keys: readonly [Key, Key],
  name: string,
): Readonly<Record<Key, unknown>> {
  if (typeof result === "object" && result !== null && keys.every((key) => key in result))
    return result as Readonly<Record<Key, unknown>>;
  throw new TypeError(`${name}: the rule has to return { ${keys.join(", ")} }`);
}

/** The leaves of a tree as tensors, and its structure. */
export function tensorsOf(tree: unknown, name: string): { leaves: Tensor[]; structure: Structure } {
  const { leaves, structure } = flatten(tree, name);
  return { leaves: leaves.map((leaf) => asTensor(leaf, name)), structure };
}

/** Those that a mask picks among the leaves, and zeros elsewhere: tangents or cotangents of a whole tree. */
export function withZeros(
  leaves: readonly Type[],
  mask: readonly boolean[],
  given: readonly Tensor[],
): Tensor[] {
  let next = 0;
  return leaves.map((type, i) => (mask[i] ? given[next++]! : zeros({ ...type, buffer: false })));
}

/** The types of what a mask picks. */
export function pickTypes(types: readonly Type[], mask: readonly boolean[]): Type[] {
  return pick(types, mask).map(({ dtype, shape }) => ({ dtype, shape, buffer: false }));
}
