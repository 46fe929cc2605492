import { type LoopParams, type Named, type Program, Variable } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "../cachedIn.ts";
import { pick, spread } from "../zeros.ts";
import { loopActivity } from "./activity.ts";
import { type ControlJvp, type Dual, jvpProgram } from "./jvpProgram.ts";

/** A loop of values and their tangents. */
export interface JvpLoop {
  /** Made when it is asked for. */
  readonly params: LoopParams;
  /** Which inputs of the loop have a tangent in it; those carried may have got one from others. */
  readonly inMask: readonly boolean[];
  /** Which outputs have one. */
  readonly outMask: readonly boolean[];
  /** The inputs of the loop, or something for each, from that for values and for the tangents that `inMask` picks. */
  arrange<T extends Tensor | boolean | number>(
    inputs: readonly T[],
    tangents: readonly (T | null)[],
  ): T[];
  /** Values and tangents, from the outputs of the loop. */
  split(outputs: readonly Tensor[]): Dual;
  /** The opposite: something for each output of the loop, from that for values and for the tangents that `outMask` picks. */
  join(values: readonly (Tensor | null)[], tangents: readonly (Tensor | null)[]): (Tensor | null)[];
}

let cache: ProgramCache<JvpLoop> | undefined;

/**
 * The loop that carries tangents along; made once for each loop and each set of inputs with tangents.
 *
 * @param forward - The rules of forward mode.
 */
export function jvpLoop(
  params: LoopParams,
  mask: readonly boolean[],
  forward: ControlJvp,
): JvpLoop {
  cache ??= new WeakMap();
  const { length, reverse, numConsts, numCarry, bound, checkpoints } = params;
  const key = [maskKey(mask), length, reverse, numConsts, numCarry, bound, checkpoints].join();
  return cachedIn(cache, params.body, key, () => makeJvpLoop(params, mask, forward));
}

function makeJvpLoop(params: LoopParams, mask: readonly boolean[], forward: ControlJvp): JvpLoop {
  const { numConsts, numCarry } = params;
  const { inMask, outMask } = loopActivity(params, mask);
  const end = numConsts + numCarry;

  // Beside each group of values, their tangents.
  const groups = [inMask.slice(0, numConsts), inMask.slice(numConsts, end), inMask.slice(end)];
  const outGroups = [outMask.slice(0, numCarry), outMask.slice(numCarry)];
  let dual: LoopParams | undefined;
  return {
    get params() {
      return (dual ??= dualParams(params, inMask, groups, outGroups, forward));
    },
    inMask,
    outMask,
    arrange: (inputs, tangents) =>
      interleave([...inputs, ...(pick(tangents, inMask) as typeof inputs)], groups),
    split: (all) => {
      const list = separate(all, outGroups);
      return { outputs: list.values, tangents: spread(list.tangents, outMask) };
    },
    join: (values, tangents) => interleave([...values, ...pick(tangents, outMask)], outGroups),
  };
}

function dualParams(
  params: LoopParams,
  inMask: readonly boolean[],
  groups: readonly (readonly boolean[])[],
  outGroups: readonly (readonly boolean[])[],
  forward: ControlJvp,
): LoopParams {
  const { body, cond, numConsts, numCarry } = params;
  const { program } = jvpProgram(body, inMask, forward, outGroups.flat());
  const numTangents = groups.map((group) => group.filter(Boolean).length);
  return {
    ...params,
    body: {
      ...program,
      inputs: interleave(program.inputs, groups),
      outputs: interleave(program.outputs, outGroups),
    },
    cond: cond === null ? null : withTangents(cond, numConsts, groups),
    numConsts: numConsts + numTangents[0]!,
    numCarry: numCarry + numTangents[1]!,
  };
}

/** From all values and then all tangents: each group of values with its tangents after it. */
function interleave<T>(list: readonly T[], groups: readonly (readonly boolean[])[]): T[] {
  const numValues = groups.reduce((sum, group) => sum + group.length, 0);
  let value = 0;
  let tangent = numValues;
  return groups.flatMap((group) => {
    const count = group.filter(Boolean).length;
    const part = [
      ...list.slice(value, value + group.length),
      ...list.slice(tangent, tangent + count),
    ];
    value += group.length;
    tangent += count;
    return part;
  });
}

/** The opposite of `interleave`. */
function separate<T>(
  list: readonly T[],
  groups: readonly (readonly boolean[])[],
): { values: T[]; tangents: T[] } {
  const values: T[] = [];
  const tangents: T[] = [];
  let place = 0;
  for (const group of groups) {
    const count = group.filter(Boolean).length;
    for (const end = place + group.length; place < end; place++) values.push(list[place]!);
    for (const end = place + count; place < end; place++) tangents.push(list[place]!);
  }
  return { values, tangents };
}

/** The condition of a loop, which takes the tangents and does not read them. */
function withTangents(
  cond: Program,
  numConsts: number,
  groups: readonly (readonly boolean[])[],
): Program {
  let id = cond.numVariables;
  const unread = (input: Named): Named => new Variable(input.trace, id++, input);
  const [consts, carry] = [cond.inputs.slice(0, numConsts), cond.inputs.slice(numConsts)];
  const inputs = [
    ...consts,
    ...pick(consts, groups[0]!).map(unread),
    ...carry,
    ...pick(carry, groups[1]!).map(unread),
  ];
  return { ...cond, inputs, numVariables: id };
}
