import {
  apply,
  arrayType,
  type DerivedJvp,
  type DerivedParams,
  type LoopParams,
  type Program,
  type RunDual,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { afterRules, hasRules, reachesRule } from "../jvp/afterRules.ts";
import { forwardControl } from "../jvp/forwardControl.ts";
import { type JvpLoop, jvpLoop } from "../jvp/jvpLoop.ts";
import { cotangentType, pick, spread, typeOf, zeros } from "../zeros.ts";
import { makePlan } from "./loopPlan.ts";
import type { MakeVjp } from "./MakeVjp.ts";

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
    hasRule: hasRules(params.body),
    pair: {
      isPartner: (equation) =>
        equation.primitive === "loop" &&
        (equation.params as LoopParams).body === afterRules(params.body, mask) &&
        (equation.params as LoopParams).cond === params.cond,
      first: () => planned().forward,
      second: () => planned().backward,
    },
    reverse: () => planned().reverse,
    transpose: null,
    jvp: (inputs, tangents, toTranspose) => {
      if (reachesRule(params.body, mask))
        return jvpOfRules(makeVjp, params, mask, inputs, tangents, toTranspose);
      const wide = widerMask(params, mask, tangents);
      const moved = jvpOfVjp(
        makeVjp,
        params,
        { mask, wide },
        inputs.slice(0, numInputs),
        inputs.slice(numInputs),
        tangents,
        toTranspose !== null,
      );
      // Rules that this derivative is the first to reach have their values from now on.
      const body = afterRules(params.body, wide, mask);
      if (body === params.body) return { tangents: moved };
      const after = derivedLoop(makeVjp, { ...params, body }, mask, types);
      return { outputs: apply("derived", inputs, after), tangents: moved };
    },
  };
}

/** Which inputs of a loop have tangents, or are those that its derivative backwards is taken with respect to. */
function widerMask(
  params: LoopParams,
  mask: readonly boolean[],
  tangents: readonly (Tensor | null)[],
): readonly boolean[] {
  const moved = mask.map((here, i) => here || tangents[i] !== null);
  return jvpLoop(params, moved, forwardControl()).inMask;
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
  masks: Masks,
  inputs: readonly Tensor[],
  cotangents: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
  toTranspose: boolean,
): readonly (Tensor | null)[] {
  const { mask, wide } = masks;
  const numInputs = inputs.length;
  const directions = inputs.map((x, i) => (wide[i] ? (tangents[i] ?? zeros(typeOf(x))) : null));
  const cotangentDirections = tangents.slice(numInputs);
  if (!toTranspose)
    return swapped(makeVjp, params, masks, inputs, directions, cotangents, cotangentDirections);

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
  return apply("derived", [...inputs, ...cotangents, ...active, ...moving], {
    name: "tangent of loopVjp",
    outputs: gradients.map(typeOf).map(cotangentType),
    expand: program,
    jvp: null,
    hasRule: hasRules(params.body),
    pair: null,
    transpose: (values, arriving) => {
      const x = values.slice(0, numInputs) as readonly Tensor[];
      const ct = values.slice(numInputs, numValues) as readonly Tensor[];
      const back = transposeOfTangent(makeVjp, params, masks, x, ct, arriving);
      return [...values.slice(0, numValues).map(() => null), ...back];
    },
  });
}

/**
 * The tangent of `Jᵀ ct` where `J` comes from custom rules. Their mixed derivatives depend on the order, so values and tangents
 * cannot change places. But `Jᵀ ct` is the derivative of `ct · J u` with respect to `u` too, that of a loop in which
 * the rules have been used; and of that loop the order does not matter.
 */
function jvpOfRules(
  makeVjp: MakeVjp,
  params: LoopParams,
  mask: readonly boolean[],
  inputs: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
  toTranspose: RunDual | null,
): ReturnType<DerivedJvp> {
  const numInputs = mask.length;
  const values = inputs.slice(0, numInputs);
  const dual = dualLoop(
    params,
    mask,
    values,
    values.map((x, i) => (mask[i] ? zeros(typeOf(x)) : null)),
  );
  const isU = dual.arrange<boolean>(
    mask.map(() => false),
    mask.map(() => true),
  );
  const ofOutputs = (list: readonly (Tensor | null)[]): (Tensor | null)[] =>
    cotangentsOfDual(dual, isU, { values: list.map(() => null), tangents: list });
  const directions = spread(
    tangents.slice(0, numInputs),
    isU.map((here) => !here),
  );
  const { jvp } = derivedLoop(makeVjp, dual.params, isU, dual.inputs.map(typeOf));
  const all = [...dual.inputs, ...(ofOutputs(inputs.slice(numInputs)) as Tensor[])];
  return jvp!(all, [...directions, ...ofOutputs(tangents.slice(numInputs))], toTranspose);
}

/** Which inputs of a loop the derivative is taken with respect to, and with them which have directions. */
interface Masks {
  readonly mask: readonly boolean[];
  readonly wide: readonly boolean[];
}

