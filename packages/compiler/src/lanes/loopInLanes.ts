import {
  type Atom,
  bytesOf,
  constantOf,
  type Equation,
  isConcrete,
  type LoopParams,
  type Named,
  type Program,
} from "@diffrax-ts/program";
import { BlockEmitter } from "../emit/BlockEmitter.ts";
import { emitCopy } from "../emit/cluster.ts";
import { FunctionEmitter, valueTypes } from "../emit/FunctionEmitter.ts";
import { interleaved } from "../emit/interleaved.ts";
import { emitNextCarry, handOver, type LoopInLanes, turnsPerCall } from "../emit/loops.ts";
import {
  constantAt,
  framePointer,
  localAt,
  type MemoryPlace,
  type Place,
  viewAt,
} from "../emit/Place.ts";
import { splat } from "../emit/vectors.ts";
import * as op from "../wasm/opcodes.ts";
import { i32, v128 } from "../wasm/valueTypes.ts";
import { emitInLanes } from "./emitInLanes.ts";
import { type LanePlan, planLanes } from "./planLanes.ts";
import type { Uniform } from "./uniform.ts";

/**
 * Writes a loop over elements, in each turn of which stands a loop, so that several elements turn at once. Each lane has an element; when that
 * is through, what comes after its loop is done, and the next element takes the lane. So no lane makes a turn that its element would not
 * make alone, and all operations are those that it would make.
 */
export const loopInLanes: NonNullable<LoopParams["inLanes"]> = inLanes;

function inLanes(...[block, equation]: Parameters<LoopInLanes>): ReturnType<LoopInLanes> {
  const plan = planLanes(equation);
  return plan && ((consts, slots) => emitElements(block, equation, plan, consts, slots));
}

/** What each element has of its own while its loop turns: in memory, one for each lane. */
interface Areas {
  readonly consts: ReadonlyMap<number, MemoryPlace>;
  readonly carry: readonly MemoryPlace[];
  readonly kept: readonly MemoryPlace[];
  /** Whether there is an element in a lane. */
  readonly busy: MemoryPlace;
  /** In how many lanes there is one. */
  readonly count: MemoryPlace;
}

