// Run by memory.test.ts in a process of its own, with --expose-gc: fits a decay by gradients through its solve, and then takes large
// gradients; prints what there is after the first step, after some of them, and at the end.
//
//   train.ts <steps> <more steps> <large gradients>
import { memoryUse } from "@diffrax-ts/compiler";
import {
  diffeqsolve,
  grad,
  np,
  PIDController,
  type Scalar,
  traced,
  Tsit5,
  valueAndGrad,
} from "@diffrax-ts/core";
import type { Tensor } from "@diffrax-ts/pytree";
import process from "node:process";
import { solveParts } from "../support/solveParts.ts";

/** What there is at one time. */
export interface TrainingUsage {
  readonly loss: number;
  /** How often the loss was traced, and how many modules were compiled. */
  readonly traces: number;
  readonly modules: number;
  /** In bytes. */
  readonly heap: number;
  readonly external: number;
  readonly wasm: number;
  readonly wasmInUse: number;
}

let traces = 0;
let modules = 0;
const { Module } = WebAssembly;
WebAssembly.Module = new Proxy(Module, {
  construct: (target, [bytes]: [Uint8Array<ArrayBuffer>]) => {
    modules++;
    return new target(bytes);
  },
});

const ts = np.linspace(0, 2, 9);
const data = np.mul(3, np.exp(np.mul(-0.7, ts)));
const adaptive = PIDController({ rtol: 1e-6, atol: 1e-6 });

/** The mean square of what a decay misses the data by. */
function loss({ start, rate }: { readonly start: Scalar; readonly rate: Scalar }): Tensor {
  traces++;
  const { ys } = diffeqsolve((_t, y, k) => -k * y, Tsit5(), {
    t0: 0,
    t1: 2,
    dt0: null,
    y0: start,
    args: rate,
    saveat: { ts },
    stepsizeController: adaptive,
  });
  const error = np.sub(ys, data);
  return np.mean(np.mul(error, error));
}

let variables = { start: 1, rate: 0.1 };
const step = valueAndGrad(loss);

function train(count: number): number {
  let last = NaN;
  for (let i = 0; i < count; i++) {
    const { value, grad: slope } = step(variables);
    last = value;
    variables = {
      start: variables.start - 0.1 * slope.start,
      rate: variables.rate - 0.02 * slope.rate,
    };
  }
  return last;
}

const chain = traced((_t: Scalar, y: Tensor) => np.sub(np.sin(np.roll(y, 1)), y));
const largeLoss = (y0: Tensor): Tensor =>
  np.sum(solveParts(chain, Tsit5(), { t0: 0, t1: 2, dt0: 0.01, y0, maxSteps: 256 }).ys);

async function usage(lossNow: number): Promise<TrainingUsage> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    (globalThis as unknown as { gc: () => void }).gc();
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  const { bytes, bytesInUse } = memoryUse();
  return {
    loss: lossNow,
    traces,
    modules,
    heap: heapUsed,
    external: external + arrayBuffers,
    wasm: bytes,
    wasmInUse: bytesInUse,
  };
}

const [steps, more, large] = process.argv.slice(2).map(Number) as [number, number, number];
const usages = [await usage(train(1))];
const big = np.linspace(0, 1, 2000);
const slopeOf = grad(largeLoss);
if (large > 0) slopeOf(big as never);
usages.push(await usage(train(steps)));
for (let i = 0; i < large; i++) slopeOf(big as never);
usages.push(await usage(train(more)));
process.stdout.write(JSON.stringify(usages));
