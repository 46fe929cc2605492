// Blocks that are too long for one function: a stretch of their items is a function, and between stretches all that is needed later stands
// in the frame.
import { type Equation, isConcrete, type Named } from "@diffrax-ts/program";
import * as op from "../wasm/opcodes.ts";
import { i32 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { FunctionEmitter, mostLocalsOfMany } from "./FunctionEmitter.ts";
import { framePointer, type MemoryPlace } from "./Place.ts";
import { isCluster, type Item } from "./planBlock.ts";

/** Emits a block as functions, one for each stretch, and into the present function their calls; then `end`. */
export function emitStretches(block: BlockEmitter, end: () => void): void {
  const { module, program, plan } = block;
  const crossings = new Crossings(block);
  for (const input of program.inputs) if (plan.lastUse[input.id]! >= 0) crossings.lend(input);
  let start = 0;
  for (const next of plan.stretches) {
    const items = plan.items.slice(start, next);
    if (items.length === 1 && isHostLoop(items[0]!)) {
      // It divides the present function, and hands over whatever there is.
      crossings.renewAll();
      block.items(start, next);
    } else {
      const outer = block.f;
      block.f = new FunctionEmitter([i32], mostLocalsOfMany);
      for (const { inputs } of items.flat() as Equation[]) crossings.renew(inputs);
      block.items(start, next);
      for (const { outputs } of items.flat() as Equation[])
        for (const output of outputs) if (plan.lastUse[output.id]! >= next) crossings.keep(output);
      const index = module.declare();
      module.define(index, block.f, [], null);
      block.f = outer;
      outer.get(framePointer);
      outer.op(op.call, index);
    }
    crossings.leave();
    start = next;
  }
  crossings.renew(program.outputs);
  end();
  crossings.giveBack();
}

function isHostLoop(item: Item): boolean {
  return !isCluster(item) && item.primitive === "loop" && (item as Equation<"loop">).params.host;
}

/** Values that are in the frame because another function reads them. */
class Crossings {
  readonly #block: BlockEmitter;
  /** Of views whose address is known when the code runs: where in the frame that is, by the ids of their variables. */
  readonly #addresses = new Map<number, MemoryPlace>();
  /** The ids of those whose address is in a local of the present function. */
  readonly #renewed = new Set<number>();
  readonly #lent: MemoryPlace[] = [];

  constructor(block: BlockEmitter) {
    this.#block = block;
  }

  /** Makes an input of the block readable in all functions. What it is outside the block is untouched. */
  lend({ id }: Named): void {
    const { f, places } = this.#block;
    const place = places[id]!;
    if (place.at === "local") {
      const copy = this.#block.scratch({ dtype: place.dtype, shape: [] });
      f.store(copy, () => f.get(place.local));
      this.#lent.push(copy);
      places[id] = { ...copy, holding: null };
    } else if (place.at === "memory" && place.base !== framePointer) {
      const address = this.#address(place.base);
      this.#lent.push(address);
      this.#addresses.set(id, address);
      places[id] = { ...place, holding: null };
    }
  }

  /** Makes what the present function made readable in all functions. */
  keep(variable: Named): void {
    const block = this.#block;
    const place = block.places[variable.id];
    if (place?.at === "local") {
      const { f } = block;
      const copy = block.scratch({ dtype: place.dtype, shape: [] });
      f.store(copy, () => f.get(place.local));
      block.move(variable, copy);
    } else if (place?.at === "memory" && place.base !== framePointer) {
      const address = this.#address(place.base);
      this.#addresses.set(variable.id, address);
      // It holds its address, and what it is a view of.
      const parent = place.holding?.parent ?? null;
      if (parent !== null) parent.count++;
      block.move(variable, { ...place, holding: { ...address.holding!, parent } });
    }
  }

  /** Loads the addresses of those of these views whose address is in the frame, into locals of the present function. */
  renew(atoms: Equation["inputs"]): void {
    if (this.#addresses.size === 0) return;
    for (const atom of atoms) if (!isConcrete(atom)) this.#renew(atom.id);
  }

  renewAll(): void {
    for (const id of this.#addresses.keys()) this.#renew(id);
  }

  /** Says that the present function has ended. */
  leave(): void {
    this.#renewed.clear();
  }

  giveBack(): void {
    for (const place of this.#lent) this.#block.release(place);
  }

  #renew(id: number): void {
    const { f, places } = this.#block;
    const address = this.#addresses.get(id);
    const place = places[id];
    if (address === undefined || place?.at !== "memory" || this.#renewed.has(id)) return;
    this.#renewed.add(id);
    f.load(address);
    places[id] = { ...place, base: f.keep(i32) };
  }

  /** Puts the address in a local into the frame. */
  #address(local: number): MemoryPlace {
    const { f } = this.#block;
    const address = this.#block.scratch({ dtype: "int32", shape: [] });
    f.store(address, () => f.get(local));
    return address;
  }
}
