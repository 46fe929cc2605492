import {
  and,
  type ConcreteTensor,
  constantOf,
  eq,
  type Equation,
  isFloat,
  lt,
  ne,
  or,
  type Program,
  type ReducePrimitive,
  scalarTensor,
  Trace,
  where,
} from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import { Lowering } from "../lower/lowerProgram.ts";
import { scalarOperation } from "../lower/lowerSmall.ts";
import { i32 } from "../wasm/opcodes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { scalarProgram } from "./cluster.ts";
import { dense } from "./control.ts";
import { valueType } from "./FunctionEmitter.ts";
import { byteStride, collapse, type Cursor, cursorAt, emitNest } from "./nest.ts";
import type { MemoryPlace, ScalarPlace } from "./Place.ts";

/** What a reduction starts from: it changes nothing. */
function identity(primitive: ReducePrimitive, dtype: DType): ScalarPlace {
  return {
    at: "constant",
    constant: scalarTensor(dtype, identityOf(primitive, dtype)) as unknown as ConcreteTensor,
    dtype,
  };
}

function identityOf(primitive: ReducePrimitive, dtype: DType): number | bigint {
  const isWide = dtype === "int64";
  switch (primitive) {
    case "reduceSum":
      return isWide ? 0n : isFloat(dtype) ? -0 : 0;
    case "reduceProd":
      return isWide ? 1n : 1;
    case "reduceMax":
      return isWide
        ? -(2n ** 63n)
        : dtype === "int32"
          ? -(2 ** 31)
          : dtype === "uint32" || dtype === "bool"
            ? 0
            : -Infinity;
    case "reduceMin":
      return isWide
        ? 2n ** 63n - 1n
        : dtype === "int32"
          ? 2 ** 31 - 1
          : dtype === "uint32"
            ? 2 ** 32 - 1
            : dtype === "bool"
              ? 1
              : Infinity;
  }
}

/** The walk of a reduction: along the axes that are kept, and inside, along the others. */
function reduceWalk(
  block: BlockEmitter,
  from: MemoryPlace,
  axes: readonly number[],
  to: MemoryPlace | null,
) {
  const { f } = block;
  const kept = [...from.shape.keys()].filter((axis) => !axes.includes(axis));
  const bytes = byteStride(from);
  const pick = (list: readonly number[], which: readonly number[]): number[] =>
    which.map((axis) => list[axis]!);
  const outer = collapse(pick(from.shape, kept), [
    pick(bytes, kept),
    to === null ? kept.map(() => 0) : byteStride(to),
  ]);
  const inner = collapse(pick(from.shape, axes), [pick(bytes, axes)]);
  const source = f.newLocal(i32);
  f.get(from.base);
  f.set(source);
  const target = f.newLocal(i32);
  f.get(to?.base ?? 0);
  f.set(target);
  const read: Cursor = {
    local: source,
    offset: from.offset,
    step: [...outer.strides[0]!, ...inner.strides[0]!],
  };
  const written: Cursor = { local: target, offset: to?.offset ?? 0, step: outer.strides[1]! };
  return {
    read,
    written,
    outside: (body: () => void) => emitNest(f, outer.shape, [read, written], 0, body),
    inside: (body: () => void) => emitNest(f, inner.shape, [read], outer.shape.length, body),
    free: () => {
      f.freeLocal(source);
      f.freeLocal(target);
    },
  };
}

/** A reduction along axes: one element after the other, from the first to the last. */
export function emitReduce(
  block: BlockEmitter,
  { primitive, inputs, params: { axes }, outputs }: Equation<ReducePrimitive>,
): void {
  const { f } = block;
  const output = outputs[0]!;
  const { dtype } = output;
  const copies: MemoryPlace[] = [];
  const from = dense(block, block.place(inputs[0]!), copies);
  const combine = {
    reduceSum: "add",
    reduceProd: "mul",
    reduceMax: "max",
    reduceMin: "min",
  } as const;
  const program = scalarProgram([dtype, dtype], (pair) => [
    scalarOperation(new Lowering(), new Trace(), combine[primitive], pair, {}),
  ]);
  const isScalar = output.shape.length === 0;
  const to = isScalar ? null : block.allocate(output);
  const walk = reduceWalk(block, from, axes, to);
  const total = f.newLocal(valueType(dtype));
  // The sum of nothing is 0, and not -0.
  const isEmpty = axes.some((axis) => from.shape[axis] === 0);
  const zero: ScalarPlace = { at: "constant", constant: constantOf(dtype, 0), dtype };
  const start = isEmpty && primitive === "reduceSum" ? zero : identity(primitive, dtype);
  const totalPlace: ScalarPlace = { at: "local", local: total, dtype };
  walk.outside(() => {
    block.pushPlace(start);
    f.set(total);
    walk.inside(() => {
      const element = loadElement(block, walk.read, dtype);
      block.inner(program, [totalPlace, element], (inside) => inside.push(program.outputs[0]!));
      f.set(total);
      f.freeLocal(element.local);
    });
    if (to === null) return;
    f.get(walk.written.local);
    f.get(total);
    f.store(dtype, walk.written.offset);
  });
  walk.free();
  for (const copy of copies) block.release(copy);
  if (isScalar) block.own(output, totalPlace);
  else f.freeLocal(total);
}