/** The function `(frame, turns) => goOn`. */
function emitElements(
  block: BlockEmitter,
  { params }: Equation<"loop">,
  plan: LanePlan,
  outerConsts: readonly Place[],
  slots: readonly Place[],
): number {
  const { module } = block;
  const { before, inner, after, starts, kept } = plan;
  const { body } = params;
  module.inLanes = emitInLanes;
  const numLanes = plan.lanes * plan.copies;
  const stack = ({ dtype, shape }: Pick<Named, "dtype" | "shape">): MemoryPlace =>
    block.scratch({ dtype, shape: [numLanes, ...shape] });
  const ofElements = new Set(body.inputs.slice(0, params.numConsts).map(({ id }) => id));
  const own = inner.inputs
    .slice(0, inner.params.numConsts)
    .filter((x): x is Named => !isConcrete(x) && !ofElements.has(x.id));
  const areas: Areas = {
    consts: new Map(own.map((x) => [x.id, stack(x)])),
    carry: inner.outputs.map((x, i) => (plan.uniform?.carried[i] ? block.scratch(x) : stack(x))),
    kept: kept.map(stack),
    busy: stack({ dtype: "bool", shape: [] }),
    count: block.scratch({ dtype: "int32", shape: [] }),
  };
  const go = areas.carry.at(-1)!;
  emitCopy(block, constantAt(constantOf("bool", 0)), areas.busy);
  emitCopy(block, constantAt(constantOf("bool", 0)), go);
  emitCopy(block, constantAt(constantOf("int32", 0)), areas.count);

  const index = module.declare();
  const f = new FunctionEmitter([i32, i32]);
  const limit = 1;
  const driver = new BlockEmitter(module, f, nothing(body), [], true);
  const consts = outerConsts.map((place) => handOver(block, f, place, false));
  const carried = slots.map((place) => handOver(block, f, place, false));
  const turns = emitTurns(driver, plan, placesOf(body, consts), areas);
  const lane = f.newLocal(i32);

  const areNew = f.newLocal(i32);

  /** The part of an area that belongs to the element of the lane, or what all have in common. Its base is a new local. */
  const part = (area: MemoryPlace): MemoryPlace => {
    f.get(framePointer);
    f.get(lane);
    f.i32((area.stride[0] ?? 0) * bytesOf(area.dtype));
    f.op(op.i32_mul);
    f.op(op.i32_add);
    const base = f.keep(i32);
    return { ...viewAt(area, area.shape.slice(1), area.stride.slice(1)), base, holding: null };
  };
  const put = (from: Place, area: MemoryPlace): void => {
    const to = part(area);
    emitCopy(driver, from, to);
    f.freeLocal(to.base);
  };
  const changeCount = (by: number): void =>
    f.store(areas.count, () => {
      f.load(areas.count);
      f.i32(by);
      f.op(op.i32_add);
    });
  const setBusy = (to: number): void => {
    put(constantAt(constantOf("bool", to)), areas.busy);
    changeCount(to === 1 ? 1 : -1);
  };
  const pushOf = (area: MemoryPlace): void => {
    const place = part(area);
    f.load(place);
    f.freeLocal(place.base);
  };

  const begin = (): void => {
    const reads = starts.flatMap((start) => ("from" in start ? [start.from] : []));
    const outputs = [...body.outputs, ...own, ...kept, ...reads];
    const program = { ...body, equations: before, outputs };
    driver.inner(program, [...consts, ...carried], (inside) => {
      const give = (x: Atom, area: MemoryPlace): void => {
        const to = part(area);
        if (to.shape.length > 0) emitCopy(driver, inside.place(x), to);
        else f.store(to, () => inside.push(x));
        f.freeLocal(to.base);
      };
      for (const x of own) give(x, areas.consts.get(x.id)!);
      for (const [i, x] of kept.entries()) give(x, areas.kept[i]!);
      for (const [i, start] of starts.entries()) {
        if ("from" in start) give(start.from, areas.carry[i]!);
        else if (start.fill !== null)
          put(constantAt(constantOf(areas.carry[i]!.dtype, start.fill)), areas.carry[i]!);
      }
      emitNextCarry(inside, carried);
    });
    setBusy(1);
  };
  const finish = (): void => {
    const parts = [...areas.kept, ...areas.carry].map(part);
    const inputs = [...body.inputs, ...kept, ...inner.outputs];
    const program = { ...body, inputs, equations: after, outputs: [] };
    driver.inner(program, [...consts, ...carried, ...parts], () => {});
    for (const { base } of parts) f.freeLocal(base);
    setBusy(0);
  };
  const leaveIfZero = (depth: number): void => {
    f.op(op.i32_eqz);
    f.op(op.br_if, depth);
  };
  f.block(op.block, () =>
    f.block(op.loop, () => {
      f.get(limit);
      leaveIfZero(1);
      f.advance(limit, -1);
      f.load(areas.count);
      f.op(op.i32_eqz);
      f.set(areNew);
      f.i32(0);
      f.set(lane);
      f.block(op.loop, () => {
        f.block(op.block, () =>
          f.block(op.loop, () => {
            pushOf(go);
            f.op(op.br_if, 1);
            pushOf(areas.busy);
            f.block(op.ifBlock, finish);
            driver.pushPlace(carried.at(-1)!);
            leaveIfZero(1);
            if (plan.uniform !== null) {
              f.get(areNew);
              leaveIfZero(1);
            }
            begin();
            f.op(op.br, 0);
          }),
        );
        f.advance(lane, 1);
        f.get(lane);
        f.i32(numLanes);
        f.op(op.i32_lt_u);
        f.op(op.br_if, 0);
      });
      f.load(areas.count);
      f.op(op.i32_eqz);
      f.block(op.ifBlock, () => {
        driver.pushPlace(carried.at(-1)!);
        f.op(op.br_if, 1);
        f.op(op.br, 2);
      });
      f.get(framePointer);
      f.op(op.call, turns);
      f.op(op.br, 0);
    }),
  );
  f.load(areas.count);
  driver.pushPlace(carried.at(-1)!);
  f.op(op.i32_or);
  module.define(index, f, [i32], null);
  for (const place of [
    ...areas.consts.values(),
    ...areas.carry,
    ...areas.kept,
    areas.busy,
    areas.count,
  ])
    block.release(place);
  return index;
}

/** By id: where the first inputs of a program are. */
function placesOf({ inputs }: Program, places: readonly Place[]): Map<number, Place> {
  return new Map(places.map((place, i) => [inputs[i]!.id, place]));
}

function nothing(program: Program): Program {
  return { ...program, inputs: [], equations: [], outputs: [], numVariables: 0 };
}

