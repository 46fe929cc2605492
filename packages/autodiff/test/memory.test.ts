import { clearCaches, grad, jit, vmap } from "@diffrax-ts/autodiff";
import { memoryUse } from "@diffrax-ts/compiler";
import { add, arrayType, mul, type Program, sub, traceProgram } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { batchProgram } from "../src/batch/batchProgram.ts";

/** Collects all garbage: that which only the end of a turn of the event loop lets go of, too. */
async function collect(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    gc();
  }
}

/** A function whose operations are the bits of a number, so that no two are the same code. */
function functionOf(bits: number): (x: Scalar) => Tensor {
  return (x) => {
    let y: Tensor = x;
    for (let i = 0; i < 12; i++) y = (bits >> i) % 2 === 1 ? mul(sub(y, 0.5), x) : add(y, x);
    return y;
  };
}

function useOnce(bits: number, made: WeakRef<object>[]): void {
  const f = functionOf(bits);
  const all = [jit(f), grad(f), vmap(f)];
  made.push(new WeakRef(f), ...all.map((one) => new WeakRef<object>(one)));
  switch (bits % 3) {
    case 0:
      all[0]!(0.5 as never);
      return;
    case 1:
      all[1]!(0.5 as never);
      return;
    default:
      // An array larger than what is kept of an idle memory.
      all[2]!(new Float64Array(bits % 50 === 2 ? 2e6 : 20) as never);
  }
}

interface Usage {
  readonly alive: number;
  /** In MB: of objects, and of what they hold outside the heap. */
  readonly heap: number;
  readonly external: number;
}

async function useMany(first: number, count: number): Promise<Usage> {
  const made: WeakRef<object>[] = [];
  for (let i = 0; i < count; i++) useOnce(first + i, made);
  await collect();
  const { heapUsed, external } = process.memoryUsage();
  const alive = made.filter((one) => one.deref() !== undefined).length;
  return { alive, heap: heapUsed / 1e6, external: external / 1e6 };
}

// Measured after a forced collection. The last modules are kept, so what 600 functions leave is the base line.
test("1000 functions that were dropped leave nothing behind, and memory comes back to its base line", async () => {
  const before = await useMany(0, 600);
  const after = await useMany(1000, 1000);
  expect(after.alive).toBe(0);
  expect(after.heap - before.heap).toBeLessThan(1);
  expect(after.external - before.external).toBeLessThan(1);
  expect(memoryUse().bytesInUse).toBe(0);
  expect(memoryUse().bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
}, 60_000);

test("batches of a function are kept for any number of lengths, as long as there is room in the caches", () => {
  const scalar = arrayType("float64", []);
  const { program } = traceProgram([scalar], (x) => [mul(x, x)]);
  const batches = (): Program[] =>
    Array.from({ length: 100 }, (_, i) => batchProgram(program, [true], 1 + i).program);
  const first = batches();
  const second = batches();
  expect(second.every((one, i) => one === first[i])).toBe(true);
  clearCaches();
  expect(batches().some((one, i) => one === first[i])).toBe(false);
});

test("a program does not hold what its trace needed while it was made", async () => {
  const heap = async (): Promise<number> => {
    await collect();
    return process.memoryUsage().heapUsed / 1e6;
  };
  const before = await heap();
  // Of 10 000 operations none is needed.
  const programs = Array.from({ length: 60 }, () => {
    const make = (x: Tensor): readonly Tensor[] => {
      let y = x;
      for (let i = 0; i < 10_000; i++) y = add(y, x);
      return [x];
    };
    return traceProgram([arrayType("float64", [])], (x) => make(x)).program;
  });
  expect((await heap()) - before).toBeLessThan(1);
  expect(programs.every(({ equations }) => equations.length === 0)).toBe(true);
}, 60_000);

test("a module with other numbers is the same module", () => {
  const { compile } = countedCompilations();
  const scaled = (factor: number): unknown => jit((x: Scalar) => mul(mul(x, factor), 3))(1);
  scaled(1.25);
  const first = compile.count;
  for (let i = 0; i < 20; i++) scaled(i + 0.5);
  expect(compile.count).toBe(first);
  compile.restore();
});

/** Counts the modules that V8 compiles. */
function countedCompilations(): { readonly compile: { count: number; restore: () => void } } {
  const { Module } = WebAssembly;
  const compile = { count: 0, restore: () => void (WebAssembly.Module = Module) };
  WebAssembly.Module = new Proxy(Module, {
    construct: (target, [bytes]: [Uint8Array<ArrayBuffer>]) => {
      compile.count++;
      return new target(bytes);
    },
  });
  return { compile };
}