function loadElement(
  { f }: BlockEmitter,
  { local: pointer, offset }: Cursor,
  dtype: DType,
): ScalarPlace & { at: "local" } {
  const local = f.newLocal(valueType(dtype));
  f.get(pointer);
  f.load(dtype, offset);
  f.set(local);
  return { at: "local", local, dtype };
}

/** The place of the largest or smallest element along an axis; the first of several, a NaN before all. */
export function emitArgReduce(
  block: BlockEmitter,
  { primitive, inputs, params: { axis }, outputs }: Equation<"argmax" | "argmin">,
): void {
  const { f } = block;
  const output = outputs[0]!;
  const copies: MemoryPlace[] = [];
  const from = dense(block, block.place(inputs[0]!), copies);
  const { dtype } = from;
  const program: Program = scalarProgram(
    [dtype, "int32", dtype, "int32"],
    ([best, place, x, turn]) => {
      const better = primitive === "argmax" ? lt(best!, x!) : lt(x!, best!);
      const first = eq(turn!, 0);
      const isBetter = or(first, and(eq(best!, best!), or(ne(x!, x!), better)));
      return [where(isBetter, x!, best!), where(isBetter, turn!, place!)];
    },
  );
  const to = output.shape.length === 0 ? null : block.allocate(output);
  const walk = reduceWalk(block, from, [axis], to);
  const best: ScalarPlace & { at: "local" } = {
    at: "local",
    local: f.newLocal(valueType(dtype)),
    dtype,
  };
  const [place, turn] = [f.newLocal(i32), f.newLocal(i32)];
  walk.outside(() => {
    f.i32(0);
    f.tee(turn);
    f.set(place);
    walk.inside(() => {
      const element = loadElement(block, walk.read, dtype);
      const places: ScalarPlace[] = [
        best,
        { at: "local", local: place, dtype: "int32" },
        element,
        { at: "local", local: turn, dtype: "int32" },
      ];
      block.inner(program, places, (inside) => {
        for (const result of program.outputs) inside.push(result);
      });
      f.set(place);
      f.set(best.local);
      f.freeLocal(element.local);
      f.advance(turn, 1);
    });
    if (to === null) return;
    f.get(walk.written.local);
    f.get(place);
    f.store("int32", walk.written.offset);
  });
  walk.free();
  f.freeLocal(best.local);
  f.freeLocal(turn);
  for (const copy of copies) block.release(copy);
  if (to === null) block.own(output, { at: "local", local: place, dtype: "int32" });
  else f.freeLocal(place);
}

/** Running sums along an axis. */
export function emitCumsum(
  block: BlockEmitter,
  { inputs, params: { axis, reverse }, outputs }: Equation<"cumsum">,
): void {
  const { f } = block;
  const to = block.allocate(outputs[0]!);
  const copies: MemoryPlace[] = [];
  const from = dense(block, block.place(inputs[0]!), copies);
  const { dtype, shape } = to;
  const program = scalarProgram([dtype, dtype], (pair) => [
    scalarOperation(new Lowering(), new Trace(), "add", pair, {}),
  ]);
  const kept = [...shape.keys()].filter((i) => i !== axis);
  const stride = byteStride(to);
  const n = shape[axis]!;
  const start = reverse ? (n - 1) * stride[axis]! : 0;
  const along = reverse ? -stride[axis]! : stride[axis]!;
  const step = [...kept.map((i) => stride[i]!), along];
  const read = cursorAt(f, { ...from, offset: from.offset + start }, step);
  const written = cursorAt(f, { ...to, offset: to.offset + start }, step);
  const total: ScalarPlace & { at: "local" } = {
    at: "local",
    local: f.newLocal(valueType(dtype)),
    dtype,
  };
  emitNest(
    f,
    kept.map((i) => shape[i]!),
    [read, written],
    0,
    () => {
      block.pushPlace(identity("reduceSum", dtype));
      f.set(total.local);
      emitNest(f, [n], [read, written], kept.length, () => {
        const element = loadElement(block, read, dtype);
        block.inner(program, [total, element], (inside) => inside.push(program.outputs[0]!));
        f.set(total.local);
        f.get(written.local);
        f.get(total.local);
        f.store(dtype, written.offset);
        f.freeLocal(element.local);
      });
    },
  );
  for (const local of [read.local, written.local, total.local]) f.freeLocal(local);
  for (const copy of copies) block.release(copy);
}
