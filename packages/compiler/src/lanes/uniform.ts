import {
  type Atom,
  type Equation,
  isConcrete,
  isElementwise,
  isFloat,
  type Named,
  type Program,
} from "@diffrax-ts/program";

/** A turn for several elements, in two parts: what is the same for all, and what differs. */
export interface Uniform {
  /** By place of what the loop carries: whether all elements have the same there in each turn. */
  readonly carried: readonly boolean[];
  /** From the inputs that are the same for all to what is carried that is, and `read`. */
  readonly common: Program;
  /** What the other part reads of it. */
  readonly read: readonly Named[];
  /** From what does not change, what is carried that differs, and `read`, to what is carried that differs. */
  readonly own: Program;
}

/**
 * Divides a turn for elements that begin together: a time that goes by equal steps is one number for all of them.
 *
 * @param numConsts - How many of the inputs come before what is carried.
 * @param isCommon - By input: whether all elements begin with the same.
 */
export function uniformOf(
  body: Program,
  numConsts: number,
  isCommon: readonly boolean[],
): Uniform | null {
  const { inputs, equations, outputs } = body;
  // The last one says whether an element goes on: each lane has its own, also where all are the same.
  const last = outputs.length - 1;
  const carried = outputs.map(
    (output, i) => i < last && !output.buffer && isCommon[numConsts + i]!,
  );
  const common = new Set<number>();
  let count: number;
  do {
    count = carried.filter(Boolean).length;
    common.clear();
    for (const [i, input] of inputs.entries())
      if (i < numConsts ? isCommon[i] : carried[i - numConsts]) common.add(input.id);
    for (const equation of equations)
      if (isOf(common, equation)) common.add(equation.outputs[0]!.id);
    for (const [i, output] of outputs.entries())
      if (!isConcrete(output) && !common.has(output.id)) carried[i] = false;
  } while (carried.filter(Boolean).length < count);
  // A time, and not a counter alone, which says nothing of when an element is through.
  const isTime = (output: Atom, i: number): boolean =>
    carried[i]! &&
    isFloat(output.dtype) &&
    !isConcrete(output) &&
    output.id !== inputs[numConsts + i]!.id;
  if (!outputs.some(isTime)) return null;

  const rest = equations.filter((equation) => !isOf(common, equation));
  const ownOutputs = outputs.filter((_, i) => !carried[i]);
  const read = new Map<number, Named>();
  const consts = new Set(inputs.slice(0, numConsts).map(({ id }) => id));
  for (const x of [...rest.flatMap((equation) => equation.inputs), ...ownOutputs])
    if (!isConcrete(x) && common.has(x.id) && !consts.has(x.id)) read.set(x.id, x);
  return {
    carried,
    common: {
      ...body,
      inputs: inputs.filter(({ id }) => common.has(id)),
      equations: equations.filter((equation) => isOf(common, equation)),
      outputs: [...outputs.filter((_, i) => carried[i]), ...read.values()],
    },
    read: [...read.values()],
    own: {
      ...body,
      inputs: [...inputs.filter(({ id }, i) => i < numConsts || !common.has(id)), ...read.values()],
      equations: rest,
      outputs: ownOutputs,
    },
  };
}

/** Whether an operation on scalars has operands that are all the same for all elements. */
function isOf(common: ReadonlySet<number>, { primitive, inputs, outputs }: Equation): boolean {
  const isSame = (x: Atom): boolean => (isConcrete(x) ? x.shape.length === 0 : common.has(x.id));
  return isElementwise(primitive) && outputs[0]!.shape.length === 0 && inputs.every(isSame);
}
