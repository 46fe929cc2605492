import type { DType, Tensor } from "@diffrax-ts/pytree";
import { OperatorError, refuseValue } from "./refusals.ts";
import { BaseTensor, declareFields } from "./tensors.ts";
import type { Recorder } from "./traceContext.ts";
import { showType, type Type } from "./Type.ts";

/**
 * A value of a function that is being traced; afterwards, a variable of its Program.
 *
 * It is equal to itself alone, for whatever compares objects: by fields, of which `id` differs within a trace and
 * `trace` between traces, or by `valueOf` where there is one.
 */
export class Variable extends BaseTensor {
  declare readonly dtype: DType;
  declare readonly shape: readonly number[];
  declare readonly buffer: boolean;
  /** What it belongs to. */
  declare readonly trace: Recorder;
  /** Its number in its Program. */
  declare readonly id: number;
  // To read one of these is refused at the end of the chain of prototypes.
  declare readonly data: never;
  declare readonly stride: never;
  declare readonly offset: never;

  static {
    declareFields(this, ["dtype", "shape", "buffer", "trace", "id"]);
  }

  constructor(trace: Recorder, id: number, { dtype, shape, buffer }: Type) {
    super();
    this.trace = trace;
    this.id = id;
    this.dtype = dtype;
    this.shape = shape;
    this.buffer = buffer;
  }

  item(): never {
    return refuseValue(this, "item");
  }
  toArray(): never {
    return refuseValue(this, "toArray");
  }
  toJSON(): never {
    return refuseValue(this, "toJSON");
  }

  /** As long as it is being traced, it is iterated as an array of its length is: element by element, each a slice. */
  get [Symbol.iterator](): never {
    return (this.trace.closed || this.shape.length === 0 ? undefined : elements) as never;
  }

  override toString(): string {
    return `traced ${showType(this)}`;
  }
  override valueOf(): this {
    return this;
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new OperatorError();
  }
}

function* elements(this: Tensor): Generator<Tensor> {
  for (let i = 0; i < this.length; i++) yield this.at(i);
}
