import { CompiledProgram, memoryUse } from "@diffrax-ts/compiler";
import {
  add,
  apply,
  arrayType,
  calleeOf,
  calleeTensor,
  mul,
  tensorOf,
  type Program,
  traceProgram,
} from "@diffrax-ts/program";
import { expect, test, vi } from "vitest";

const vector = arrayType("float64", [1000]);
const scalar = arrayType("float64", []);

/** `x -> f(x) + x`, where JavaScript computes `f` by running other compiled code. */
function callingBack(f: (x: number) => number): Program {
  return traceProgram([scalar], (x) => {
    const [y] = apply("hostCallback", [x], {
      name: "f",
      outputs: [scalar],
      call: (memory, from, to) => {
        const result = f(memory.f64[from]!);
        memory.f64[to] = result; // the memory may be another one by now
      },
    });
    return [add(y!, x)];
  }).program;
}

test("compiled code may run inside compiled code, and make the memory grow while it does", () => {
  const large = 300_000;
  const fill = new CompiledProgram(
    traceProgram([scalar], (x) => {
      const [wide] = apply("broadcast", [x], { shape: [large], axes: [] });
      const y = add(mul(wide!, wide!), 1);
      return [apply("reduceSum", [y], { axes: [0] })[0]!, y];
    }).program,
  );
  const middle = new CompiledProgram(callingBack((x) => fill.call([x])[0]!.data[0] as number));
  const outer = new CompiledProgram(callingBack((x) => middle.call([x + 1])[0]!.data[0] as number));
  const before = memoryUse().bytes;
  expect(outer.call([1])[0]!.data[0]).toBe(5 * large + 2 + 1);
  expect(memoryUse()).toEqual({ bytes: expect.any(Number) as number, bytesInUse: 0 });
  // 2.4 MB were needed, which is below the 4 MB that are kept.
  expect(memoryUse().bytes).toBeGreaterThan(before);
  expect(outer.call([2])[0]!.data[0]).toBe(10 * large + 3 + 2);
});

test("runs that are interleaved do not see each other's numbers", () => {
  const compiled = new CompiledProgram(
    traceProgram([vector, scalar], (x, a) => [mul(x, a.at())]).program,
  );
  const x = Float64Array.from({ length: 1000 }, (_, i) => i);
  const runs = [2, 3, 4].map((a) => compiled.start([x, a]));
  runs[1]!.release();
  const again = compiled.start([x, 5]);
  const results = [runs[2]!, again, runs[0]!].map((run) => run.finish()[0]!.data[999]);
  expect(results).toEqual([4 * 999, 5 * 999, 2 * 999]);
  for (const run of [runs[0]!, runs[2]!, again, again]) run.release(); // twice is as good as once
  expect(memoryUse().bytesInUse).toBe(0);
});

test("a function that a run is handed is called by that run alone", () => {
  const scalarOf = (dtype: "int32" | "float64") => arrayType(dtype, []);
  const { program } = traceProgram([scalarOf("int32"), scalarOf("float64")], (f, x) => {
    const call = (y: typeof x): typeof x =>
      apply("hostCallback", [f, y], {
        name: "f",
        outputs: [scalar],
        call: ({ f64 }, from, to) => {
          f64[to] = (calleeOf(f64[from]!) as (x: number) => number)(f64[from + 1]!);
        },
      })[0]!;
    return [call(call(x))];
  });
  const compiled = new CompiledProgram(program);
  const start = (f: (x: number) => number) => compiled.start([calleeTensor(f), 1]);
  const [plus, times] = [start((x) => x + 10), start((x) => x * 10)];
  const nested = start((x) => {
    const inner = start((y) => y + x);
    const result = inner.finish()[0]!.data[0] as number;
    inner.release();
    return result;
  });
  const failing = start(() => {
    throw new Error("no");
  });
  expect(() => failing.finish()).toThrow("no");
  expect(nested.finish()[0]!.data[0]).toBe(7);
  for (const run of [failing, nested, nested]) run.release();
  const again = start((x) => x + 1);
  const results = [times, again, plus].map((run) => run.finish()[0]!.data[0]);
  expect(results).toEqual([100, 3, 21]);
  for (const run of [plus, times, again]) run.release();
  expect(memoryUse().bytesInUse).toBe(0);
  expect([0, 1, 2, 3, 4].map(calleeOf)).toEqual([0, 1, 2, 3, 4].map(() => undefined));
});

