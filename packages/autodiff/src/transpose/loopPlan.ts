import {
  add,
  alignCaptured,
  apply,
  arrayType,
  ge,
  type LoopParams,
  type Program,
  reshapeTo,
  scalarTensor,
  spliceProgram,
  sub,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { forwardControl } from "../jvp/forwardControl.ts";
import { jvpLoop } from "../jvp/jvpLoop.ts";
import { addMaybe, cotangentType, pick, spread, zeros } from "../zeros.ts";
import type { MakeVjp } from "./reverseControl.ts";

/** The derivative of a loop backwards, taken apart. */
export interface LoopPlan {
  /** `(...inputs) => (...outputs, ...tapes, number of turns)`: the loop, which remembers what it carried. */
  readonly forward: Program;
  /** `(...inputs, ...cotangents, ...tapes, number of turns) => (...cotangents of the inputs)`: back through the turns. */
  readonly backward: Program;
}

/**
 * How a loop is differentiated backwards: every turn is remembered, as far as the derivative of the body reads it.
 *
 * @param mask - Which inputs have a tangent.
 * @param types - Of the inputs.
 * @throws TypeError if the number of turns has no bound.
 */
export function makePlan(
  makeVjp: MakeVjp,
  params: LoopParams,
  mask: readonly boolean[],
  types: readonly Type[],
): LoopPlan {
  const { body, length, bound, numConsts, numCarry } = params;
  const most = length ?? bound;
  if (most === null) {
    throw new TypeError(
      "reverse mode: the loop has no bound on its turns; give it one (maxSteps), or use forward mode",
    );
  }
  const { program: vjp, outMask } = makeVjp(body, mask);
  const numOutputs = body.outputs.length;
  const { program: back } = traceProgram(vjp.inputs, (...all) =>
    spliceProgram(vjp, all).slice(numOutputs),
  );
  const read = new Set<number>();
  for (const { inputs } of back.equations)
    for (const atom of inputs) if ("id" in atom) read.add(atom.id);
  for (const atom of back.outputs) if ("id" in atom) read.add(atom.id);
  const taped = body.inputs
    .slice(numConsts, numConsts + numCarry)
    .map(({ buffer }, i) => !buffer && read.has(back.inputs[numConsts + i]!.id));
  const tapeTypes = pick(types.slice(numConsts, numConsts + numCarry), taped).map(
    ({ dtype, shape }) => arrayType(dtype, [most, ...shape]),
  );
  return {
    forward: forwardPass(params, types, taped, tapeTypes),
    backward: backwardPass({ params, mask, types, back, outMask, taped, tapeTypes, most }),
  };
}

const counter: Type = arrayType("int32", []);

/** The loop with a counter and tapes. */
function forwardPass(
  params: LoopParams,
  types: readonly Type[],
  taped: readonly boolean[],
  tapeTypes: readonly Type[],
): Program {
  const { body, cond, numConsts, numCarry } = params;
  const end = numConsts + numCarry;
  const extra = [counter, ...tapeTypes.map((type) => ({ ...type, buffer: true }))];
  const stateTypes = [...body.inputs.slice(0, end), ...extra];
  const taping = traceProgram([...stateTypes, ...body.inputs.slice(end)], (...all) => {
    const [turn, ...tapes] = all.slice(end, stateTypes.length);
    const outputs = spliceProgram(body, [...all.slice(0, end), ...all.slice(stateTypes.length)]);
    const carry = pick(all.slice(numConsts, end), taped);
    const yes = scalarTensor("bool", 1);
    const written = tapes.map(
      (tape, i) => apply("bufferWrite", [tape, turn!, carry[i]!, yes], {})[0]!,
    );
    return [...outputs.slice(0, numCarry), add(turn!, 1), ...written, ...outputs.slice(numCarry)];
  });
  const goesOn =
    cond === null
      ? null
      : traceProgram(stateTypes, (...all) => spliceProgram(cond, all.slice(0, end)));
  return traceProgram(types, (...all) => {
    const tapes = tapeTypes.map(
      ({ dtype, shape }) => apply("bufferNew", [], { dtype, shape, fill: null })[0]!,
    );
    const inputs = [...all.slice(0, end), scalarTensor("int32", 0), ...tapes, ...all.slice(end)];
    const outputs = apply("loop", inputs, {
      ...params,
      body: taping.program,
      cond: goesOn?.program ?? null,
      numCarry: numCarry + extra.length,
    });
    const [turns, ...filled] = outputs.slice(numCarry, numCarry + extra.length);
    return [
      ...outputs.slice(0, numCarry),
      ...outputs.slice(numCarry + extra.length),
      ...filled.map((tape) => apply("bufferFreeze", [tape], {})[0]!),
      turns!,
    ];
  }).program;
}

interface Backward {
  readonly params: LoopParams;
  readonly mask: readonly boolean[];
  readonly types: readonly Type[];
  /** `(...inputs of the body, ...cotangents of outMask) => (...cotangents of the masked inputs)`. */
  readonly back: Program;
  readonly outMask: readonly boolean[];
  readonly taped: readonly boolean[];
  readonly tapeTypes: readonly Type[];
  readonly most: number;
}

/** From the last turn to the first: cotangents of what is carried become those of what was carried before. */
function backwardPass({
  params,
  mask,
  types,
  back,
  outMask,
  taped,
  tapeTypes,
  most,
}: Backward): Program {
  const { numConsts, numCarry, length, reverse } = params;
  const end = numConsts + numCarry;
  const dualMask = jvpLoop(params, mask, forwardControl()).outMask;
  const outTypes = params.body.outputs.map((type, i) =>
    i < numCarry ? type : arrayType(type.dtype, [length!, ...type.shape]),
  );
  const arrivingTypes = pick(outTypes, dualMask).map(cotangentType);

  return traceProgram([...types, ...arrivingTypes, ...tapeTypes, counter], (...all) => {
    const inputs = all.slice(0, types.length);
    const arriving = spread(all.slice(types.length, types.length + arrivingTypes.length), dualMask);
    const tapes = spread(all.slice(types.length + arrivingTypes.length, -1), taped);
    const turns = all.at(-1)!;

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
    const stateTypes = start.map((x) => x as unknown as Type);

    const turnBack = traceProgram(stateTypes, (turn, ...state) => {
      const place = reverse ? sub(most - 1, turn) : turn;
      const cotangents = spread(state.slice(0, numCarried), carried);
      const outCotangents = arriving.map((cotangent, i) => {
        if (cotangent === null) return null;
        if (i >= numCarry) return rowAt(cotangent, place);
        return cotangents[numConsts + i] ?? cotangent;
      });
      const given = pick(outCotangents, outMask).map(
        (x, j) => x ?? zeros(cotangentType(pick(params.body.outputs, outMask)[j]!)),
      );
      const values = [
        ...inputs.slice(0, numConsts),
        ...tapes.map((tape) => (tape === null ? undefined : rowAt(tape, turn))),
        ...inputs.slice(end).map((rows) => rowAt(rows, place)),
      ];
      const gradients = spread(spliceProgram(back, [...values, ...given]), mask);
      const sums = state.slice(numCarried, numCarried + numSummed);
      const rows = state.slice(numCarried + numSummed);
      const yes = scalarTensor("bool", 1);
      return [
        sub(turn, 1),
        ...pick(gradients, carried),
        ...pick(gradients, summed).map((gradient, j) => addMaybe(sums[j]!, gradient)!),
        ...pick(gradients, sliced).map(
          (gradient, j) => apply("bufferWrite", [rows[j]!, place, gradient!, yes], {})[0]!,
        ),
      ] as Tensor[];
    });
    const goesOn = traceProgram(stateTypes, (turn) => [ge(turn, 0)]);
    const { programs, captured } = alignCaptured([turnBack, goesOn]);
    const results = apply("loop", [...captured, ...start], {
      body: programs[0]!,
      cond: programs[1]!,
      length: null,
      numConsts: captured.length,
      numCarry: start.length,
      reverse: false,
      parallel: false,
      bound: most,
      host: false,
    }).slice(1);
    const byInput = [
      ...spread(results.slice(numCarried, numCarried + numSummed), summed).slice(0, numConsts),
      ...spread(results.slice(0, numCarried), carried).slice(numConsts, end),
      ...spread(results.slice(numCarried + numSummed), sliced)
        .slice(end)
        .map((rows) => rows && apply("bufferFreeze", [rows], {})[0]!),
    ];
    return byInput.filter((gradient) => gradient !== null);
  }).program;
}

/** The index of the `n`-th `true`. */
function indexOf(mask: readonly boolean[], n: number): number {
  return [...mask.keys()].filter((i) => mask[i])[n]!;
}

/** Row `place` of an array. */
function rowAt(array: Tensor, place: Tensor): Tensor {
  const rest = array.shape.slice(1);
  const start = [place, ...rest.map(() => scalarTensor("int32", 0))];
  return reshapeTo(apply("dynamicSlice", [array, ...start], { sizes: [1, ...rest] })[0]!, rest);
}
