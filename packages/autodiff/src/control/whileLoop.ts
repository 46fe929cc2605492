import {
  add,
  alignCaptured,
  and,
  arrayType,
  leafTensor,
  lt,
  scalarTensor,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import {
  flatten,
  flattenLike,
  type Leaf,
  type Tensor,
  type Traced,
  unflatten,
} from "@diffrax-ts/pytree";
import { typeOf } from "../zeros.ts";
import { runControl } from "../runProgram.ts";
import { asType } from "./asType.ts";

/** Options of `whileLoop`. */
export interface WhileOptions {
  /** Stop after this many turns. @defaultValue no limit */
  readonly maxSteps?: number | null;
  /**
   * How many turns reverse mode remembers; it does the others again. With `n` turns and `c` of them remembered, none
   * is done again more than `r` times, where `r` is the least number with `binomial(c + r, r) >= n`. `"all"` needs
   * `maxSteps`, and takes as much memory as that many turns need. @defaultValue as many as fit into 32 MB, and at most 4096 without `maxSteps`
   */
  readonly checkpoints?: number | "all";
}

/**
 * `while (cond(state)) state = body(state)`, as one equation.
 *
 * @param cond - Of the state: a scalar truth value.
 * @param body - The next state: a tree of the same structure, dtypes and shapes.
 * @returns The last state.
 * @throws TypeError if the body returns another structure, another dtype or another shape.
 *
 * @example
 * ```ts
 * import { jit, whileLoop } from "@diffrax-ts/autodiff";
 * import { add, lt, mul } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const doublings = jit((x: Scalar) =>
 *   whileLoop(
 *     (state) => lt(state.x, 1000),
 *     (state) => ({ x: mul(state.x, 2), n: add(state.n, 1) }),
 *     { x, n: 0 },
 *   ),
 * );
 * doublings(1).n.item();
 * // → 10
 * ```
 */
export function whileLoop<State>(
  cond: (state: Traced<State>) => Tensor,
  body: (state: Traced<State>) => NoInfer<Traced<State>>,
  init: State,
  options: WhileOptions = {},
): Traced<State> {
  const { maxSteps = null } = options;
  const { leaves, structure } = flatten(init, "whileLoop: init");
  const start = leaves.map((leaf) => leafTensor(leaf, "whileLoop"));
  const counted = maxSteps !== null;
  const types: Type[] = [...start.map(typeOf), ...(counted ? [arrayType("int32", [])] : [])];
  const tree = (values: readonly Tensor[]): Traced<State> =>
    unflatten(structure, values) as Traced<State>;

  const turn = traceProgram(types, (...values) => {
    const next = flattenLike(
      structure,
      body(tree(values.slice(0, start.length))),
      "whileLoop: state",
    );
    const count = counted ? [add(values.at(-1)!, 1)] : [];
    return [...next.map((leaf: Leaf, i) => asType(leaf, types[i]!)), ...count];
  });
  const goesOn = traceProgram(types, (...values) => {
    const go = cond(tree(values.slice(0, start.length)));
    return [counted ? and(lt(values.at(-1)!, maxSteps), go) : go];
  });
  const { programs, captured } = alignCaptured([turn, goesOn]);
  const inputs = [...captured, ...start, ...(counted ? [scalarTensor("int32", 0)] : [])];
  const outputs = runControl("loop", inputs, {
    body: programs[0]!,
    cond: programs[1]!,
    length: null,
    numConsts: captured.length,
    numCarry: types.length,
    reverse: false,
    parallel: false,
    bound: maxSteps,
    host: false,
    checkpoints: options.checkpoints,
  });
  return tree(outputs.slice(0, start.length));
}
