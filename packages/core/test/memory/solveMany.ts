// Run by memory.test.ts in a process of its own, with --expose-gc: solves with functions that are made and dropped again, in
// two rounds, and prints what is left at the start and after each. The first round fills what is kept on purpose, such as the last modules. The
// readings of plain functions, with all that was compiled for them, are kept as long as there is room: they are dropped after each round.
//
//   solveMany.ts <functions of the first round> <of the second> <turns of each function>
import { memoryUse } from "@diffrax-ts/compiler";
import { diffeqsolve, grad, Heun, np, PIDController, traced, Tsit5 } from "@diffrax-ts/core";
import { clearCaches } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import process from "node:process";
import { solveParts } from "../support/solveParts.ts";

/** What was left after a round. */
export interface Usage {
  readonly functions: number;
  /** Inner ones and failing ones included. */
  readonly solves: number;
  readonly failures: number;
  /** Functions of this round that are still alive. */
  readonly alive: number;
  /** In bytes: of objects, and of what they hold outside the heap. */
  readonly heap: number;
  readonly external: number;
  readonly wasm: number;
  readonly wasmInUse: number;
}

type Job = () => void;

const made: WeakRef<object>[] = [];
let solves = 0;
let failures = 0;

function noted<F extends object>(f: F): F {
  made.push(new WeakRef(f));
  return f;
}

const adaptive = { stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-6 }) };
const interval = { t0: 0, t1: 1, dt0: 0.25, args: -1 };

/** Solves, and counts it. */
function solve(field: unknown, options: object = {}, solver: unknown = Heun()): Tensor {
  solves++;
  return solveParts(field, solver, { y0: 1, ...interval, ...options }).ys;
}

/** A solve that fails, as it should. */
function solveInVain(field: unknown, options: object = {}): void {
  try {
    solve(field, options);
  } catch {
    failures++;
    return;
  }
  throw new Error("a solve that should have failed did not");
}

/** The bits of a number choose the operations, so that no two functions are the same code. */
const bits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

function plainField(seed: number): unknown {
  const body = bits.reduce(
    (y, bit) => ((seed >> bit) % 2 === 1 ? `(${y} - t)` : `(${y} + y)`),
    "y",
  );
  // oxlint-disable-next-line typescript/no-implied-eval -- each has to have a source of its own
  return noted(new Function("t", "y", "rate", `return 1e-3 * rate * ${body}`));
}

function tensorField(seed: number): unknown {
  const f = (t: Scalar, y: Tensor, rate: Tensor): Tensor =>
    bits.reduce(
      (x, bit) => ((seed >> bit) % 2 === 1 ? np.sub(x, t) : np.add(x, y)),
      np.mul(y, np.mul(rate, 1e-3)),
    );
  return noted(traced(noted(f)));
}

/** A function that is called back, because it uses what its source does not show. */
function calledField(seed: number, work: () => unknown = () => seed): unknown {
  return noted((_t: number, y: number, rate: number) => {
    work();
    return rate * y + 1e-6 * seed;
  });
}

const makers: readonly ((seed: number) => Job)[] = [
  // Plain functions, with every kind of output.
  (seed) => {
    const f = plainField(seed);
    return () => {
      solve(f);
      solve(f, { y0: 2 });
      solve(f, { saveat: { steps: true } });
    };
  },
  (seed) => {
    const f = plainField(seed);
    const ts = np.linspace(0, 1, 11);
    return () => {
      solves++;
      const options = { ...interval, y0: 1, saveat: { dense: true, ts, solverState: true } };
      const solution = diffeqsolve(f as () => number, Heun(), options);
      solution.evaluate(0.3);
      solution.derivative(0.3);
    };
  },
  // Functions of tensors.
  (seed) => {
    const f = tensorField(seed);
    return () => void solve(f, adaptive, seed % 32 === 2 ? Tsit5() : Heun());
  },
  // A derivative through a solve.
  (seed) => {
    const f = tensorField(seed);
    const loss = noted((y0: Scalar) => solve(f, { y0, maxSteps: 64 }).at(-1));
    const slope = grad(loss as never) as (y0: number) => unknown;
    return seed % 32 === 3
      ? () => void slope(1)
      : () => void solve(f, { saveat: { t0: true, t1: true } });
  },
  // A solve inside a function that is called back by another.
  (seed) => {
    const inner = plainField(seed);
    const f = calledField(seed, () => solve(inner, { saveat: { steps: 2 } }));
    return () => void solve(f);
  },
  // A solve in what another one saves: a part of its trace.
  (seed) => {
    const [outer, inner] = [tensorField(seed), tensorField(~seed)];
    const fn = noted(
      traced(noted((_t: Scalar, y0: Tensor) => solve(inner, { y0, maxSteps: 64 }).at(-1))),
    );
    return seed % 16 === 5
      ? () => void solve(outer, { saveat: { t1: true, fn } })
      : () => void solve(inner);
  },
  // Solves that fail: in a function that is called back, in an inner solve of one, for want of steps, before they begin.
  (seed) => {
    const broken = calledField(seed, () => {
      throw new Error("no value");
    });
    const outer = calledField(seed, () => solve(broken));
    const f = plainField(seed);
    return () => {
      solveInVain(broken);
      solveInVain(outer, { saveat: { steps: true } });
      solveInVain(f, { maxSteps: 1, saveat: { dense: true } });
      solveInVain(f, { y0: Number.NaN });
    };
  },
  // Functions that return something else; vectors.
  (seed) => {
    const f = tensorField(seed);
    const wrong = noted(traced(noted(() => seed)));
    // Now and then a state that needs more memory than is kept of an idle one.
    const y0 = new Float64Array(seed % 64 === 7 ? 200_000 : 16).fill(1);
    return () => {
      solveInVain(wrong, { y0 });
      solve(f, { y0, saveat: { t1: true, steps: 2 } });
    };
  },
];

/** Makes functions, and solves with them by turns. */
function solveWithMany(first: number, functions: number, turns: number): void {
  const atOnce = 20;
  for (let i = 0; i < functions; i += atOnce) {
    const seeds = Array.from({ length: Math.min(atOnce, functions - i) }, (_, j) => first + i + j);
    const jobs = seeds.map((seed) => makers[seed % makers.length]!(seed));
    for (let turn = 0; turn < turns; turn++) for (const job of jobs) job();
  }
}

/** A function that stays, as most do: it must not hold on to the memory that a large solve between its own has used. */
const lasting = traced((_t: Scalar, y: Tensor): Tensor => np.neg(y));

/** What is left of many functions when the garbage has been collected. */
async function round(first: number, functions: number, turns: number): Promise<Usage> {
  [solves, failures, made.length] = [0, 0, 0];
  solve(lasting);
  solveWithMany(first, functions, turns);
  clearCaches();
  for (let i = 0; i < 6; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    gc!();
  }
  const alive = made.filter((one) => one.deref() !== undefined).length;
  const { heapUsed: heap, external } = process.memoryUsage();
  const { bytes: wasm, bytesInUse: wasmInUse } = memoryUse();
  return { functions, solves, failures, alive, heap, external, wasm, wasmInUse };
}

console.warn = () => undefined; // of the functions that are called back
const [first, second, turns] = process.argv.slice(2).map(Number) as [number, number, number];
const usages: readonly Usage[] = [
  await round(0, 0, 1),
  await round(0, first, 1),
  await round(first, second, turns),
];
process.stdout.write(JSON.stringify(usages));
