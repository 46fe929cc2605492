import {
  apply,
  type DerivedParams,
  isFloat,
  type Program,
  spliceProgram,
  type Type,
} from "@diffrax-ts/program";
import { type Callable, type Concrete, type Tensor, unflattenUnwrapped } from "@diffrax-ts/pytree";
import type { ValueAndTangent } from "../jvp.ts";
import { pick, spread, typeOf, zeros } from "../zeros.ts";
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
  traceRule,
  withZeros,
} from "./CustomRule.ts";

/**
 * A function with a derivative of its own, for forward mode and, because that is transposed, for reverse mode too.
 *
 * The rule is traced when the function is differentiated, and not before. It may use nothing but what it is given.
 *
 * @param f - The function. Values of a surrounding trace that it uses must not be differentiated.
 * @param rule - From the arguments and their tangents to the value and its tangent, in which it has to be linear in
 * the tangents. Arguments that are no floats have tangents of zeros.
 * @throws TypeError when it is differentiated, if a value from outside would have to be.
 *
 * @example
 * ```ts
 * import { customJvp, grad } from "@diffrax-ts/autodiff";
 * import { div, exp, log, mul, add } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * // log(1 + e^x), whose derivative does not overflow.
 * const softplus = customJvp(
 *   (x: Scalar) => log(add(1, exp(x))),
 *   ([x], [dx]) => ({
 *     value: log(add(1, exp(x))),
 *     tangent: mul(dx, div(1, add(1, exp(x.neg())))),
 *   }),
 * );
 * grad((x: Scalar) => softplus(x))(1000);
 * // → 1
 * ```
 */
export function customJvp<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  rule: (primals: Args, tangents: Args) => ValueAndTangent<NoInfer<Result>>,
): (...args: { [Key in keyof Args]: Concrete<Args[Key]> }) => Result {
  requireFunction("customJvp: rule", rule);
  const call = customCall(f, "customJvp", (custom) => {
    let traced: Program | undefined;
    return jvpEquation(custom, () => (traced ??= traceJvp(custom, rule)));
  });
  return call as (...args: { [Key in keyof Args]: Concrete<Args[Key]> }) => Result;
}

/** `(...leaves, ...tangents of the floats) => (...leaves of the result, ...tangents of the floats)`. */
function traceJvp(custom: CustomRule, rule: Callable): Program {
  const { structure, output, program, name, numCaptured } = custom;
  const types: readonly Type[] = program.inputs.slice(numCaptured);
  const isMoving = floatsIn(custom);
  return traceRule(custom, "rule", [...types, ...pickTypes(types, isMoving)], (...all) => {
    const tangents = withZeros(types, isMoving, all.slice(types.length));
    const result = (rule as (...args: readonly unknown[]) => unknown)(
      unflattenUnwrapped(structure, all.slice(0, types.length)),
      unflattenUnwrapped(structure, tangents),
    );
    const { value, tangent } = entriesOf(result, ["value", "tangent"], name);
    const leaves = (tree: unknown, part: string): Tensor[] =>
      leavesLike(output, program.outputs, tree, `${name}: ${part}`);
    return [...leaves(value, "value"), ...pick(leaves(tangent, "tangent"), floatsOut(custom))];
  });
}

/** @param rule - Made when it is needed. */
function jvpEquation(custom: CustomRule, rule: () => Program): DerivedParams {
  const { program, numCaptured, name } = custom;
  const numOutputs = program.outputs.length;
  return {
    name,
    outputs: program.outputs,
    expand: () => program,
    hasRule: true,
    transpose: null,
    pair: null,
    jvp: (inputs, tangents, toTranspose) => {
      const directions = pick(directionsOf(custom, inputs, tangents), floatsIn(custom));
      const leaves = inputs.slice(numCaptured);
      const split = (all: readonly (Tensor | null)[]) => all.slice(numOutputs);
      const out = floatsOut(custom);
      if (toTranspose === null) {
        const all = spliceProgram(rule(), [...leaves, ...directions]);
        return { outputs: all.slice(0, numOutputs), tangents: spread(split(all), out) };
      }
      // It is linear in the tangents, and so its own tangent, wherever that is taken.
      const dual = toTranspose(
        rule(),
        [...leaves, ...directions.map((x) => zeros(typeOf(x)))],
        [...leaves.map(() => null), ...directions],
      );
      return {
        outputs: dual.outputs.slice(0, numOutputs),
        tangents: spread(split(dual.tangents), out),
      };
    },
    batch: (inputs, batched, makeBatch) => {
      const flags = batched.slice(numCaptured);
      const batch = { ...custom, program: makeBatch(program, batched) };
      const moving = flags.filter((_, i) => isFloat(program.inputs[numCaptured + i]!.dtype));
      let made: Program | undefined;
      const batchRule = (): Program => (made ??= makeBatch(rule(), [...flags, ...moving]));
      return apply("derived", inputs, jvpEquation(batch, batchRule));
    },
  };
}
