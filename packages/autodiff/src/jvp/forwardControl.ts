import {
  apply,
  type DerivedJvp,
  type DerivedParams,
  type Program,
  traceContext,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "../cachedIn.ts";
import { isZero, pick, spread, typeOf, zeros } from "../zeros.ts";
import { callbackDifference } from "./callbackDifference.ts";
import { jvpLoop } from "./jvpLoop.ts";
import { type ControlJvp, type Dual, type JvpProgram, jvpInto, jvpProgram } from "./jvpProgram.ts";

let cache: ProgramCache<JvpProgram> | undefined;

/** The forward-mode derivative of a program; made once for each set of inputs that have tangents. */
export function forwardJvp(program: Program, mask: readonly boolean[]): JvpProgram {
  cache ??= new WeakMap();
  return cachedIn(cache, program, maskKey(mask), () => jvpProgram(program, mask, forwardControl()));
}

/** The rules of forward mode: tangents run along with the values. */
export function forwardControl(): ControlJvp {
  return {
    call: (params, inputs, tangents) => {
      const { program } = params;
      const mask = tangents.map((t) => t !== null);
      const jvp = forwardJvp(program, mask);
      const all = apply("call", [...inputs, ...pick(tangents, mask)] as Tensor[], {
        ...params,
        program: jvp.program,
      });
      return splitDual(all, program.outputs.length, jvp.outMask);
    },
    cond: ({ branches }, [index, ...operands], [, ...tangents]) => {
      const mask = tangents.map((t) => t !== null);
      const masks = branches.map((branch) => forwardJvp(branch, mask).outMask);
      const outMask = branches[0]!.outputs.map((_, i) => masks.some((one) => one[i]));
      const control = forwardControl();
      const duals = branches.map((branch) => jvpProgram(branch, mask, control, outMask).program);
      const all = apply("cond", [index!, ...operands, ...(pick(tangents, mask) as Tensor[])], {
        branches: duals,
      });
      return splitDual(all, branches[0]!.outputs.length, outMask);
    },
    loop: (params, inputs, tangents) => {
      const jvp = jvpLoop(
        params,
        tangents.map((t) => t !== null),
        forwardControl(),
      );
      const all = apply(
        "loop",
        jvp.arrange(inputs, instantiate(inputs, tangents, jvp.inMask)),
        jvp.params,
      );
      return jvp.split(all);
    },
    derived: (params, inputs, tangents) => {
      if (params.jvp === null) return jvpInto(params.expand(), inputs, tangents, forwardControl());
      return dualOf(params, inputs, params.jvp(inputs, tangents, null));
    },
    ...bufferControl(),
  };
}

/** The outputs of a derived equation and their tangents. */
export function dualOf(
  params: DerivedParams,
  inputs: readonly Tensor[],
  { outputs, tangents }: ReturnType<DerivedJvp>,
): Dual {
  return { outputs: outputs ?? apply("derived", inputs, params), tangents };
}

/** The rules that forward mode and the mode to be transposed have in common. */
export function bufferControl(): Pick<
  ControlJvp,
  "hostCallback" | "assert" | "bufferNew" | "bufferWrite" | "bufferFreeze"
> {
  return {
    hostCallback: (params, inputs, tangents) => {
      const { differences } = traceContext();
      if (differences !== undefined) {
        differences.used = true;
        return callbackDifference(params, inputs, tangents);
      }
      const { name, reason } = params;
      throw new TypeError(
        `${name}: a derivative cannot pass through a JavaScript function that is called back; ` +
          (reason ?? "write it with the functions of np, or as plain arithmetic that can be read"),
      );
    },
    assert: (params, inputs) => ({ outputs: apply("assert", inputs, params), tangents: [] }),
    bufferNew: (params, inputs, [initial]) => ({
      outputs: apply("bufferNew", inputs, params),
      tangents: isZero(initial) ? [null] : apply("bufferNew", [initial], params),
    }),
    bufferWrite: (params, inputs, [buffer, , value]) => {
      const [old, index, row, pred] = inputs;
      const tangent = [buffer ?? zeros(typeOf(old!)), index!, value ?? zeros(typeOf(row!)), pred!];
      return {
        outputs: apply("bufferWrite", inputs, params),
        tangents: apply("bufferWrite", tangent, params),
      };
    },
    bufferFreeze: (params, inputs, [buffer]) => ({
      outputs: apply("bufferFreeze", inputs, params),
      tangents: apply("bufferFreeze", [buffer!], params),
    }),
  };
}

/** Outputs, and the tangents of those that have one. */
function splitDual(all: readonly Tensor[], numOutputs: number, outMask: readonly boolean[]): Dual {
  return { outputs: all.slice(0, numOutputs), tangents: spread(all.slice(numOutputs), outMask) };
}

/** Tangents, with zeros where the mask wants one and there is none. */
export function instantiate(
  inputs: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
  mask: readonly boolean[],
): (Tensor | null)[] {
  return tangents.map((t, i) => (mask[i] && t === null ? zeros(typeOf(inputs[i]!)) : t));
}
