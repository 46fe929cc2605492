import { add, astype } from "@diffrax-ts/array";
import { asTensor } from "@diffrax-ts/autodiff";
import { apply, arrayType, scalarTensor, traceProgram, type Type } from "@diffrax-ts/program";
import type { DenseInfo } from "@diffrax-ts/protocol";
import { flatten, type Scalar, type Structure, type Tensor } from "@diffrax-ts/pytree";
import type { SolveConfig } from "./SolveConfig.ts";

/** What is needed to interpolate every step so far. */
export interface DenseState {
  /** The steps kept. */
  readonly count: Tensor;
  /** The ends of the steps. */
  readonly ts: Tensor;
  /** One buffer for each leaf of what the solver tells of a step. */
  readonly infos: readonly Tensor[];
}

/** Buffers for what the solver tells of each step. `info` is traced to see what that is. */
export function startDense(
  { host, chunk, maxSteps, dtype }: SolveConfig,
  info: () => DenseInfo,
): { readonly state: DenseState; readonly structure: Structure } {
  let structure: Structure | undefined;
  const { outputs } = traceProgram([], () => {
    const flat = flatten(info(), "denseInfo");
    ({ structure } = flat);
    return flat.leaves.map((leaf) => asTensor(leaf, "denseInfo"));
  }).program;
  const rows = host ? chunk : (maxSteps as number);
  const buffer = (type: Type): Tensor =>
    apply("bufferNew", [], {
      dtype: type.dtype,
      shape: [rows, ...type.shape],
      fill: host ? null : Infinity,
    })[0]!;
  const state = {
    count: scalarTensor("int32", 0),
    ts: buffer(arrayType(dtype, [])),
    infos: outputs.map((output) => buffer(arrayType(output.dtype, output.shape))),
  };
  return { state, structure: structure! };
}

/** One more step, if it was kept. */
export function keepDense(
  state: DenseState,
  t: Scalar,
  info: DenseInfo,
  keepStep: Tensor | true,
): DenseState {
  const pred = keepStep === true ? scalarTensor("bool", 1) : keepStep;
  const write = (buffer: Tensor, row: Tensor): Tensor =>
    apply("bufferWrite", [buffer, state.count, row, pred], {})[0]!;
  const rows = flatten(info).leaves.map((leaf) => asTensor(leaf, "denseInfo"));
  return {
    count: add(state.count, astype(pred, "int32")),
    ts: write(state.ts, t),
    infos: state.infos.map((buffer, i) => write(buffer, rows[i]!)),
  };
}
