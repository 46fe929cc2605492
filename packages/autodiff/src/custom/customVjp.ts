import {
  apply,
  type DerivedParams,
  type Program,
  spliceProgram,
  traceProgram,
} from "@diffrax-ts/program";
import {
  type Callable,
  checkOptions,
  type Concrete,
  type Structure,
  type Tensor,
  unflatten,
  unflattenUnwrapped,
} from "@diffrax-ts/pytree";
import { hasRules } from "../jvp/afterRules.ts";
import { transposeProgram } from "../transpose/transposeProgram.ts";
import { pick, spread, zeros } from "../zeros.ts";
import { leavesLike } from "../leavesLike.ts";
import { requireFunction } from "../requireFunction.ts";
import { customCall } from "./customCall.ts";
import {
  type CustomRule,
  directionsOf,
  entriesOf,
  floatsIn,
  floatsOut,
  pickTypes,
  tensorsOf,
  traceRule,
  withZeros,
} from "./CustomRule.ts";

/** What `customVjp` is told. */
export interface VjpRule<Args extends readonly unknown[], Result, Residuals> {
  /** The value, and what the way back has to know besides the cotangent: any tree. */
  readonly forward: (...args: Args) => { readonly value: Result; readonly residuals: Residuals };
  /** The cotangents of the arguments: a list with a tree like each argument, or `null` for zero. */
  readonly backward: (
    residuals: Residuals,
    cotangent: Result,
  ) => { readonly [Key in keyof Args]: Args[Key] | null };
}

/**
 * A function with a reverse-mode derivative of its own.
 *
 * The rule is traced when the function is differentiated, and not before. It may use nothing but what it is given, and
 * can itself be differentiated.
 *
 * Forward mode transposes `backward`, which is to be linear in the cotangent for that.
 *
 * @param f - The function. Values of a surrounding trace that it uses must not be differentiated.
 * @throws TypeError when it is differentiated, if a value from outside would have to be.
 *
 * @example
 * ```ts
 * import { customVjp, grad } from "@diffrax-ts/autodiff";
 * import { maximum, minimum, mul } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * // The identity, back through which no gradient larger than 1 gets.
 * const clipped = customVjp((x: Scalar) => x, {
 *   forward: (x) => ({ value: x, residuals: null }),
 *   backward: (_, g) => [maximum(minimum(g, 1), -1)],
 * });
 * grad((x: Scalar) => mul(clipped(x), 5))(3);
 * // → 1
 * ```
 */
export function customVjp<Args extends readonly unknown[], Result, Residuals>(
  f: (...args: Args) => Result,
  rule: VjpRule<Args, NoInfer<Result>, Residuals>,
): (...args: { [Key in keyof Args]: Concrete<Args[Key]> }) => Result {
  const { forward, backward } = checkOptions("customVjp", rule, ["forward", "backward"]);
  requireFunction("customVjp: forward", forward);
  requireFunction("customVjp: backward", backward);
  const call = customCall(f, "customVjp", (custom) => {
    let way: Forward | undefined;
    let wayBack: Program | undefined;
    const there = (): Forward => (way ??= traceForward(custom, forward));
    const back = (): Program => (wayBack ??= traceBackward(custom, there(), backward));
    return vjpEquation(custom, () => there().program, back);
  });
  return call as (...args: { [Key in keyof Args]: Concrete<Args[Key]> }) => Result;
}

interface Forward {
  /** `(...leaves) => (...leaves of the result, ...residuals)`. */
  readonly program: Program;
  /** Of the residuals. */
  readonly structure: Structure;
}

function traceForward(custom: CustomRule, forward: Callable): Forward {
  const { structure, output, program, name, numCaptured } = custom;
  let kept: Structure | undefined;
  const traced = traceRule(custom, "forward", program.inputs.slice(numCaptured), (...leaves) => {
    const result = (forward as (...args: readonly unknown[]) => unknown)(
      ...(unflattenUnwrapped(structure, leaves) as readonly unknown[]),
    );
    const { value, residuals } = entriesOf(result, ["value", "residuals"], `${name}: forward`);
    const rest = tensorsOf(residuals, `${name}: residuals`);
    kept = rest.structure;
    return [...leavesLike(output, program.outputs, value, `${name}: value`), ...rest.leaves];
  });
  return { program: traced, structure: kept! };
}

