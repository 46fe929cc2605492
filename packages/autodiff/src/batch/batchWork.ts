import type { CompiledProgram } from "@diffrax-ts/compiler";
import {
  type ArrayValue,
  arrayType,
  asTensor,
  isTraced,
  type Program,
  sizeOf,
  spliceProgram,
  traceContext,
  traceProgram,
  type Type,
  valueOf,
} from "@diffrax-ts/program";
import type { Callable, Structure } from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "../cachedIn.ts";
import { requireFunction } from "../requireFunction.ts";
import { compile } from "../runProgram.ts";
import { type Kept, TraceCache, tracesOf } from "../TraceCache.ts";
import { transformed } from "../transformed.ts";
import type { TraceParameters } from "../traceTree.ts";
import type { TreeProgram } from "../TreeProgram.ts";
import { atOnce, hasLoop, loopOver } from "./AnyLength.ts";
import { batchProgram } from "./batchProgram.ts";
import { moveAxis } from "./moveAxis.ts";
import { type Axes, type BatchAxes, batchAxes, elementTypes } from "./batchAxes.ts";
import { repeat } from "./repeat.ts";

/** Code for some elements of a batch at a time. */
export interface Portion {
  readonly compiled: CompiledProgram;
  /** How many elements there is room for. */
  readonly length: number;
  /** Whether its first input is how many there are, in int32; else all that there is room for are computed. */
  readonly isCounted: boolean;
}

/** The call of a function for a batch as work that may be cut between any two elements, with the same bits. */
export interface BatchWork {
  /** After the number of elements, if it is counted, its inputs are those that are `shared`, then `rows`; each output has a row per element. */
  readonly portion: Portion;
  /** What is the same for all elements. */
  readonly shared: readonly ArrayValue[];
  /** What has a row for each element. */
  readonly rows: readonly ArrayValue[];
  /** How many elements there are; or how many groups, if each stands for several. */
  readonly size: number;
  /** Of the result. */
  readonly output: Structure;
}

/**
 * What `vmap` does, as work for those who do it elsewhere, in threads for example.
 *
 * @param name - What asks, for errors. What it asks for is kept by this name.
 * @param groupSize - For a function that takes several elements of the batch at a time, along the first axis of what differs among them: how
 * many, for a batch of this size. Those that are left over are work of its own, for a smaller group.
 * @throws RangeError if an axis is not there, or if the lengths of the batch differ; TypeError within a traced function.
 */
export function batchWork(
  f: Callable,
  inAxes: Axes,
  name: string,
  groupSize: ((size: number) => number) | null = null,
): (...args: readonly unknown[]) => readonly BatchWork[] {
  const make = (): Works => {
    requireFunction(name, f);
    const cache = new TraceCache((_, ...where) => groupsOf(f, inAxes, where, groupSize));
    return (...args) => {
      const { leaves, traced } = cache.get(f, args, name);
      const { axes, captured, traces } = traced;
      const tensors = leaves.map((leaf) => asTensor(leaf, name));
      if (traceContext().current !== null || captured.length > 0 || tensors.some(isTraced))
        throw new TypeError(`${name}: it runs beside this thread, and cannot be part of a trace`);
      const values = tensors.map((x, i) => valueOf(moveAxis(x, axes[i] ?? 0, 0)));
      const shared = values.filter((_, i) => axes[i] === null);
      const rows = values.filter((_, i) => axes[i] !== null);
      const mask = axes.map((axis) => axis !== null);
      return traces.map(({ program, first, size, group, output }) => ({
        portion: portionOf(program, mask, size),
        shared,
        rows: rows.map((all) => part(all, first, size * group)),
        size,
        output,
      }));
    };
  };
  return transformed<Works>(name, f, { inAxes }, make);
}

type Works = (...args: readonly unknown[]) => readonly BatchWork[];

/** What is kept of a function of a batch: of one element, or of a group and of the smaller one at the end. */
interface Groups extends Kept, BatchAxes {
  readonly traces: readonly Group[];
}

function groupsOf(
  f: Callable,
  inAxes: Axes,
  [structure, types, name]: TraceParameters,
  groupSize: ((size: number) => number) | null,
): Groups {
  const batch = batchAxes(inAxes, [structure, types, name]);
  const { axes, size } = batch;
  const elements = elementTypes(types, batch);
  const ofGroup = (group: number): readonly Type[] =>
    groupSize === null
      ? elements
      : elements.map((type, i) =>
          axes[i] === null ? type : arrayType(type.dtype, [group, ...type.shape]),
        );
  const traceOf = (first: number, count: number, group: number): Group => {
    const traced = tracesOf(f, name).of(f, structure, ofGroup(group), name);
    return { ...traced, first, size: count, group };
  };
  const group = groupSize?.(size) ?? 1;
  const rest = size % group;
  const traces = [traceOf(0, (size - rest) / group, group)];
  if (rest > 0) traces.push(traceOf(size - rest, 1, rest));
  return { structure, types, ...batch, traces, captured: traces[0]!.captured };
}

/** The trace for the elements from `first` on, in groups. */
interface Group extends TreeProgram {
  readonly first: number;
  /** How many groups there are. */
  readonly size: number;
  readonly group: number;
}

function part(all: ArrayValue, first: number, count: number): ArrayValue {
  const [size, ...shape] = all.shape as readonly [number, ...number[]];
  if (count === size) return all;
  const data = all.data.subarray(first * sizeOf(shape), (first + count) * sizeOf(shape));
  return { dtype: all.dtype, shape: [count, ...shape], data };
}

interface PortionProgram {
  readonly program: Program;
  readonly length: number;
  readonly isCounted: boolean;
}

let cache: ProgramCache<PortionProgram> | undefined;

/** About so many portions are made of a batch whose elements are computed side by side: there has to be something to share out. */
const portions = 16;

function portionOf(element: Program, mask: readonly boolean[], size: number): Portion {
  const isCounted = hasLoop(element);
  const most = atOnce(element, mask);
  // Few lengths, so that batches of many lengths have code in common.
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, size / portions)));
  const length = isCounted ? most : Math.min(most, wanted);
  cache ??= new WeakMap();
  const { program } = cachedIn(cache, element, `${maskKey(mask)} ${length}`, () => ({
    program: isCounted ? loopOver(element, mask, length) : sideBySide(element, mask, length),
    length,
    isCounted,
  }));
  return { compiled: compile(program), length, isCounted };
}

/** `(...shared, ...rows)` to the results of all rows. */
function sideBySide(element: Program, mask: readonly boolean[], length: number): Program {
  const { program, outMask } = batchProgram(element, mask, length);
  const order = [...mask.keys()].sort((i, j) => Number(mask[i]) - Number(mask[j]));
  const types = order.map((i) => program.inputs[i]!);
  return traceProgram(types, (...given) => {
    const inputs = mask.map((_, i) => given[order.indexOf(i)]!);
    const results = spliceProgram(program, inputs);
    return results.map((x, i) => (outMask[i] ? x : repeat(x, length)));
  }).program;
}
