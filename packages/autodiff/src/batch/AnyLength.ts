import { loopInLanes } from "@diffrax-ts/compiler";
import {
  add,
  allocate,
  apply,
  arrayType,
  asTensor,
  greaterEqual,
  innerPrograms,
  less,
  logicalOr,
  type LoopParams,
  type Program,
  scalarTensor,
  sizeOf,
  tensorOf,
  traceProgram,
  valueOf,
} from "@diffrax-ts/program";
import type { Leaf, Tensor, TypedArray } from "@diffrax-ts/pytree";
import { compile } from "../runProgram.ts";
import { assertOfAll } from "./batchProgram.ts";
import { batchedAlike } from "./BatchRule.ts";
import { type Asserted, spliceWithoutAsserts } from "./withoutAsserts.ts";

/** About so much memory is for the elements that are handed over at once. */
const bytesAtOnce = 256 * 1024;
const mostAtOnce = 1024;

/** Whether a batch of it is a loop over its elements in any case. */
export function hasLoop({ equations }: Program): boolean {
  return equations.some(
    (equation) => equation.primitive === "loop" || innerPrograms(equation).some(hasLoop),
  );
}

/**
 * A program for one element after the other, of any number of them: their number is data, and code for one length serves all. They
 * are handed over in portions.
 */
export class AnyLength {
  readonly #program: Program;
  readonly #mask: readonly boolean[];
  readonly #most: number;

  /**
   * @param element - The program for one element.
   * @param mask - Which inputs differ from element to element.
   */
  constructor(element: Program, mask: readonly boolean[]) {
    this.#most = atOnce(element, mask);
    this.#mask = mask;
    this.#program = loopOver(element, mask, this.#most);
  }

  /** The results for all elements: each has them along its first axis. */
  run(leaves: readonly Leaf[], size: number): readonly Tensor[] {
    const compiled = compile(this.#program);
    const shared = leaves.filter((_, i) => this.#mask[i] !== true);
    const rows = leaves
      .filter((_, i) => this.#mask[i])
      .map((leaf) => valueOf(asTensor(leaf, "vmap")).data as TypedArray);
    const results = this.#program.outputs.map(({ dtype, shape }) => {
      const all = [size, ...shape.slice(1)];
      return { dtype, shape: all, data: allocate(dtype, all) };
    });
    for (let first = 0; first < size; first += this.#most) {
      const count = Math.min(this.#most, size - first);
      const portion = rows.map((data) => {
        const each = data.length / size;
        return data.subarray(first * each, (first + count) * each);
      });
      const run = compiled.start([count, ...shared, ...portion]);
      try {
        run.complete();
        for (const [i, { shape, data }] of results.entries())
          (data as Float64Array).set(
            run.output(i, count).data as Float64Array,
            first * sizeOf(shape.slice(1)),
          );
      } finally {
        run.release();
      }
    }
    return results.map(tensorOf);
  }
}

/** How many elements are handed over at once. */
export function atOnce(element: Program, mask: readonly boolean[]): number {
  const perElement = [...element.inputs.filter((_, i) => mask[i]), ...element.outputs];
  const bytes = perElement.reduce((sum, { shape }) => sum + 8 * sizeOf(shape), 0);
  return Math.max(1, Math.min(mostAtOnce, Math.floor(bytesAtOnce / Math.max(1, bytes))));
}

/**
 * `(count, ...shared, ...rows)` to the results of the first `count` rows. What is asserted of elements is asserted when all are through: while they
 * turn, one may be ahead of another.
 */
export function loopOver(element: Program, mask: readonly boolean[], most: number): Program {
  const shared = element.inputs.filter((_, i) => mask[i] !== true);
  const rows = element.inputs.filter((_, i) => mask[i]);
  const count = arrayType("int32", []);
  const asserted: Asserted[] = [];
  const turn = traceProgram([count, ...shared, count, ...rows], (...[, ...given]) => {
    const own = given.slice(shared.length);
    let [next, nextRow] = [0, 1];
    const inputs = mask.map((isRow) => (isRow ? own[nextRow++]! : given[next++]!));
    const results = spliceWithoutAsserts(element, inputs, asserted);
    const checked = asserted.flatMap(({ operands }) => operands);
    return [add(own[0]!, scalarTensor("int32", 1)), ...results, ...checked];
  }).program;
  const goesOn = traceProgram([count, ...shared, count], (n, ...given) => [
    less(given.at(-1)!, n),
  ]).program;
  const loop: LoopParams = {
    body: turn,
    cond: goesOn,
    length: most,
    numConsts: 1 + shared.length,
    numCarry: 1,
    reverse: false,
    parallel: false,
    bound: most,
    host: false,
    inLanes: loopInLanes,
  };
  const types = rows.map(({ dtype, shape }) => arrayType(dtype, [most, ...shape]));
  return traceProgram([count, ...shared, ...types], (n, ...given) => {
    const start = scalarTensor("int32", 0);
    const operands = [n, ...given.slice(0, shared.length), start, ...given.slice(shared.length)];
    const results = apply("loop", operands, loop).slice(1);
    let next = element.outputs.length;
    for (const { equation, operands: checked } of asserted) {
      const [ok, which] = results.slice(next, (next += checked.length));
      // There is nothing in the rows behind the last element.
      const index = apply("iota", [], { dtype: "int32", shape: [most], axis: 0 })[0]!;
      const holds = logicalOr(ok!, greaterEqual(index, n));
      const all = which === undefined ? [holds] : [holds, which];
      assertOfAll(equation.params, batchedAlike(all, true), most);
    }
    return results.slice(0, element.outputs.length);
  }).program;
}