/** `(...residuals, ...cotangents of the floats of the result) => (...cotangents of the floats of the arguments)`. */
function traceBackward(custom: CustomRule, forward: Forward, backward: Callable): Program {
  const { structure, output, program, name, numCaptured } = custom;
  const residuals = forward.program.outputs.slice(program.outputs.length);
  const out = floatsOut(custom);
  const types = [
    ...pickTypes(
      residuals,
      residuals.map(() => true),
    ),
    ...pickTypes(program.outputs, out),
  ];
  return traceRule(custom, "backward", types, (...all) => {
    const cotangents = withZeros(program.outputs, out, all.slice(residuals.length));
    const result = (backward as (...args: readonly unknown[]) => unknown)(
      unflatten(forward.structure, all.slice(0, residuals.length)),
      unflatten(output, cotangents),
    );
    const { children, starts } = structure;
    if (!Array.isArray(result) || result.length !== children.length) {
      throw new TypeError(
        `${name}: backward has to return a list with the cotangents of ${children.length} arguments, null for zero`,
      );
    }
    const inputs = program.inputs.slice(numCaptured);
    const leaves = children.flatMap((child, i) => {
      const mine = inputs.slice(starts[i], starts[i]! + child.size);
      const tree: unknown = result[i];
      return tree === null
        ? mine.map(zeros)
        : leavesLike(child, mine, tree, `${name}: cotangents[${i}]`);
    });
    return pick(leaves, floatsIn(custom));
  });
}

/**
 * @param forward - Made when it is needed.
 * @param backward - Likewise.
 */
function vjpEquation(
  custom: CustomRule,
  forward: () => Program,
  backward: () => Program,
): DerivedParams {
  const { program, numCaptured, name } = custom;
  const numOutputs = program.outputs.length;
  const isIn = floatsIn(custom);
  const isOut = floatsOut(custom);
  return {
    name,
    outputs: program.outputs,
    expand: () => program,
    hasRule: true,
    transpose: null,
    pair: null,
    jvp: (inputs, tangents) => {
      const directions = pick(directionsOf(custom, inputs, tangents), isIn);
      const all = spliceProgram(forward(), inputs.slice(numCaptured));
      const residuals = all.slice(numOutputs);
      const types = pickTypes(program.outputs, isOut);
      const moved = apply("derived", [...residuals, ...directions], {
        name,
        outputs: types,
        // From residuals and tangents of the arguments to tangents of the result: the way back, transposed.
        expand: () => transposeProgram(backward(), residuals.length),
        jvp: null,
        hasRule: hasRules(backward()),
        pair: null,
        transpose: (values, arriving) => {
          const kept = values.slice(0, residuals.length) as readonly Tensor[];
          const cotangents = arriving.map((x, i) => x ?? zeros(types[i]!));
          return [...kept.map(() => null), ...spliceProgram(backward(), [...kept, ...cotangents])];
        },
      });
      return { outputs: all.slice(0, numOutputs), tangents: spread(moved, isOut) };
    },
    batch: (inputs, batched, makeBatch) => {
      const flags = batched.slice(numCaptured);
      const batch = { ...custom, program: makeBatch(program, batched) };
      let there: Program | undefined;
      let back: Program | undefined;
      const batchForward = (): Program => (there ??= makeBatch(forward(), flags));
      const batchBackward = (): Program =>
        (back ??= summed(
          makeBatch(
            backward(),
            backward().inputs.map(() => true),
          ),
          pick(flags, isIn),
        ));
      return apply("derived", inputs, vjpEquation(batch, batchForward, batchBackward));
    },
  };
}

/** The cotangent of what all elements of a batch have in common is the sum of theirs. */
function summed(program: Program, isBatched: readonly boolean[]): Program {
  if (!isBatched.includes(false)) return program;
  return traceProgram(program.inputs, (...inputs) =>
    spliceProgram(program, inputs).map((x, i) =>
      isBatched[i] ? x : apply("reduceSum", [x], { axes: [0] })[0]!,
    ),
  ).program;
}
