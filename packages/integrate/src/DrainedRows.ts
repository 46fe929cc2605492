import type { Run } from "@diffrax-ts/compiler";
import { allocate, type ArrayValue, sizeOf, tensorOf } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** Rows that were taken out of buffers while the loop rested. */
export class DrainedRows {
  /** The times, and then each leaf; in order. */
  readonly parts: ArrayValue[][] = [];

  /** Takes the rows that have been written, and lets the loop begin at the front again. */
  drain(run: Run, count: number, buffers: readonly number[]): void {
    const rows = run.carriedNumber(count);
    if (rows === 0) return;
    this.parts.push(buffers.map((buffer) => run.carried(buffer, rows)));
    run.carriedBytes(count).fill(0);
  }

  /** All of them, and the last ones. */
  join(last: readonly ArrayValue[]): readonly Tensor[] {
    return last.map((end, i) =>
      tensorOf(
        this.parts.length === 0 ? end : concatenated([...this.parts.map((part) => part[i]!), end]),
      ),
    );
  }
}

function concatenated(parts: readonly ArrayValue[]): ArrayValue {
  const { dtype, shape } = parts[0]!;
  const rows = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
  const data = allocate(dtype, rows * sizeOf(shape.slice(1))) as Float64Array;
  let place = 0;
  for (const part of parts) {
    data.set(part.data as Float64Array, place);
    place += part.data.length;
  }
  return { dtype, shape: [rows, ...shape.slice(1)], data };
}
