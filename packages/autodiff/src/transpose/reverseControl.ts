import {
  apply,
  type DerivedParams,
  type LoopParams,
  type ParamsOf,
  type Program,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { afterRules, hasRules } from "../jvp/afterRules.ts";
import { bufferControl, dualOf, forwardControl, instantiate } from "../jvp/forwardControl.ts";
import { jvpLoop } from "../jvp/jvpLoop.ts";
import { type ControlJvp, jvpInto } from "../jvp/jvpProgram.ts";
import { pick, spread, typeOf, zeros } from "../zeros.ts";
import { loopVjp } from "./loopVjp.ts";
import type { MakeVjp } from "./MakeVjp.ts";

/**
 * The rules of the mode that is to be transposed: values are computed apart from tangents, by the equation as it
 * was, and the tangents by one derived equation that is linear in them.
 */
export function reverseControl(makeVjp: MakeVjp): ControlJvp {
  const self: ControlJvp = {
    call: (params, inputs, tangents) =>
      params.inline
        ? jvpInto(params.program, asked(params, inputs), tangents, self)
        : tangentOf("call", params, inputs, tangents, {
            after: (mask) => ({ ...params, program: afterRules(params.program, mask) }),
            hasRule: hasRules(params.program),
            transpose: (mask) => transposeCall(makeVjp, params, mask),
          }),
    cond: (params, inputs, tangents) =>
      tangentOf("cond", params, inputs, tangents, {
        after: ([, ...mask]) => ({
          branches: params.branches.map((branch) => afterRules(branch, mask)),
        }),
        hasRule: params.branches.some(hasRules),
        transpose: (mask) => transposeCond(makeVjp, params, mask),
      }),
    loop: (params, inputs, tangents) => tangentOfLoop(makeVjp, params, inputs, tangents),
    derived: (params, inputs, tangents) =>
      params.jvp === null
        ? jvpInto(params.expand(), inputs, tangents, self)
        : dualOf(
            params,
            inputs,
            params.jvp(inputs, tangents, (program, x, dx) => jvpInto(program, x, dx, self)),
          ),
    ...bufferControl(),
  };
  return self;
}

/** The outputs of a loop, and one equation for their tangents, which is not looked into unless it has to be. */
function tangentOfLoop(
  makeVjp: MakeVjp,
  params: LoopParams,
  inputs: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
) {
  const mask = tangents.map((t) => t !== null);
  const { inMask, outMask } = jvpLoop(params, mask, forwardControl());
  const outputs = apply("loop", inputs, { ...params, body: afterRules(params.body, inMask) });
  const types = inputs.map(typeOf);
  let program: Program | undefined;
  const moving = pick(instantiate(inputs, tangents, inMask), inMask) as Tensor[];
  const dy = apply("derived", [...inputs, ...moving], {
    name: "tangent of loop",
    outputs: pick(outputs, outMask).map(typeOf),
    expand: () => (program ??= tangentProgram("loop", params, types, inMask).program),
    jvp: null,
    hasRule: hasRules(params.body),
    transpose: transposeLoop(makeVjp, params, inMask),
    pair: null,
  });
  return { outputs, tangents: spread(dy, outMask) };
}

/** What reverse mode has to know of an equation that runs programs. */
interface ReverseRule<P extends "call" | "cond"> {
  /** What goes on in its place, when these inputs have tangents. */
  readonly after: (mask: readonly boolean[]) => ParamsOf<P>;
  readonly hasRule: boolean;
  readonly transpose: (mask: readonly boolean[]) => DerivedParams["transpose"];
}

/** The outputs of an equation, and one equation for their tangents. */
function tangentOf<P extends "call" | "cond">(
  primitive: P,
  params: ParamsOf<P>,
  inputs: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
  { after, hasRule, transpose }: ReverseRule<P>,
) {
  const mask = tangents.map((t) => t !== null);
  const outputs = apply(primitive, inputs, after(mask));
  const { program, outMask } = tangentProgram(primitive, params, inputs.map(typeOf), mask);
  const dy = apply("derived", [...inputs, ...pick(tangents, mask)] as Tensor[], {
    name: `tangent of ${primitive}`,
    outputs: program.outputs,
    expand: () => program,
    jvp: null,
    hasRule,
    transpose: transpose(mask),
    pair: null,
  });
  return { outputs, tangents: spread(dy, outMask) };
}

/** The program of the tangents alone. */
function tangentProgram<P extends "call" | "cond" | "loop">(
  primitive: P,
  params: ParamsOf<P>,
  inputs: readonly Type[],
  mask: readonly boolean[],
): { readonly program: Program; readonly outMask: readonly boolean[] } {
  let outMask: readonly boolean[] = [];
  const { program } = traceProgram([...inputs, ...pick(inputs, mask)], (...all) => {
    const tangents = spread(all.slice(inputs.length), mask);
    const rule = forwardControl()[primitive];
    const dual = rule(params, all.slice(0, inputs.length), tangents);
    outMask = dual.tangents.map((t) => t !== null);
    return dual.tangents.filter((t) => t !== null);
  });
  return { program, outMask };
}

/** Cotangents for all inputs of a tangent equation: none for the values, and those given for the tangents. */
function toTangents(
  mask: readonly boolean[],
  cotangents: readonly (Tensor | null)[],
): (Tensor | null)[] {
  return [...mask.map(() => null), ...cotangents];
}

/** The cotangents of outputs, with zeros for those that are missing. */
function dense(
  types: readonly Parameters<typeof zeros>[0][],
  cotangents: readonly (Tensor | null)[],
): Tensor[] {
  return types.map((type, i) => cotangents[i] ?? zeros({ ...type, buffer: false }));
}

/** The inputs of a call that is taken apart, by way of another that asks for what it has asked for. */
function asked(params: ParamsOf<"call">, inputs: readonly Tensor[]): readonly Tensor[] {
  if (params.fma === undefined) return inputs;
  const { program } = traceProgram(inputs.map(typeOf), (...same) => same);
  return apply("call", inputs, { ...params, program });
}

function transposeCall(
  makeVjp: MakeVjp,
  params: ParamsOf<"call">,
  mask: readonly boolean[],
): DerivedParams["transpose"] {
  return (inputs, cotangents) => {
    const vjp = makeVjp(params.program, mask);
    const values = inputs.slice(0, mask.length) as readonly Tensor[];
    const arriving = dense(pick(params.program.outputs, vjp.outMask), cotangents);
    const all = apply("call", [...values, ...arriving], { ...params, program: vjp.program });
    return toTangents(mask, all.slice(params.program.outputs.length));
  };
}

function transposeCond(
  makeVjp: MakeVjp,
  { branches }: ParamsOf<"cond">,
  mask: readonly boolean[],
): DerivedParams["transpose"] {
  const operandMask = mask.slice(1);
  return (inputs, cotangents) => {
    const [index, ...operands] = inputs.slice(0, mask.length) as readonly Tensor[];
    const vjps = branches.map((branch) => makeVjp(branch, operandMask));
    const outMask = branches[0]!.outputs.map((_, i) => vjps.some((vjp) => vjp.outMask[i]));
    const arriving = dense(pick(branches[0]!.outputs, outMask), cotangents);
    const sides = vjps.map(({ program, outMask: own }, i) => {
      const numOutputs = branches[i]!.outputs.length;
      return traceProgram([...operands, ...arriving].map(typeOf), (...all) => {
        // A side needs the cotangents of the outputs that depend on its inputs in this side.
        const given = spread(all.slice(operands.length), outMask).filter((_, j) => own[j]);
        const values = all.slice(0, operands.length);
        const call = { program, name: "branch", inline: true };
        return apply("call", [...values, ...(given as Tensor[])], call).slice(numOutputs);
      }).program;
    });
    const gradients = apply("cond", [index!, ...operands, ...arriving], { branches: sides });
    return toTangents(mask, gradients);
  };
}

function transposeLoop(
  makeVjp: MakeVjp,
  params: LoopParams,
  mask: readonly boolean[],
): DerivedParams["transpose"] {
  return (inputs, cotangents) => {
    const values = inputs.slice(0, mask.length) as readonly Tensor[];
    return toTangents(mask, loopVjp(makeVjp, params, mask, values, cotangents));
  };
}
