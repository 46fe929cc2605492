import type { ArrayValue } from "@diffrax-ts/program";

/** One run of a compiled program. It owns its memory until it is released. */
export interface Run {
  /** What comes before the loop. */
  begin(): void;
  /** At most `turns` turns of the loop that the host drives. Whether there are more. */
  burst(turns: number): boolean;
  /** A value that the loop carries, or its first `rows` rows. */
  carried(index: number, rows?: number): ArrayValue;
  /** A scalar that the loop carries. */
  carriedNumber(index: number): number;
  /** How many values the loop carries. The last says whether it goes on, as a byte that is 0 or 1. */
  readonly numCarried: number;
  /** The bytes of a value that the loop carries, where they are: to be read or changed at once, since memory may grow. */
  carriedBytes(index: number): Uint8Array;
  /** What is left to do. The outputs can be read then. */
  complete(): void;
  /** An output, or its first `rows` rows. */
  output(index: number, rows?: number): ArrayValue;
  /** The bytes of an output, where they are: to be read at once, since memory may grow. */
  outputBytes(index: number): Uint8Array;
  /** An output that is a scalar. */
  outputNumber(index: number): number;
  /** What is left to do, and the outputs. */
  finish(): ArrayValue[];
  release(): void;
}
