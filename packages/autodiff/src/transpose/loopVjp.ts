import {
  apply,
  arrayType,
  type DerivedParams,
  type LoopParams,
  type Program,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { forwardControl } from "../jvp/forwardControl.ts";
import { jvpLoop } from "../jvp/jvpLoop.ts";
import { cotangentType, pick, spread, typeOf, zeros } from "../zeros.ts";
import { makePlan } from "./loopPlan.ts";
import type { MakeVjp } from "./reverseControl.ts";

/**
 * The derivative of a loop backwards, as one equation: from the inputs of the loop and the cotangents of its
 * outputs to the cotangents of its inputs.
 *
 * It is not taken apart before it is compiled, so its own derivatives are again derivatives of loops. With `J` for
 * what the loop with tangents adds, it computes `Jᵀ ct`; the tangent of that is what the same reverse
 * derivative of the loop with tangents gives, when the cotangents of values and tangents change places.
 *
 * @param mask - Which inputs have a tangent in the loop, as `jvpLoop` found.
 * @returns The cotangents of the masked inputs. That of a buffer is the one that arrives: the loop only adds rows.
 */
export function loopVjp(
  makeVjp: MakeVjp,
  params: LoopParams,
  mask: readonly boolean[],
  inputs: readonly Tensor[],
  cotangents: readonly (Tensor | null)[],
): readonly (Tensor | null)[] {
  const jvp = jvpLoop(params, mask, forwardControl());
  const outTypes = pick(loopOutputs(params), jvp.outMask);
  const arriving = outTypes.map((type, i) => cotangents[i] ?? zeros(cotangentType(type)));
  const results = apply(
    "derived",
    [...inputs, ...arriving],
    derivedLoop(makeVjp, params, mask, inputs.map(typeOf)),
  );
  const byOutput = spread(cotangents, jvp.outMask);
  let next = 0;
  return pick([...inputs.keys()], mask).map((i) =>
    typeOf(inputs[i]!).buffer ? byOutput[i - params.numConsts]! : results[next++]!,
  );
}

/** The types of the outputs of a loop. */
function loopOutputs({ body, numCarry, length }: LoopParams): Type[] {
  return body.outputs.map((output, i) =>
    i < numCarry ? output : arrayType(output.dtype, [length!, ...output.shape]),
  );
}

function derivedLoop(
  makeVjp: MakeVjp,
  params: LoopParams,
  mask: readonly boolean[],
  types: readonly Type[],
): DerivedParams {
  const gradientTypes = pick(types, mask)
    .filter(({ buffer }) => !buffer)
    .map(cotangentType);
  let plan: ReturnType<typeof makePlan> | undefined;
  const planned = (): ReturnType<typeof makePlan> =>
    (plan ??= makePlan(makeVjp, params, mask, types));
  const numInputs = types.length;
  return {
    name: "loopVjp",
    outputs: gradientTypes,
    expand: () => together(planned(), numInputs, loopOutputs(params).length),
    pair: {
      isPartner: (equation) =>
        equation.primitive === "loop" &&
        (equation.params as LoopParams).body === params.body &&
        (equation.params as LoopParams).cond === params.cond,
      first: () => planned().forward,
      second: () => planned().backward,
    },
    transpose: null,
    jvp: (inputs, tangents, toTranspose) =>
      jvpOfVjp(
        makeVjp,
        params,
        mask,
        inputs.slice(0, numInputs),
        inputs.slice(numInputs),
        tangents,
        toTranspose !== null,
      ),
  };
}

/** Both passes as one program. */
function together(
  { forward, backward }: ReturnType<typeof makePlan>,
  numInputs: number,
  numOutputs: number,
): Program {
  const types = backward.inputs.slice(
    0,
    backward.inputs.length - (forward.outputs.length - numOutputs),
  );
  return traceProgram(types, (...all) => {
    const remembered = apply("call", all.slice(0, numInputs), {
      program: forward,
      name: "forward",
      inline: true,
    });
    const inputs = [...all, ...remembered.slice(numOutputs)];
    return apply("call", inputs, { program: backward, name: "backward", inline: true });
  }).program;
}

/**
 * The tangent of `Jᵀ ct`, in the directions of the inputs of the loop and of the cotangents.
 *
 * It depends on all inputs, and not only on those that it is the derivative with respect to: the loop with tangents
 * has those of both.
 */
function jvpOfVjp(
  makeVjp: MakeVjp,
  params: LoopParams,
  mask: readonly boolean[],
  inputs: readonly Tensor[],
  cotangents: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
  toTranspose: boolean,
): { readonly tangents: readonly (Tensor | null)[] } {
  const numInputs = inputs.length;
  const moved = mask.map((here, i) => here || tangents[i] !== null);
  const wide = jvpLoop(params, moved, forwardControl()).inMask;
  const directions = inputs.map((x, i) => (wide[i] ? (tangents[i] ?? zeros(typeOf(x))) : null));
  const cotangentDirections = tangents.slice(numInputs);
  const masks = { mask, wide };
  if (!toTranspose)
    return {
      tangents: swapped(
        makeVjp,
        params,
        masks,
        inputs,
        directions,
        cotangents,
        cotangentDirections,
      ),
    };

  // Linear in the directions, as one equation again.
  const active = pick(directions, wide) as Tensor[];
  const moving = cotangents.map((x, i) => cotangentDirections[i] ?? zeros(typeOf(x)));
  const types = [...inputs, ...cotangents, ...active, ...moving].map(typeOf);
  const numValues = numInputs + cotangents.length;
  const program = (): Program =>
    traceProgram(types, (...all) => {
      const x = all.slice(0, numInputs);
      const ct = all.slice(numInputs, numValues);
      const dx = spread(all.slice(numValues, numValues + active.length), wide);
      const dct = all.slice(numValues + active.length);
      return swapped(makeVjp, params, masks, x, dx, ct, dct).filter((t) => t !== null);
    }).program;
  const gradients = pick(inputs, mask).filter((x) => !typeOf(x).buffer);
  const tangentOfVjp = apply("derived", [...inputs, ...cotangents, ...active, ...moving], {
    name: "tangent of loopVjp",
    outputs: gradients.map(typeOf).map(cotangentType),
    expand: program,
    jvp: null,
    pair: null,
    transpose: (values, arriving) => {
      const x = values.slice(0, numInputs) as readonly Tensor[];
      const ct = values.slice(numInputs, numValues) as readonly Tensor[];
      const back = transposeOfTangent(makeVjp, params, masks, x, ct, arriving);
      return [...values.slice(0, numValues).map(() => null), ...back];
    },
  });
  return { tangents: tangentOfVjp };
}

/** Which inputs of a loop the derivative is taken with respect to, and with them which have directions. */
interface Masks {
  readonly mask: readonly boolean[];
  readonly wide: readonly boolean[];
}

/** Something for each output that has a tangent, as one for each that has one with the wider mask. */
function widened<T>(params: LoopParams, { mask, wide }: Masks, list: readonly T[]): (T | null)[] {
  const [narrowly, widely] = [mask, wide].map(
    (one) => jvpLoop(params, one, forwardControl()).outMask,
  );
  return pick(spread(list, narrowly!), widely!);
}

/** `loopVjp` of the loop with tangents, the cotangents of values and tangents having changed places. */
function swapped(
  makeVjp: MakeVjp,
  params: LoopParams,
  masks: Masks,
  inputs: readonly Tensor[],
  directions: readonly (Tensor | null)[],
  cotangents: readonly Tensor[],
  cotangentDirections: readonly (Tensor | null)[],
): readonly (Tensor | null)[] {
  const { dual, dualMask, all, outMask } = dualLoop(params, masks.wide, inputs, directions);
  // Of the outputs of the dual loop: values get the directions of the cotangents, tangents the cotangents.
  const values = spread(widened(params, masks, cotangentDirections), outMask);
  const tangents = widened(params, masks, cotangents);
  const dualCotangents = arrangeOutputs(params, outMask, values, tangents)(dual, dualMask);
  const gradients = loopVjp(makeVjp, dual, dualMask, all, dualCotangents);
  const isWanted = pick(
    masks.mask,
    masks.wide.map((here, i) => here && !typeOf(inputs[i]!).buffer),
  );
  return pick(ofValues(params, masks.wide, inputs, gradients), isWanted);
}

/** The loop with tangents, its inputs, and which of them are differentiated: all that can be. */
function dualLoop(
  params: LoopParams,
  mask: readonly boolean[],
  inputs: readonly Tensor[],
  directions: readonly (Tensor | null)[],
) {
  const jvp = jvpLoop(params, mask, forwardControl());
  const all = jvp.arrange(inputs, directions);
  const marks = jvp.arrange(
    inputs.map((_, i) => mask[i] as never),
    inputs.map((_, i) => (mask[i] ? (true as never) : null)),
  ) as unknown as readonly boolean[];
  return { dual: jvp.params, dualMask: marks, all, outMask: jvp.outMask };
}

/** Cotangents for those outputs of the dual loop that its own derivative gives tangents to. */
function arrangeOutputs(
  params: LoopParams,
  outMask: readonly boolean[],
  values: readonly (Tensor | null)[],
  tangents: readonly (Tensor | null)[],
) {
  const { numCarry } = params;
  const groups = [outMask.slice(0, numCarry), outMask.slice(numCarry)];
  return (dual: LoopParams, dualMask: readonly boolean[]): (Tensor | null)[] => {
    const list: (Tensor | null)[] = [];
    let value = 0;
    let tangent = 0;
    for (const group of groups) {
      list.push(...values.slice(value, value + group.length));
      const count = group.filter(Boolean).length;
      list.push(...tangents.slice(tangent, tangent + count));
      value += group.length;
      tangent += count;
    }
    return pick(list, jvpLoop(dual, dualMask, forwardControl()).outMask);
  };
}

/** The gradients that belong to the values among the inputs of a dual loop. */
function ofValues(
  { numConsts, numCarry }: LoopParams,
  mask: readonly boolean[],
  inputs: readonly Tensor[],
  gradients: readonly (Tensor | null)[],
): (Tensor | null)[] {
  const ends = [numConsts, numConsts + numCarry, mask.length];
  const result: (Tensor | null)[] = [];
  let place = 0;
  let start = 0;
  for (const end of ends) {
    const active = mask.slice(start, end).filter(Boolean).length;
    result.push(...gradients.slice(place, place + active));
    place += 2 * active;
    start = end;
  }
  return result.filter((_, i) => !typeOf(pick(inputs, mask)[i]!).buffer);
}

/**
 * The cotangents of the directions, from those of the tangent of `Jᵀ ct`: for the directions of the inputs the
 * derivative of `ct · J u`, backwards; for those of the cotangents `J u`.
 */
function transposeOfTangent(
  makeVjp: MakeVjp,
  params: LoopParams,
  masks: Masks,
  inputs: readonly Tensor[],
  cotangents: readonly Tensor[],
  arriving: readonly (Tensor | null)[],
): readonly (Tensor | null)[] {
  const { mask, wide } = masks;
  const isArray = inputs.map((x) => !typeOf(x).buffer);
  const given = spread(
    arriving,
    mask.map((here, i) => here && isArray[i]!),
  );
  const u = inputs.map((x, i) => (wide[i] ? (given[i] ?? zeros(typeOf(x))) : null));
  const { dual, dualMask, all, outMask } = dualLoop(params, wide, inputs, u);
  const none = outMask.map(() => null);
  const tangents = widened(params, masks, cotangents);
  const dualCotangents = arrangeOutputs(params, outMask, none, tangents)(dual, dualMask);
  const gradients = loopVjp(makeVjp, dual, dualMask, all, dualCotangents);
  const outputs = jvpLoop(params, wide, forwardControl()).split(apply("loop", all, dual));
  const ju = pick(outputs.tangents, jvpLoop(params, mask, forwardControl()).outMask).map((t) =>
    typeOf(t!).buffer ? apply("bufferFreeze", [t!], {})[0]! : t,
  );
  const ofInputs = spread(ofValues(params, wide, inputs, gradients), pick(isArray, wide));
  return [...ofInputs, ...ju];
}
