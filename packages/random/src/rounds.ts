import { callTraced, noinline } from "@diffrax-ts/autodiff";
import { add, bitwiseOr, bitwiseXor, shiftLeft, shiftRightLogical } from "@diffrax-ts/program";
import type { Callable, Tensor } from "@diffrax-ts/pytree";

/** Two words of 32 bits: numbers, whose sign does not count, or tensors of uint32. */
export type Pair<V> = readonly [V, V];

/** Arithmetic modulo 2³². */
interface WordOps<V> {
  readonly plus: (a: V, b: V | number) => V;
  readonly differ: (a: V, b: V | number) => V;
  readonly rotateLeft: (a: V, n: number) => V;
}

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/** Threefry-2x32, written once for numbers and for tensors. */
function rounds<V>(
  { plus, differ, rotateLeft }: WordOps<V>,
  [k0, k1]: Pair<V>,
  [c0, c1]: Pair<V>,
): Pair<V> {
  const schedule = [k0, k1, differ(differ(k0, k1), 0x1bd11bda)];
  let x0 = plus(c0, k0);
  let x1 = plus(c1, k1);
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 4; j++) {
      x0 = plus(x0, x1);
      x1 = differ(rotateLeft(x1, ROTATIONS[4 * (i % 2) + j]!), x0);
    }
    x0 = plus(x0, schedule[(i + 1) % 3]!);
    x1 = plus(x1, plus(schedule[(i + 2) % 3]!, i + 1));
  }
  return [x0, x1];
}

const onNumbers: WordOps<number> = {
  plus: (a, b) => (a + b) | 0,
  differ: (a, b) => a ^ b,
  rotateLeft: (a, n) => (a << n) | (a >>> (32 - n)),
};

const onTensors: WordOps<Tensor> = {
  plus: add,
  differ: bitwiseXor,
  rotateLeft: (a, n) => bitwiseOr(shiftLeft(a, n), shiftRightLogical(a, 32 - n)),
};

/** Threefry on numbers. */
export function numberRounds(key: Pair<number>, counter: Pair<number>): Pair<number> {
  return rounds(onNumbers, key, counter);
}

let shared: Callable | undefined;

/** Threefry on tensors, element by element: one function in compiled code, however often it is called. */
export function tensorRounds(key: Pair<Tensor>, counter: Pair<Tensor>): Pair<Tensor> {
  shared ??= noinline((k0: Tensor, k1: Tensor, c0: Tensor, c1: Tensor) =>
    rounds(onTensors, [k0, k1], [c0, c1]),
  );
  return callTraced(shared, [...key, ...counter], "threefry2x32") as Pair<Tensor>;
}
