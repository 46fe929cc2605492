import {
  apply,
  isCheap,
  isTraced,
  type Primitive,
  type Recorder,
  Variable,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { logicalNot, logicalOr } from "../values/truth.ts";
import { Facts } from "./Facts.ts";
import type { Truth } from "./Outcome.ts";
import { type Region, wholeFunction } from "./Region.ts";

/** An operation that was recorded. */
interface Entry {
  readonly primitive: Primitive;
  readonly inputs: readonly Tensor[];
  readonly params: object;
  readonly outputs: readonly Tensor[];
  /** Operations in this order come after those whose results they use. */
  readonly order: number;
}

/** Where a value was computed. */
interface Place {
  /** Its operation among the entries; -1 for what came from outside. */
  readonly index: number;
  readonly region: Region;
}

/**
 * Remembers in their order the operations that a reading records in the trace behind it.
 *
 * So a stretch of them can be recorded once more inside a branch, and what stands outside is dropped as unused.
 */
export class Tape implements Recorder {
  readonly closed = false;
  /** What holds in the branches that are being read. */
  readonly facts: Facts = new Facts((x) => this.#entries[this.#places.get(x)?.index ?? -1]);
  /** The branch that is being read. */
  region: Region = wholeFunction();
  readonly #recorder: Recorder;
  readonly #entries: Entry[] = [];
  readonly #places = new Map<Tensor, Place>();

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  get length(): number {
    return this.#entries.length;
  }

  record(primitive: Primitive, inputs: readonly Tensor[], params: object): Tensor[] {
    const operands =
      primitive === "assert" ? [this.#ifReached(inputs[0]!), ...inputs.slice(1)] : inputs;
    for (const input of operands) {
      if (isTraced(input) && !this.#places.has(input))
        this.#places.set(input, { index: -1, region: this.region });
    }
    const outputs = this.#recorder.record(primitive, operands, params);
    const order = this.#entries.length;
    const entry = { primitive, inputs: operands, params, outputs, order };
    this.#entries.push(entry);
    for (const output of outputs) if (isTraced(output)) this.#place(output, entry);
    return outputs;
  }

  /**
   * Notes where a value was computed.
   *
   * The trace behind this one gives the same value for the same operation. What was computed inside a branch only, and
   * is now computed outside of it or in another, has its place here from now on; but for what may be computed anywhere.
   */
  #place(output: Tensor, entry: Entry): void {
    const { region } = this;
    const known = this.#places.get(output);
    if (known === undefined) this.#places.set(output, { index: entry.order, region });
    else if (known.index >= 0 && !known.region.isOpen && this.#isBound(known.index)) {
      const index = this.#entries.push(this.#entries[known.index]!) - 1;
      this.#places.set(output, { index, region });
    }
  }

  /** The same number as a tensor of its own: the trace gives one tensor for the same operation, whatever it is meant to be. */
  another(x: Tensor): Tensor {
    if (!isTraced(x)) return x;
    const output = new Variable(x.trace, x.id, x);
    const order = this.#entries.length;
    const params = { shape: x.shape };
    const entry: Entry = { primitive: "reshape", inputs: [x], params, outputs: [output], order };
    this.#entries.push(entry);
    this.#places.set(output, { index: order, region: this.region });
    return output;
  }

  /** Whether an operation belongs into its branch, or uses what was computed after it was recorded first. */
  #isBound(index: number): boolean {
    const entry = this.#entries[index]!;
    return !isCheap(entry) || entry.inputs.some((x) => (this.#places.get(x)?.index ?? -1) > index);
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
    const found = new Set<Entry>();
    const need = (value: Tensor): void => {
      const index = this.#places.get(value)?.index ?? -1;
      const entry = this.#entries[index]!;
      if (index < from || found.has(entry)) return;
      found.add(entry);
      for (const input of entry.inputs) need(input);
    };
    for (const value of values) need(value);
    return Array.from(found, ({ order }) => order).sort((i, j) => i - j);
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
