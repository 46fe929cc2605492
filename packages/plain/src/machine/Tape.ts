import { apply, isCheap, isTraced, type Primitive, type Recorder } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { logicalNot, logicalOr } from "../values/truth.ts";
import { Facts } from "./Facts.ts";
import type { Truth } from "./Outcome.ts";

/** An operation that was recorded. */
interface Entry {
  readonly primitive: Primitive;
  readonly inputs: readonly Tensor[];
  readonly params: object;
  readonly outputs: readonly Tensor[];
}

/**
 * Remembers in their order the operations that a reading records in the trace behind it.
 *
 * So a stretch of them can be recorded once more inside a branch, and what stands outside is dropped as unused.
 */
export class Tape implements Recorder {
  readonly closed = false;
  /** What holds in the branches that are being read. */
  readonly facts: Facts = new Facts((x) => this.#entries[this.#places.get(x) ?? -1]);
  readonly #recorder: Recorder;
  readonly #entries: Entry[] = [];
  readonly #places = new Map<Tensor, number>();

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  get length(): number {
    return this.#entries.length;
  }

  record(primitive: Primitive, inputs: readonly Tensor[], params: object): Tensor[] {
    const operands = primitive === "assert" ? inputs.map((ok) => this.#ifReached(ok)) : inputs;
    const outputs = this.#recorder.record(primitive, operands, params);
    for (const output of outputs) {
      if (isTraced(output) && !this.#places.has(output) && !inputs.includes(output)) {
        this.#places.set(output, this.#entries.length);
      }
    }
    this.#entries.push({ primitive, inputs: operands, params, outputs });
    return outputs;
  }

  /** What does not happen need not hold. */
  #ifReached(ok: Tensor): Tensor {
    return this.facts.path.reduce<Truth>(
      (x, [when, is]) => logicalOr(x, is ? logicalNot(when) : when),
      ok,
    ) as Tensor;
  }

  /** What was recorded since `from` and these values need, in order. */
  needed(values: readonly Tensor[], from: number): readonly number[] {
    const found = new Set<number>();
    const need = (value: Tensor): void => {
      const place = this.#places.get(value);
      if (place === undefined || place < from || found.has(place)) return;
      found.add(place);
      for (const input of this.#entries[place]!.inputs) need(input);
    };
    for (const value of values) need(value);
    return [...found].sort((i, j) => i - j);
  }

  /** Whether these operations are dear, or may have no finite derivative where the branch is not taken. */
  areCostly(places: readonly number[]): boolean {
    return places.length > 16 || places.some((place) => !isCheap(this.#entries[place]!));
  }

  /** Records operations again, and gives the values that stand for these. */
  replay(places: readonly number[], values: readonly Tensor[]): readonly Tensor[] {
    const known = new Map<Tensor, Tensor>();
    const now = (value: Tensor): Tensor => known.get(value) ?? value;
    for (const place of places) {
      const { primitive, inputs, params, outputs } = this.#entries[place]!;
      const results = apply(primitive, inputs.map(now), params as never);
      for (const [i, output] of outputs.entries()) known.set(output, results[i]!);
    }
    return values.map(now);
  }
}
