import { arrayType, asTensor, type Type } from "@diffrax-ts/program";
import {
  checkOptions,
  describeValue,
  flatten,
  type Structure,
  unflatten,
} from "@diffrax-ts/pytree";
import { typeOf } from "../zeros.ts";
import { runControl } from "../runProgram.ts";
import { leavesLike } from "../leavesLike.ts";
import { requireFunction } from "../requireFunction.ts";
import { traceBody } from "../traceTree.ts";

/** What one turn of a scan gives. */
export interface ScanStep<Carry, Row> {
  /** For the next turn. */
  readonly carry: Carry;
  /** To be kept: the rows of all turns are stacked. */
  readonly row: Row;
}

/** What a scan gives. */
export interface ScanResult<Carry, Rows> {
  /** The last one. */
  readonly carry: Carry;
  /** The rows of all turns along a new first axis. */
  readonly rows: Rows;
}

/** Options of `scan`. */
export interface ScanOptions {
  /** The number of turns, if there is nothing to take it from. */
  readonly length?: number;
  /** From the last row to the first. @defaultValue false */
  readonly reverse?: boolean;
  /** How many turns reverse mode remembers; it does the others again. @defaultValue as many as fit into 32 MB */
  readonly checkpoints?: number | "all";
  /** Whether the elements of a batch make each turn together, and not one after the other: for short states without vectors. @defaultValue false */
  readonly inStep?: boolean;
}

const scanOptionNames = ["length", "reverse", "checkpoints", "inStep"] as const;

/**
 * A loop over the rows of arrays, which carries a state along and stacks what each turn gives.
 *
 * @param f - One turn, from the state and a row of `xs`.
 * @param xs - A tree of arrays with the same number of rows, or `null` with `options.length`.
 * @throws TypeError if the state comes back with another structure, dtype or shape; RangeError if the numbers of rows differ.
 *
 * @example
 * ```ts
 * import { jit, scan } from "@diffrax-ts/autodiff";
 * import { add } from "@diffrax-ts/program";
 * import type { Scalar, Tensor } from "@diffrax-ts/pytree";
 *
 * const sums = jit((start: Scalar, xs: Tensor) => {
 *   const step = (total: Scalar, x: Tensor) => ({ carry: add(total, x) as Scalar, row: total });
 *   return scan(step, start, xs).rows;
 * });
 * [...sums(0, Float64Array.of(1, 2, 3))];
 * // → [0, 1, 3]
 * ```
 */
export function scan<Carry, Xs, Row>(
  f: (carry: Carry, x: Xs) => ScanStep<NoInfer<Carry>, Row>,
  init: Carry,
  xs: Xs,
  options: ScanOptions = {},
): ScanResult<Carry, Row> {
  requireFunction("scan: f", f);
  const {
    length: turns,
    reverse = false,
    checkpoints,
    inStep,
  } = checkOptions("scan", options, scanOptionNames);
  const state = flatten(init, "scan: init");
  const rows = flatten(xs, "scan: xs");
  const start = state.leaves.map((leaf) => asTensor(leaf, "scan"));
  const arrays = rows.leaves.map((leaf) => asTensor(leaf, "scan"));
  const length = numRows(arrays.map(typeOf), turns);
  const types = start.map(typeOf);
  const sliceTypes = arrays.map(({ dtype, shape }) => arrayType(dtype, shape.slice(1)));
  let rowStructure: Structure | undefined;
  const { program, captured } = traceBody("scan", [...types, ...sliceTypes], (values) => {
    const carry = unflatten(state.structure, values.slice(0, start.length)) as Carry;
    const x = unflatten(rows.structure, values.slice(start.length)) as Xs;
    const step = requireStep(f(carry, x));
    const row = flatten(step.row, "scan: row");
    rowStructure = row.structure;
    return [
      ...leavesLike(state.structure, types, step.carry, "scan: carry"),
      ...row.leaves.map((leaf) => asTensor(leaf, "scan")),
    ];
  });
  const outputs = runControl("loop", [...captured, ...start, ...arrays], {
    body: program,
    cond: null,
    length,
    numConsts: captured.length,
    numCarry: start.length,
    reverse,
    parallel: false,
    bound: length,
    host: false,
    inStep,
    checkpoints,
  });
  return {
    carry: unflatten(state.structure, outputs.slice(0, start.length)) as Carry,
    rows: unflatten(rowStructure!, outputs.slice(start.length)) as Row,
  };
}

function requireStep<Carry, Row>(step: ScanStep<Carry, Row>): ScanStep<Carry, Row> {
  const isStep = typeof step === "object" && step !== null && "carry" in step && "row" in step;
  if (isStep) return step;
  throw new TypeError(
    `scan: the function has to return { carry, row }, got ${describeValue(step)}; without rows, row: null`,
  );
}

function numRows(types: readonly Type[], given: number | undefined): number {
  let length = given;
  for (const { shape } of types) {
    if (shape.length === 0) throw new RangeError("scan: xs holds a scalar, which has no rows");
    length ??= shape[0]!;
    if (shape[0] === length) continue;
    throw new RangeError(
      given === undefined
        ? `scan: xs holds arrays of ${length} and of ${shape[0]} rows`
        : `scan: options.length is ${length}, and xs holds an array of ${shape[0]} rows`,
    );
  }
  if (length === undefined || !Number.isInteger(length) || length < 0) {
    throw new RangeError(`scan: options.length: expected the number of turns, got ${length}`);
  }
  return length;
}
