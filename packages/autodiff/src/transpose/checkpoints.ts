// Checkpoints, of which there are fewer than turns. On the way forward (Wang and Moin 2009) they are a stack: each
// has a level, and when the stack is full the new one takes the place of all those at its end whose level is not
// above that of the last, one level higher. On the way back (Griewank and Walther 2000) the turns between two
// checkpoints are halved by binomial numbers, as those that are done with leave room.
//
// With C checkpoints and n turns, no turn is done again more than r times on the way back, where r is the smallest
// number with binomial(C + r, r) >= n; all in all at most r n - binomial(C + r, r - 1) turns are.
import {
  add,
  arrayType,
  astype,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  type LoopParams,
  minimum,
  mul,
  scalarTensor,
  sub,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { pick, spread } from "../zeros.ts";
import type { LoopMemory, Recollection } from "./LoopMemory.ts";
import { callProgram, withOutputs } from "./prune.ts";
import { repeatWhile } from "./repeatWhile.ts";
import { bufferType, frozen, newBuffer, rowAt, writeRow } from "./rows.ts";
import { standIn } from "./standIn.ts";

const int = (x: number): Tensor => scalarTensor("int32", x);
/** The level of the first checkpoint, which stays. */
const highest = 2 ** 31 - 1;

/**
 * Remembers some turns, and does the others again on the way back.
 *
 * @param kept - Which of the values carried the derivative reads, or other such values come from.
 * @param slots - The number of checkpoints.
 */
export function checkpoints(
  params: LoopParams,
  kept: readonly boolean[],
  slots: number,
): LoopMemory {
  const { body, numConsts, numCarry } = params;
  const types = pick(body.inputs.slice(numConsts, numConsts + numCarry), kept);
  const counter = arrayType("int32", []);
  const stacks = [counter, counter, ...types].map((type) => bufferType(type, slots));
  return {
    types: [counter, counter, ...stacks],
    // The height of the stack; where the last one put on a higher level is; then levels, turns and values.
    start: () => [int(0), int(slots), ...stacks.map(newBuffer)],
    store: (turn, carry, [height, raised, levels, turns, ...values]) => {
      const { place, level, isFull } = placeOf(turn, height!, levels!, slots);
      return [
        slots === 1 ? int(1) : add(place, 1),
        where(isFull, place, raised!),
        writeRow(levels!, place, level),
        writeRow(turns!, place, turn),
        ...pick(carry, kept).map((value, i) => writeRow(values[i]!, place, value)),
      ];
    },
    turnRound: (memory, inputs) => goBack(params, kept, slots, memory, inputs),
  };
}

/** Where the next checkpoint goes, and on which level. A single one stays: there is no place for others. */
function placeOf(
  turn: Tensor,
  height: Tensor,
  levels: Tensor,
  slots: number,
): { readonly place: Tensor; readonly level: Tensor; readonly isFull: Tensor } {
  if (slots === 1) return { place: turn, level: int(highest), isFull: scalarTensor("bool", 0) };
  const known = frozen(levels);
  const isFull = equal(height, slots);
  const last = rowAt(known, int(slots - 1));
  const [first] = repeatWhile(
    [where(isFull, int(slots), int(0))],
    (i) => logicalAnd(greater(i, 0), lessEqual(rowAt(known, sub(i, 1)), last)),
    (i) => [sub(i, 1)],
  );
  const above = where(isFull, add(last, 1), int(0));
  return {
    place: where(isFull, first!, height),
    level: where(equal(turn, 0), int(highest), above),
    isFull,
  };
}

function goBack(
  params: LoopParams,
  kept: readonly boolean[],
  slots: number,
  [height, raised, , turns, ...values]: readonly Tensor[],
  inputs: readonly Tensor[],
): Recollection {
  const advance = advanceOf(params, kept, inputs);
  // Those beyond the height that were taken down, but not yet overwritten, come before the one that was raised.
  const spare = where(less(raised!, slots), sub(int(slots), height!), int(0));
  return {
    start: [sub(height!, 1), int(slots), int(0), turns!, ...values],
    recall: (turn, [top, base, shift, before, ...stacks]) => {
      /** From `base` on the stack begins somewhere else: at `base + shift`, and goes round. */
      const placeAt = (i: Tensor): Tensor => {
        const moved = add(i, shift!);
        const round = where(greaterEqual(moved, slots), sub(moved, sub(int(slots), base!)), moved);
        return where(less(i, base!), i, round);
      };
      const place = placeAt(top!);
      const start = stacks.map((stack) => rowAt(frozen(stack), place));
      const numValues = start.length;
      const [, end, ...rest] = repeatWhile(
        [rowAt(frozen(before!), place), top!, ...start, before!, ...stacks],
        (at) => less(at, turn),
        (at, last, ...state) => {
          const free = sub(int(slots - 1), last);
          const target = add(at, turnsAhead(add(sub(turn, at), 1), free));
          const [reached, ...there] = repeatWhile(
            [at, ...state.slice(0, numValues)],
            (i) => less(i, target),
            (i, ...carry) => [add(i, 1), ...advance(i, carry)],
          );
          const hasRoom = greater(free, 0);
          const next = where(hasRoom, add(last, 1), last);
          const row = placeAt(next);
          const written = [reached!, ...there].map((value, i) =>
            writeRow(state[numValues + i]!, row, value, hasRoom),
          );
          return [reached!, next, ...there, ...written];
        },
      );
      const found = rest.slice(0, numValues);
      const [known, ...left] = rest.slice(numValues);
      const isDone = equal(rowAt(frozen(known!), placeAt(end!)), turn);
      const below = where(isDone, sub(end!, 1), end!);
      const isRound = logicalAnd(
        logicalAnd(greater(spare, 0), equal(base!, slots)),
        less(below, raised!),
      );
      return {
        carry: spread(found, kept),
        memory: [
          where(isRound, add(below, spare), below),
          where(isRound, raised!, base!),
          where(isRound, sub(height!, raised!), shift!),
          known!,
          ...left,
        ],
      };
    },
  };
}

/** One turn forward, of the values that are kept. */
function advanceOf(
  { body, numConsts, numCarry, length, reverse }: LoopParams,
  kept: readonly boolean[],
  inputs: readonly Tensor[],
): (turn: Tensor, carry: readonly Tensor[]) => readonly Tensor[] {
  const end = numConsts + numCarry;
  const step = withOutputs(body, pick(body.outputs.slice(0, numCarry), kept));
  return (turn, carry) => {
    const place = reverse ? sub(length! - 1, turn) : turn;
    const values = spread(carry, kept).map((x, i) => x ?? standIn(body.inputs[numConsts + i]!));
    const rows = inputs.slice(end).map((x) => rowAt(x, place));
    return callProgram(step, [...inputs.slice(0, numConsts), ...values, ...rows]);
  };
}

/**
 * How far from a checkpoint the next one is best: with `b(f, r) = binomial(f + 1 + r, r)`, `f` more checkpoints let
 * `b(f, r)` turns be gone back through, none of which is done more than `r` times.
 */
function turnsAhead(count: Tensor, free: Tensor): Tensor {
  const [n, f] = [astype(count, "float64"), astype(free, "float64")];
  const isLast = equal(free, 0);
  const float = (x: number): Tensor => scalarTensor("float64", x);
  const [r, , before] = repeatWhile(
    [float(0), where(isLast, n, float(1)), float(1)],
    (_, most) => less(most, n),
    (i, most) => {
      const next = add(i, 1);
      return [next, div(mul(most, add(add(f, 1), next)), next), most];
    },
  );
  const least = div(mul(before!, add(f, 1)), add(f, r!)); // b(f - 1, r - 1)
  const best = where(isLast, sub(n, 1), minimum(before!, sub(n, least)));
  return astype(best, "int32");
}