/** The turns of the inner loop, until an element is through: a function of its own. */
function emitTurns(
  driver: BlockEmitter,
  { lanes, copies, inner, body, uniform }: LanePlan,
  shared: ReadonlyMap<number, Place>,
  areas: Areas,
): number {
  const { module } = driver;
  const index = module.declare();
  const f = new FunctionEmitter([i32]);
  const block = new BlockEmitter(module, f, nothing(body), [], true, lanes);
  const each = Array.from({ length: copies }, (_, copy) => copy);
  /** What some lanes have of an area. */
  const portion = (area: MemoryPlace, copy: number): MemoryPlace => ({
    ...viewAt(area, [lanes, ...area.shape.slice(1)], area.stride, [copy * lanes]),
    holding: null, // the areas are held as long as the loop is written
  });
  const load = (area: MemoryPlace, copy: number): Place => {
    const place = portion(area, copy);
    if (place.shape.length > 1) return place;
    f.load(place, lanes);
    return localAt(f.keep(v128), area.dtype);
  };
  const scalars = new BlockEmitter(module, f, nothing(body), [], true);
  const commonConsts: Place[] = [];
  const shares = inner.inputs.slice(0, inner.params.numConsts).map((atom) => {
    if (!isConcrete(atom) && !shared.has(atom.id)) return null;
    const place = isConcrete(atom)
      ? driver.place(atom)
      : handOver(driver, f, shared.get(atom.id)!, false);
    if (atom.shape.length > 0) return place;
    commonConsts.push(place);
    return splat(scalars, place, lanes);
  });
  const constsOf = (copy: number): Place[] =>
    inner.inputs
      .slice(0, inner.params.numConsts)
      .map((atom, i) => shares[i] ?? load(areas.consts.get((atom as Named).id)!, copy));
  const isCommon = (_: unknown, i: number): boolean => uniform?.carried[i] === true;
  const ownAreas = areas.carry.filter((area, i) => !isCommon(area, i));
  const slots = each.map((copy) => ownAreas.map((area) => load(area, copy)));
  const inputs = each.map((copy) => [...constsOf(copy), ...slots[copy]!]);
  const commonAreas = areas.carry.filter(isCommon);
  const commonSlots = commonAreas.map((area) => {
    f.load(area);
    return localAt(f.keep(valueTypes[area.dtype]), area.dtype);
  });
  const active = each.map((copy) => load(ownAreas.at(-1)!, copy));
  f.i32(turnsPerCall);
  const limit = f.keep(i32);

  const one = uniform?.own ?? body;
  const program = copies === 1 ? one : interleaved(one, copies);
  const turn = (common: readonly Place[]): void =>
    block.inner(
      program,
      inputs.flatMap((own) => own.concat(common)),
      (inside) => emitNextCarry(inside, slots.flat()),
      true,
      lanes,
    );
  const turnOfAll = ({ common, read }: Uniform): void =>
    scalars.inner(common, [...commonConsts, ...commonSlots], (inside) => {
      const vectors = read.map((x) => {
        inside.push(x);
        const scalar = localAt(f.keep(valueTypes[x.dtype]), x.dtype);
        const vector = splat(scalars, scalar, lanes);
        f.freeLocal(scalar.local);
        return vector;
      });
      turn(vectors);
      for (const vector of vectors) if (vector.at === "local") f.freeLocal(vector.local);
      emitNextCarry(inside, commonSlots);
    });
  f.block(op.block, () =>
    f.block(op.loop, () => {
      if (uniform === null) turn([]);
      else turnOfAll(uniform);
      for (const copy of each) {
        block.pushPlace(slots[copy]!.at(-1)!);
        block.pushPlace(active[copy]!);
        f.op(op.v128_xor);
        if (copy > 0) f.op(op.v128_or);
      }
      f.op(op.v128_any_true);
      f.op(op.br_if, 1);
      f.advance(limit, -1);
      f.get(limit);
      f.op(op.br_if, 0);
    }),
  );
  for (const [i, area] of commonAreas.entries()) f.store(area, () => f.get(commonSlots[i]!.local));
  for (const copy of each)
    for (const [i, area] of ownAreas.entries()) {
      const slot = slots[copy]![i]!;
      if (slot.at === "local") f.store(portion(area, copy), () => f.get(slot.local), lanes);
    }
  module.define(index, f, [], null);
  return index;
}