test("an idle memory of more than 4 MB is given up, and compiled code goes on in the next one", () => {
  const size = 2_000_000;
  const large = new CompiledProgram(
    traceProgram([arrayType("float64", [size])], (x) => [
      apply("reduceSum", [x], { axes: [0] })[0]!,
    ]).program,
  );
  const small = new CompiledProgram(traceProgram([scalar], (x) => [add(x, 1)]).program);
  for (let i = 0; i < 3; i++) {
    expect(large.call([new Float64Array(size).fill(i)])[0]!.data[0]).toBe(i * size);
    expect(memoryUse().bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(small.call([i])[0]!.data[0]).toBe(i + 1);
  }
});

test("an idle memory that was given up is taken again, unless it was collected: large calls in a row make one", () => {
  const size = 2_000_000;
  const large = new CompiledProgram(
    traceProgram([arrayType("float64", [size])], (x) => [
      apply("reduceSum", [x], { axes: [0] })[0]!,
    ]).program,
  );
  const made = vi.spyOn(WebAssembly, "Memory");
  // Within one job nothing that was asked for is collected.
  for (let i = 0; i < 4; i++)
    expect(large.call([new Float64Array(size).fill(i)])[0]!.data[0]).toBe(i * size);
  expect(made.mock.calls.length).toBeLessThanOrEqual(1);
  made.mockRestore();
});

test("one run that stays keeps no more than 4 MB, however many there were at once", () => {
  const size = 10_000;
  const compiled = new CompiledProgram(
    traceProgram([arrayType("float64", [size])], (x) => [mul(x, x)]).program,
  );
  const start = (x: number) => compiled.start([new Float64Array(size).fill(x)]);
  const runs = Array.from({ length: 200 }, (_, i) => start(i));
  expect(memoryUse().bytes).toBeGreaterThan(200 * 8 * size);
  for (const [i, run] of runs.entries()) if (i !== 100) run.release();
  expect(memoryUse().bytes).toBeLessThanOrEqual(2 * 4 * 1024 * 1024);
  const later = start(7);
  expect(later.finish()[0]!.data[size - 1]).toBe(49);
  later.release();
  expect(runs[100]!.finish()[0]!.data[size - 1]).toBe(10_000);
  runs[100]!.release();
});

test("large runs at the same time have memories of their own", () => {
  const size = 1_000_000;
  const compiled = new CompiledProgram(
    traceProgram([arrayType("float64", [size])], (x) => [mul(x, 2)]).program,
  );
  const runs = [1, 2, 3].map((x) => compiled.start([new Float64Array(size).fill(x)]));
  expect(runs.map((run) => run.finish()[0]!.data[size - 1])).toEqual([2, 4, 6]);
  for (const run of runs) run.release();
  expect(memoryUse().bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
});

test("constants are written again when something else ran in their place", () => {
  const constant = (x: number) =>
    tensorOf({ dtype: "float64", shape: [20], data: new Float64Array(20).fill(x) });
  const [plusOne, plusTwo] = [1, 2].map(
    (x) =>
      new CompiledProgram(
        traceProgram([arrayType("float64", [20])], (y) => [add(y, constant(x))]).program,
      ),
  );
  const input = new Float64Array(20);
  const first = (compiled: CompiledProgram): unknown => compiled.call([input])[0]!.data[0];
  expect([plusOne!, plusOne!, plusTwo!, plusOne!, plusTwo!, plusTwo!].map(first)).toEqual([
    1, 1, 2, 1, 2, 2,
  ]);
  const [a, b] = [plusOne!.start([input]), plusTwo!.start([input])];
  a.release();
  expect(first(plusTwo!)).toBe(2);
  expect(b.finish()[0]!.data[0]).toBe(2);
  b.release();
  expect([plusTwo!, plusOne!].map(first)).toEqual([2, 1]);
});
