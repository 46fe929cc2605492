import { type Tensor } from "@diffrax-ts/pytree";
import { arrayType, sameList, Trace, traceContext, type Variable } from "@diffrax-ts/program";
import type { Region } from "../machine/Region.ts";
import { Tape } from "../machine/Tape.ts";
import { storageOf } from "../values/TypedList.ts";
import { NotAlike } from "./NotAlike.ts";
import type { Carried } from "./Carried.ts";

/** What the turns of a loop put at places of an array from outside of it. */
export interface Written {
  /** The array, or what holds the elements of a typed one. */
  readonly list: unknown[];
  /** One for each number that is put there in a turn, for each turn of the loop, for each of the loops round it. */
  readonly places: readonly number[];
  /** A number, or a vector of the body with one for each of these places. */
  readonly value: unknown;
}

/** What each turn finds as the one before it has left it. */
export interface Carry {
  readonly carried: Carried;
  /** What the first turn finds. */
  readonly start: Tensor;
  /** What stands for what a turn finds. */
  readonly input: Variable;
}

/**
 * A loop whose turns are read at once.
 *
 * Its body is read a single time, with values that stand for those of all turns: a number that is known in each of them is a `PerTurn`,
 * and one that is traced is a variable of a trace of its own, which is batched over the turns afterwards.
 */
export class Level {
  readonly turns: number;
  /** Whether a condition that is known in each turn is read like one that is traced, and the turns not by which way they go. */
  readonly asData: boolean;
  /** The loop round it that is read at once as well. */
  readonly parent: Level | null;
  /** How many there are, with those round it. */
  readonly depth: number;
  /** Its turns times those of the loops round it. */
  readonly lanes: number;
  readonly trace: Trace;
  readonly tape: Tape;
  /** The body: what was made in it belongs to a turn. */
  readonly region: Region;
  /** What stands in the body for the elements of an array along its first axis. */
  readonly inputs: Map<Tensor, Variable> = new Map();
  /** From which places of arrays from outside something was read: those of a `PerTurn`, or any. */
  readonly reads: Map<object, Set<readonly number[] | "any">> = new Map();
  /** What a turn appends to arrays from outside. */
  readonly pushes: Map<unknown[], unknown[]> = new Map();
  readonly writes: Written[] = [];
  /** By array and place: with which places it is written. */
  readonly #together: Map<object, Map<number, readonly number[]>> = new Map();
  readonly carries: Carry[] = [];
  /** Arrays of scalars, as tensors. */
  readonly packed: Map<object, Tensor> = new Map();

  constructor(parent: Level | null, turns: number, asData: boolean) {
    this.turns = turns;
    this.asData = asData;
    this.parent = parent;
    this.depth = (parent?.depth ?? 0) + 1;
    this.lanes = turns * (parent?.lanes ?? 1);
    this.trace = new Trace(traceContext().current);
    this.tape = new Tape(this.trace);
    this.region = this.tape.region;
  }

  /** From the outermost one to this one. */
  get chain(): readonly Level[] {
    return [...(this.parent?.chain ?? []), this];
  }

  /** What stands for the elements of an array along its first axis, one for each turn. */
  input(source: Tensor): Tensor {
    let variable = this.inputs.get(source);
    if (variable === undefined) {
      variable = this.trace.input(arrayType(source.dtype, source.shape.slice(1)));
      this.inputs.set(source, variable);
    }
    return variable;
  }

  /** From now on this is what the turn before has left there. */
  carry(carried: Carried, start: Tensor): void {
    const input = this.trace.input(arrayType(start.dtype, []));
    this.carries.push({ carried, start, input });
    carried.holder[carried.key] = input;
  }

  isCarried(target: object, name: string | number | undefined): boolean {
    return this.carries.some(
      ({ carried: { holder, key } }) => holder === target && key === `${name}`,
    );
  }

  noteRead(list: object, places: readonly number[] | "any"): void {
    let all = this.reads.get(list);
    if (all === undefined) this.reads.set(list, (all = new Set()));
    all.add(places);
  }

  /** @throws NotAlike if two turns write to one place. */
  noteWrite(written: Written): void {
    const { list, places } = written;
    if (!this.isWritten(list, places)) {
      let all = this.#together.get(list);
      if (all === undefined) this.#together.set(list, (all = new Map()));
      for (const place of places) {
        if (all.has(place)) throw new NotAlike();
        all.set(place, places);
      }
    }
    this.writes.push(written);
  }

  /** Whether a turn writes to its own of these places. @throws NotAlike if it writes to another one. */
  isWritten(list: object, places: readonly number[]): boolean {
    const all = this.#together.get(list);
    const own = all?.get(places[0]!);
    if (own !== undefined && sameList(own, places)) return true;
    if (all !== undefined && places.some((place) => all.has(place))) throw new NotAlike();
    return false;
  }

  /** @throws NotAlike if a turn reads what another one writes. */
  checkReads(): void {
    for (const { carried } of this.carries) {
      const { holder, element } = carried;
      if (this.#together.has(holder)) throw new NotAlike();
      if (element !== undefined && this.reads.has(storageOf(element.list))) throw new NotAlike();
    }
    for (const list of this.pushes.keys())
      if (this.reads.has(list) || this.#together.has(list)) throw new NotAlike();
    for (const list of this.#together.keys()) {
      for (const places of this.reads.get(list) ?? []) {
        if (places === "any") throw new NotAlike();
        this.isWritten(list, places);
      }
    }
  }
}