/** `loopVjp` of the loop with tangents, the cotangents of values and tangents having changed places. */
function swapped(
  makeVjp: MakeVjp,
  params: LoopParams,
  { mask, wide }: Masks,
  inputs: readonly Tensor[],
  directions: readonly (Tensor | null)[],
  cotangents: readonly Tensor[],
  cotangentDirections: readonly (Tensor | null)[],
): readonly (Tensor | null)[] {
  const [narrowly, widely] = [mask, wide].map(
    (one) => jvpLoop(params, one, forwardControl()).outMask,
  );
  const widened = (list: readonly (Tensor | null)[]): (Tensor | null)[] =>
    pick(spread(list, narrowly!), widely!);
  const dual = dualLoop(params, wide, inputs, directions);
  const gradients = gradientOfDual(makeVjp, dual, mask, {
    values: widened(cotangentDirections),
    tangents: widened(cotangents),
  });
  return pick(
    gradients,
    mask.map((here, i) => here && !typeOf(inputs[i]!).buffer),
  );
}

/** A loop with tangents, and its inputs. */
interface DualLoop extends JvpLoop {
  readonly inputs: readonly Tensor[];
}

function dualLoop(
  params: LoopParams,
  mask: readonly boolean[],
  inputs: readonly Tensor[],
  directions: readonly (Tensor | null)[],
): DualLoop {
  const jvp = jvpLoop(params, mask, forwardControl());
  return { ...jvp, params: jvp.params, inputs: jvp.arrange(inputs, directions) };
}

/** Something for each output of a loop that has a tangent. */
interface OfOutputs {
  readonly values: readonly (Tensor | null)[];
  readonly tangents: readonly (Tensor | null)[];
}

/**
 * The derivative backwards of a loop with tangents with respect to some of the values.
 *
 * @param wanted - Which inputs of the loop without tangents.
 * @returns For each of these inputs its cotangent; `null` for those that are not wanted, and for buffers.
 */
function gradientOfDual(
  makeVjp: MakeVjp,
  dual: DualLoop,
  wanted: readonly boolean[],
  cotangents: OfOutputs,
): (Tensor | null)[] {
  const inMask = movingIn(dual, wanted);
  const arriving = cotangentsOfDual(dual, inMask, cotangents);
  const gradients = loopVjp(makeVjp, dual.params, inMask, dual.inputs, arriving);
  const places = dual.arrange<number>(
    wanted.map((_, i) => i),
    wanted.map(() => -1),
  );
  const result: (Tensor | null)[] = wanted.map(() => null);
  for (const [place, gradient] of spread(gradients, inMask).entries()) {
    const i = places[place]!;
    if (i >= 0 && wanted[i] && !typeOf(dual.inputs[place]!).buffer) result[i] = gradient;
  }
  return result;
}

/** Which inputs of a dual loop have a tangent when some of the values have one. */
function movingIn(dual: DualLoop, wanted: readonly boolean[]): readonly boolean[] {
  const marks = dual.arrange<boolean>(
    wanted,
    wanted.map(() => false),
  );
  return jvpLoop(dual.params, marks, forwardControl()).inMask;
}

/** Cotangents for those outputs of a dual loop that its own derivative gives tangents to. */
function cotangentsOfDual(
  dual: DualLoop,
  mask: readonly boolean[],
  { values, tangents }: OfOutputs,
): (Tensor | null)[] {
  const { params, outMask } = dual;
  const list = dual.join(spread(values, outMask), spread(tangents, outMask));
  return pick(list, jvpLoop(params, mask, forwardControl()).outMask);
}

/**
 * The cotangents of the directions, from those of the tangent of `Jᵀ ct`: for the directions of the inputs the
 * derivative of `ct · J u`, backwards; for those of the cotangents `J u`.
 */
function transposeOfTangent(
  makeVjp: MakeVjp,
  params: LoopParams,
  { mask, wide }: Masks,
  inputs: readonly Tensor[],
  cotangents: readonly Tensor[],
  arriving: readonly (Tensor | null)[],
): readonly (Tensor | null)[] {
  const isArray = inputs.map((x) => !typeOf(x).buffer);
  const given = spread(
    arriving,
    mask.map((here, i) => here && isArray[i]!),
  );
  const u = inputs.map((x, i) => (mask[i] ? (given[i] ?? zeros(typeOf(x))) : null));
  const dual = dualLoop(params, mask, inputs, u);
  const gradients = gradientOfDual(makeVjp, dual, wide, {
    values: pick(dual.outMask, dual.outMask).map(() => null),
    tangents: cotangents,
  });
  const after = afterRules(dual.params.body, movingIn(dual, wide));
  const outputs = dual.split(apply("loop", dual.inputs, { ...dual.params, body: after }));
  const ju = pick(outputs.tangents, dual.outMask).map((t) =>
    typeOf(t!).buffer ? apply("bufferFreeze", [t!], {})[0]! : t,
  );
  return [...pick(gradients, wide), ...ju];
}
