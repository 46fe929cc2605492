import {
  checkpoint,
  checkTraces,
  closureConvert,
  cond,
  customJvp,
  customVjp,
  evalShape,
  grad,
  hessian,
  jacfwd,
  jacrev,
  jit,
  jvp,
  linearize,
  linearTranspose,
  noinline,
  scan,
  valueAndGrad,
  vjp,
  vmap,
  whileLoop,
} from "@diffrax-ts/autodiff";
import { add, apply, greater, less, scalarTensor } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

const no = undefined as never;
const same = (x: Scalar): Scalar => x;
const pair = (x: Scalar): { value: Scalar; residuals: Scalar } => ({ value: x, residuals: x });

test.each<[string, () => unknown]>([
  ["jit", () => jit(no)],
  ["grad", () => grad(no)],
  ["valueAndGrad", () => valueAndGrad(no)],
  ["jacfwd", () => jacfwd(no)],
  ["jacrev", () => jacrev(no)],
  ["hessian", () => hessian(no)],
  ["jvp", () => jvp(no, [1], [1])],
  ["vjp", () => vjp(no)],
  ["linearize", () => linearize(no)],
  ["linearTranspose", () => linearTranspose(no)],
  ["vmap", () => vmap(no)],
  ["checkpoint", () => checkpoint(no)],
  ["noinline", () => noinline(no)],
  ["closureConvert", () => closureConvert(no)],
  ["evalShape", () => evalShape(no)],
  ["customJvp", () => customJvp(no, pair as never)],
  ["customJvp: rule", () => customJvp(same, no)],
  ["customVjp", () => customVjp(no, { forward: pair, backward: () => [null] as never })],
  ["customVjp: forward", () => customVjp(same, { forward: no, backward: no })],
  ["customVjp: backward", () => customVjp(same, { forward: pair, backward: no })],
  ["whileLoop: cond", () => jit((x: Scalar) => whileLoop(no, same, x))(1)],
  ["whileLoop: body", () => jit((x: Scalar) => whileLoop((c) => less(c, 2), no, x))(1)],
  ["scan: f", () => jit((x: Scalar) => scan(no, x, null, { length: 2 }))(1)],
  ["cond: onTrue", () => jit((x: Scalar) => cond(greater(x, 0), no, () => x))(1)],
  ["cond: onFalse", () => jit((x: Scalar) => cond(greater(x, 0), () => x, no))(1)],
])("%s refuses what is no function", (name, run) => {
  expect(run).toThrow(TypeError);
  expect(run).toThrow(`${name}: expected a function, got undefined`);
});

test("an argument may have more leaves than a call can have arguments", () => {
  const x = Array.from({ length: 200_000 }, (_, i) => ({ i }));
  const { result } = evalShape((list: typeof x) => ({ result: list.at(-1)!.i }), x);
  expect(result.shape).toEqual([]);
});

test("a function is traced once for each of many shapes and structures, used in turn", () => {
  const checks = checkTraces("never"); // traces are counted here
  let traces = 0;
  const total = jit((tree: Readonly<Record<string, Tensor>>) => {
    traces++;
    return Object.values(tree).reduce(
      (sum, x) => add(sum, apply("reduceSum", [x], { axes: [0] })[0]!),
      scalarTensor("float64", 0),
    );
  });
  const trees = Array.from({ length: 100 }, (_, i) => ({
    [`k${i % 10}`]: new Float64Array(1 + i).fill(1),
  }));
  for (let turn = 0; turn < 3; turn++)
    for (const [i, tree] of trees.entries()) expect(total(tree as never).item()).toBe(1 + i);
  expect(traces).toBe(100);
  for (const i of [7, 93, 50, 7]) expect(total(trees[i] as never).item()).toBe(1 + i);
  expect(traces).toBe(100);
  checkTraces(checks);
});
