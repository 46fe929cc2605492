import {
  add,
  alignCaptured,
  arrayType,
  asTensor,
  less,
  logicalAnd,
  type LoopParams,
  scalarTensor,
} from "@diffrax-ts/program";
import { flatten, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { runControl } from "../runProgram.ts";
import { typeOf } from "../zeros.ts";
import { leavesLike } from "../leavesLike.ts";
import { traceBody } from "../traceTree.ts";
import { requireTruth } from "./requireTruth.ts";

/** Options of `treeLoop`. */
export interface TreeLoopOptions {
  /** No more turns than this; `null` if not known. */
  readonly bound: number | null;
  /** Whether turns have to be counted, so that it ends after so many; otherwise `goesOn` sees to that. @defaultValue false */
  readonly isCounted?: boolean;
  /** The host runs the loop in bursts. @defaultValue false */
  readonly host?: boolean;
  /** Whether elements of a batch are expected to make equally many turns: then they make them together. @defaultValue false */
  readonly inStep?: LoopParams["inStep"];
  /** How many turns reverse mode remembers. @defaultValue as many as fit into its memory */
  readonly checkpoints?: LoopParams["checkpoints"];
}

/**
 * `while (goesOn(state)) state = turn(state)` over a tree of tensors and buffers, as one equation: what `whileLoop` and the loop of a
 * solve are made of.
 *
 * @param name - What runs the loop, for errors.
 */
export function treeLoop<State>(
  name: string,
  start: State,
  goesOn: (state: State) => Tensor,
  turn: (state: State) => State,
  { bound, isCounted = false, host = false, inStep, checkpoints }: TreeLoopOptions,
): State {
  const { leaves, structure } = flatten(start, `${name}: init`);
  const init = leaves.map((leaf) => asTensor(leaf, name));
  const count = isCounted ? [scalarTensor("int32", 0)] : [];
  const types = [...init.map(typeOf), ...count.map(() => arrayType("int32", []))];
  const tree = (values: readonly Tensor[]): State =>
    unflatten(structure, values.slice(0, init.length)) as State;

  const body = traceBody(name, types, (values) => [
    ...leavesLike(structure, types, turn(tree(values)), `${name}: state`),
    ...count.map(() => add(values.at(-1)!, 1)),
  ]);
  const cond = traceBody(name, types, (values) => {
    const go = requireTruth(`${name}: cond`, goesOn(tree(values)));
    return [isCounted ? logicalAnd(less(values.at(-1)!, bound!), go) : go];
  });
  const { programs, captured } = alignCaptured([body, cond]);
  return tree(
    runControl("loop", [...captured, ...init, ...count], {
      body: programs[0]!,
      cond: programs[1]!,
      length: null,
      numConsts: captured.length,
      numCarry: types.length,
      reverse: false,
      parallel: false,
      bound,
      host,
      inStep,
      checkpoints,
    }),
  );
}
