import { apply, type Program, programBytes, traceProgram, type Type } from "@diffrax-ts/program";
import {
  checkOptions,
  type Callable,
  type Concrete,
  type Part,
  type Structure,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import { batchProgram } from "./batch/batchProgram.ts";
import { AnyLength, hasLoop } from "./batch/AnyLength.ts";
import { moveAxis } from "./batch/moveAxis.ts";
import { type Axes, batchAxes, elementTypes, spreadAxes } from "./batch/batchAxes.ts";
import { repeat } from "./batch/repeat.ts";
import { requireFunction } from "./requireFunction.ts";
import { isOutermost, runProgram } from "./runProgram.ts";
import { type Kept, TraceCache, tracesOf } from "./TraceCache.ts";
import { transformed } from "./transformed.ts";
import type { TreeProgram } from "./TreeProgram.ts";
import type { TraceParameters } from "./traceTree.ts";

/** Options of `vmap`. */
export interface VmapOptions<Out extends Axes = Axes> {
  /** The axis of the batch in the arguments: one for all, or one (or a tree) for each argument. @defaultValue 0 */
  readonly inAxes?: Axes;
  /** The axis of the batch in the result. @defaultValue 0 */
  readonly outAxes?: Out;
}

/**
 * What a batch of `T` along the axes `Out` looks like: every tensor has one more axis, but where that is `null`.
 * A tensor of unknown rank stays one, and so does a part, which `vmap` takes as it gives it.
 */
export type Batch<T, Out = number> = T extends Tensor
  ? [Out] extends [null]
    ? T
    : [Out] extends [number]
      ? number extends T["shape"]["length"]
        ? Tensor
        : Tensor<readonly [number, ...T["shape"]]>
      : Tensor
  : T extends number | string | boolean | null | undefined | Callable | Part
    ? T
    : { readonly [Key in keyof T]: Batch<T[Key], AxesOf<Out, Key>> };

/** What of these axes belongs to what is found at `Key`. */
type AxesOf<Out, Key> = [Out] extends [number | null]
  ? Out
  : Key extends keyof Out
    ? Out[Key]
    : Axes;

/**
 * A function of one as a function of a batch: every argument gets one more axis, and so does the result.
 *
 * Loops in it run for each element of the batch as long as that needs: several elements at once where a turn consists of scalars, else one
 * after the other. The bits are those of one element alone in any case.
 *
 * @throws RangeError if an axis is not there, or if the lengths of the batch differ.
 *
 * @example
 * ```ts
 * import { vmap } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const squares = vmap((x: Scalar) => x.mul(x));
 * [...squares(Float64Array.of(1, 2, 3))];
 * // → [1, 4, 9]
 * ```
 */
export function vmap<Args extends readonly unknown[], Result, const Out extends Axes = number>(
  f: (...args: Args) => Result,
  options: VmapOptions<Out> = {},
): (
  ...args: { [Key in keyof Args]: Concrete<Args[Key]> | Concrete<Batch<Args[Key], Axes>> }
) => Batch<Result, Out> {
  return transformed("vmap", f, options, () => {
    requireFunction("vmap", f);
    const { inAxes = 0, outAxes = 0 } = checkOptions("vmap", options, ["inAxes", "outAxes"]);
    const lengths: Lengths = new WeakMap();
    const cache = new TraceCache((_, ...where) => batchOf(f, { inAxes, outAxes, lengths }, where));
    return (...args: readonly unknown[]): Batch<Result, Out> => {
      const { leaves, traced } = cache.get(f, args, "vmap");
      const { lanes, size, captured } = traced;
      const results =
        lanes !== null && isOutermost(captured, leaves)
          ? lanes.run(leaves, size)
          : runProgram(traced.program(), captured, leaves, { name: "vmap" });
      return unflatten(traced.output, results) as Batch<Result, Out>;
    };
  });
}

/** A function of a batch: what is made of the trace of the function of one. */
interface BatchOf extends Kept {
  readonly program: () => Program;
  /** What runs batches of any length at top level, if there is something that does. */
  readonly lanes: AnyLength | null;
  readonly size: number;
  readonly output: Structure;
}

/** By the trace for one element: the length of the first batch, and what runs all others. */
type Lengths = WeakMap<Program, { readonly first: number; lanes: AnyLength | null }>;

interface BatchParameters {
  readonly inAxes: Axes;
  readonly outAxes: Axes;
  readonly lengths: Lengths;
}

function batchOf(
  f: Callable,
  { inAxes, outAxes, lengths }: BatchParameters,
  [structure, types]: TraceParameters,
): BatchOf {
  const batch = batchAxes(inAxes, [structure, types, "vmap"]);
  const { axes, size } = batch;
  const traced = tracesOf(f, "vmap").of(f, structure, elementTypes(types, batch), "vmap");
  const { captured, output, program: element } = traced;
  const outs = spreadAxes(outAxes, output, "vmap: outAxes");
  const isAlongFirst =
    captured.length === 0 &&
    [...axes.filter((axis) => axis !== null), ...outs].every((axis) => axis === 0);
  const lanes = isAlongFirst ? lanesFor(element, axes, size, lengths) : null;
  let made: Program | undefined;
  const program = (): Program => (made ??= batchedProgram(traced, types, axes, outs, size));
  const bytes = lanes === null ? programBytes(program()) : 0;
  return { structure, types, program, lanes, size, captured, output, bytes };
}

/** The code for one length is the quicker one; from the second length on there is code for all of them. */
function lanesFor(
  element: Program,
  axes: readonly (number | null)[],
  size: number,
  lengths: Lengths,
): AnyLength | null {
  const known = lengths.get(element);
  if (known === undefined) lengths.set(element, { first: size, lanes: null });
  if (known === undefined || known.first === size || size === 0 || !hasLoop(element)) return null;
  return (known.lanes ??= new AnyLength(
    element,
    axes.map((axis) => axis !== null),
  ));
}

function batchedProgram(
  traced: TreeProgram,
  types: readonly Type[],
  axes: readonly (number | null)[],
  outs: readonly (number | null)[],
  size: number,
): Program {
  const captured = traced.captured.map((x) => x as unknown as Type);
  const mask = [...captured.map(() => false), ...axes.map((axis) => axis !== null)];
  const batch = batchProgram(traced.program, mask, size);
  return traceProgram([...captured, ...types], (...all) => {
    const moved = all.map((x, i) => moveAxis(x, axes[i - captured.length] ?? 0, 0));
    const results = apply("call", moved, { program: batch.program, name: "vmap", inline: true });
    return results.map((x, i) => placeBatch(x, batch.outMask[i]!, outs[i]!, size));
  }).program;
}

/** The batch of a result where it is wanted. */
function placeBatch(x: Tensor, batched: boolean, axis: number | null, size: number): Tensor {
  if (axis === null) {
    if (batched)
      throw new RangeError(
        "vmap: outAxes: a result that differs along the batch needs an axis, got null",
      );
    return x;
  }
  const full = batched ? x : repeat(x, size);
  const to = axis < 0 ? axis + full.shape.length : axis;
  if (!Number.isInteger(axis) || to < 0 || to >= full.shape.length) {
    throw new RangeError(
      `vmap: outAxes: a result of rank ${full.shape.length - 1} has no place for an axis ${axis}`,
    );
  }
  return moveAxis(full, 0, to);
}
