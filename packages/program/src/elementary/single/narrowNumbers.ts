import type { NarrowOps } from "../exact.ts";
import { numberOps } from "../numbers.ts";

let made: NarrowOps<number, bigint, boolean, number> | undefined;

/**
 * The operations of float32 on JavaScript numbers, for `numberOps.narrow`. Each result is rounded once more, which for these five operations is
 * as if it were rounded once. Functions bring them along, so that programs with none of these functions are without them.
 */
export function narrowNumbers(): NarrowOps<number, bigint, boolean, number> {
  return (made ??= make());
}

function make(): NarrowOps<number, bigint, boolean, number> {
  const { fround } = Math;
  const floats = new Float32Array(1);
  const words = new Int32Array(floats.buffer);
  return {
    ...numberOps,
    constant: fround,
    add: (a, b) => fround(a + b),
    sub: (a, b) => fround(a - b),
    mul: (a, b) => fround(a * b),
    div: (a, b) => fround(a / b),
    sqrt: (a) => fround(Math.sqrt(a)),
    bits: (a) => {
      floats[0] = a;
      return BigInt(words[0]!);
    },
    fromBits: (a) => {
      words[0] = Number(BigInt.asIntN(32, a));
      return floats[0]!;
    },
    ishrl: (a, n) => BigInt.asUintN(32, a) >> BigInt(n),
    widen: (x) => x,
    round: fround,
  };
}
