import {
  add,
  apply,
  arrayType,
  bytesOf,
  greaterEqual,
  type LoopParams,
  type Program,
  type ReverseLoop,
  scalarTensor,
  sizeOf,
  spliceProgram,
  sub,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { afterRules } from "../jvp/afterRules.ts";
import { forwardControl } from "../jvp/forwardControl.ts";
import { jvpLoop } from "../jvp/jvpLoop.ts";
import { addMaybe, cotangentType, pick, spread, zeros } from "../zeros.ts";
import { checkCheckpoints } from "./checkCheckpoints.ts";
import { checkpoints } from "./checkpoints.ts";
import type { LoopMemory } from "./LoopMemory.ts";
import { repeatWhile } from "./repeatWhile.ts";
import type { MakeVjp } from "./MakeVjp.ts";
import { frozen, rowAt, writeRow } from "./rows.ts";
import { callProgram, neededFor, withOutputs } from "./prune.ts";
import { residualsOf } from "./residuals.ts";
import { noResiduals, type ResidualTape, residualTape } from "./residualTape.ts";
import { standIn } from "./standIn.ts";
import { tape } from "./tape.ts";

/** The derivative of a loop backwards, taken apart. */
export interface LoopPlan {
  /** `(...inputs) => (...outputs, ...memory, number of turns)`: the loop, which remembers what it carried. */
  readonly forward: Program;
  /** `(...inputs, ...cotangents, ...memory, number of turns) => (...cotangents of the inputs)`: back through the turns. */
  readonly backward: Program;
  /** What is remembered. */
  readonly reverse: ReverseLoop;
}

/** What is remembered of one loop takes at most so much memory, unless its `checkpoints` say otherwise; residuals as much again. */
const budgetBytes = 32 * 1024 * 1024;
/** Where not all turns fit, no more than this are remembered: so many small steps suffice for eight million turns, done twice. */
const usualTurns = 4096;

/**
 * How a loop is differentiated backwards: what it carried is remembered, as far as the derivative of the body reads
 * it. All turns are, if they fit; otherwise some are, and those between them are done again.
 *
 * @param mask - Which inputs have a tangent.
 * @param types - Of the inputs.
 */
export function makePlan(
  makeVjp: MakeVjp,
  params: LoopParams,
  mask: readonly boolean[],
  types: readonly Type[],
): LoopPlan {
  const { body, numConsts, numCarry, length, checkpoints: wanted } = params;
  const { program: vjp, outMask } = makeVjp(body, mask);
  const carried = types.slice(numConsts, numConsts + numCarry);
  const most = length ?? params.bound;
  if (wanted !== undefined) checkCheckpoints(wanted, most, length === null ? "whileLoop" : "scan");
  const reads = (program: Program): boolean[] =>
    readBy(program, program.outputs)
      .slice(numConsts, numConsts + numCarry)
      .map((isRead, i) => isRead && !carried[i]!.buffer);
  const fitsAll = (kept: readonly Type[]): boolean =>
    most !== null && (wanted === "all" || (wanted ?? turnsOf(kept)) >= most);

  const whole = withOutputs(vjp, vjp.outputs.slice(body.outputs.length));
  const residuals = residualsOf(vjp, body);
  // They may be many times what is carried: no more of them are remembered than fit, whatever is wanted.
  const fitting = residuals === null ? 0 : turnsOf(residuals.made);
  const hasAllMade =
    residuals !== null && most !== null && fitting >= most && fitsAll(residuals.made);
  // Where residuals are made again, that reads what the derivative itself does not.
  const read = reads(hasAllMade ? residuals.back : whole);
  const turns = { ...params, body: residuals?.forward ?? afterRules(body, mask) };
  const isEmpty = !read.includes(true);
  const memory =
    isEmpty || fitsAll(pick(carried, read))
      ? tape(carried, read, isEmpty ? 0 : most!)
      : someTurns(turns, read);
  const tapes =
    residuals === null
      ? noResiduals()
      : residualTape(
          residuals,
          hasAllMade ? most : Math.min(fitting, rowsFor(residuals.made, wanted)),
          hasAllMade,
        );
  const back = residuals?.back ?? whole;
  return {
    forward: forwardPass(turns, types, memory, tapes),
    backward: backwardPass({ params, mask, types, back, outMask, memory, residuals: tapes }),
    reverse: {
      most,
      carried: memory.types,
      results: tapes.types,
      madeBy: residuals?.madeBy ?? [],
      back,
      numKnown: body.inputs.length,
      numCotangents: outMask.filter(Boolean).length,
    },
  };
}

/** As many turns as are wanted, or as fit into the budget. */
function someTurns(params: LoopParams, read: readonly boolean[]): LoopMemory {
  const { body, numConsts, numCarry, checkpoints: wanted } = params;
  const kept = keptOf(params, read);
  const types = pick(body.inputs.slice(numConsts, numConsts + numCarry), kept);
  return checkpoints(params, kept, rowsFor(types, wanted));
}

/** How many turns are remembered, if not all are. */
function rowsFor(kept: readonly Type[], wanted: LoopParams["checkpoints"]): number {
  return typeof wanted === "number" ? wanted : Math.min(usualTurns, turnsOf(kept));
}

/** Of how many turns such arrays fit into the budget. */
function turnsOf(kept: readonly Type[]): number {
  return Math.max(1, Math.floor(budgetBytes / (bytesOfAll(kept) + 8)));
}

function bytesOfAll(types: readonly Type[]): number {
  return types.reduce((sum, { dtype, shape }) => sum + sizeOf(shape) * bytesOf(dtype), 0);
}

/** What has to be remembered so that other turns can be done again: what is read, and what that comes from. */
function keptOf({ body, numConsts, numCarry }: LoopParams, read: readonly boolean[]): boolean[] {
  let kept = [...read];
  for (;;) {
    const sources = readBy(body, pick(body.outputs.slice(0, numCarry), kept));
    const next = kept.map(
      (here, i) => here || (sources[numConsts + i]! && !body.inputs[numConsts + i]!.buffer),
    );
    if (next.every((here, i) => here === kept[i])) return kept;
    kept = next;
  }
}

/** Which inputs of a program some of its outputs come from. */
function readBy(program: Program, outputs: Program["outputs"]): boolean[] {
  const needed = neededFor(program, outputs);
  return program.inputs.map(({ id }) => needed[id] === 1);
}

const counter: Type = arrayType("int32", []);

/**
 * The loop with a counter, which remembers.
 *
 * @param residuals - What the body gives after its outputs.
 */
function forwardPass(
  params: LoopParams,
  types: readonly Type[],
  memory: LoopMemory,
  residuals: ResidualTape,
): Program {
  const { body, cond, numConsts, numCarry } = params;
  const end = numConsts + numCarry;
  const extra = [counter, ...memory.types, ...residuals.types];
  const stateTypes = [...body.inputs.slice(0, end), ...extra];
  const remembering = traceProgram([...stateTypes, ...body.inputs.slice(end)], (...all) => {
    const [turn, ...before] = all.slice(end, stateTypes.length);
    const stored = memory.store(turn!, all.slice(numConsts, end), before);
    const results = callProgram(body, [...all.slice(0, end), ...all.slice(stateTypes.length)]);
    const numOutputs = results.length - residuals.types.length;
    const rows = residuals.store(
      turn!,
      results.slice(numOutputs),
      before.slice(memory.types.length),
    );
    const outputs = [add(turn!, 1), ...stored, ...rows, ...results.slice(numCarry, numOutputs)];
    return [...results.slice(0, numCarry), ...outputs];
  });
  const goesOn =
    cond === null
      ? null
      : traceProgram(stateTypes, (...all) => spliceProgram(cond, all.slice(0, end)));
  return traceProgram(types, (...all) => {
    const start = [scalarTensor("int32", 0), ...memory.start(), ...residuals.start()];
    const outputs = apply("loop", [...all.slice(0, end), ...start, ...all.slice(end)], {
      ...params,
      body: remembering.program,
      cond: goesOn?.program ?? null,
      numCarry: numCarry + extra.length,
    });
    const [turns, ...remembered] = outputs.slice(numCarry, numCarry + extra.length);
    return [
      ...outputs.slice(0, numCarry),
      ...outputs.slice(numCarry + extra.length),
      ...remembered,
      turns!,
    ];
  }).program;
}

interface Backward {
  readonly params: LoopParams;
  readonly mask: readonly boolean[];
  readonly types: readonly Type[];
  /** `(...inputs of the body, ...cotangents of outMask, ...what it made) => (...cotangents of the masked inputs)`. */
  readonly back: Program;
  readonly outMask: readonly boolean[];
  readonly memory: LoopMemory;
  readonly residuals: ResidualTape;
}

/** From the last turn to the first: cotangents of what is carried become those of what was carried before. */
function backwardPass({
  params,
  mask,
  types,
  back,
  outMask,
  memory,
  residuals,
}: Backward): Program {
  const { numConsts, numCarry, length, reverse } = params;
  const end = numConsts + numCarry;
  const dualMask = jvpLoop(params, mask, forwardControl()).outMask;
  const outTypes = params.body.outputs.map((type, i) =>
    i < numCarry ? type : arrayType(type.dtype, [length!, ...type.shape]),
  );
  const arrivingTypes = pick(outTypes, dualMask).map(cotangentType);
  const numArriving = arrivingTypes.length;

  const remembered = [...memory.types, ...residuals.types, counter];
  return traceProgram([...types, ...arrivingTypes, ...remembered], (...all) => {
    const inputs = all.slice(0, types.length);
    const arriving = spread(all.slice(types.length, types.length + numArriving), dualMask);
    const turns = all.at(-1)!;
    const stored = all.slice(types.length + numArriving, -1);
    const past = memory.turnRound(stored.slice(0, memory.types.length), inputs);
    const tapes = stored.slice(memory.types.length).map(frozen);

    // Carried backwards: the cotangents of what was carried (buffers keep theirs), sums for what stayed the same,
    // and rows for what was sliced.
    const carried = mask.map(
      (active, i) => active && i >= numConsts && i < end && !types[i]!.buffer,
    );
    const summed = mask.map((active, i) => active && i < numConsts);
    const sliced = mask.map((active, i) => active && i >= end);
    const start = [
      sub(turns, 1),
      ...pick(types, carried).map((_, j) => arriving[indexOf(carried, j) - numConsts]!),
      ...pick(types, summed).map((type) => zeros(cotangentType(type))),
      ...pick(types, sliced).map(
        ({ dtype, shape }) => apply("bufferNew", [], { dtype, shape, fill: 0 })[0]!,
      ),
    ];
    const numCarried = carried.filter(Boolean).length;
    const numSummed = summed.filter(Boolean).length;

    const turnBack = (turn: Tensor, state: readonly Tensor[], before: readonly Tensor[]) => {
      const place = reverse ? sub(length! - 1, turn) : turn;
      const cotangents = spread(state.slice(0, numCarried), carried);
      const outCotangents = arriving.map((cotangent, i) => {
        if (cotangent === null) return null;
        if (i >= numCarry) return rowAt(cotangent, place);
        return cotangents[numConsts + i] ?? cotangent;
      });
      const given = pick(outCotangents, outMask).map(
        (x, j) => x ?? zeros(cotangentType(pick(params.body.outputs, outMask)[j]!)),
      );
      const recalled = past.recall(turn, before);
      const values = [
        ...inputs.slice(0, numConsts),
        ...recalled.carry.map((x, i) => x ?? standIn(types[numConsts + i]!)),
        ...inputs.slice(end).map((rows) => rowAt(rows, place)),
      ];
      const known = residuals.recall(turn, values, tapes);
      const gradients = spread(callProgram(back, [...values, ...given, ...known]), mask);
      const sums = state.slice(numCarried, numCarried + numSummed);
      const rows = state.slice(numCarried + numSummed);
      return [
        sub(turn, 1),
        ...pick(gradients, carried),
        ...pick(gradients, summed).map((gradient, j) => addMaybe(sums[j]!, gradient)!),
        ...pick(gradients, sliced).map((gradient, j) => writeRow(rows[j]!, place, gradient!)),
        ...recalled.memory,
      ] as Tensor[];
    };
    const results = repeatWhile(
      [...start, ...past.start],
      (turn) => greaterEqual(turn, 0),
      (turn, ...state) =>
        turnBack(turn, state.slice(0, start.length - 1), state.slice(start.length - 1)),
    ).slice(1);
    const byInput = [
      ...spread(results.slice(numCarried, numCarried + numSummed), summed).slice(0, numConsts),
      ...spread(results.slice(0, numCarried), carried).slice(numConsts, end),
      ...spread(results.slice(numCarried + numSummed, start.length - 1), sliced)
        .slice(end)
        .map((rows) => rows && frozen(rows)),
    ];
    return byInput.filter((gradient) => gradient !== null);
  }).program;
}

/** The index of the `n`-th `true`. */
function indexOf(mask: readonly boolean[], n: number): number {
  return [...mask.keys()].filter((i) => mask[i])[n]!;
}
