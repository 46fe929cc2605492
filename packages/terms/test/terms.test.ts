import { mul, stack, tensor } from "@diffrax-ts/array";
import { checkTraces, jit } from "@diffrax-ts/autodiff";
import { type ReadField, type Term, traced, type Tree } from "@diffrax-ts/protocol";
import type { Callable, Scalar, Tensor } from "@diffrax-ts/pytree";
import { MultiTerm, ODETerm, WrapTerm, wrapTerms } from "@diffrax-ts/terms";
import { beforeEach, describe, expect, test } from "vitest";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

/** A field on tensors, without the types that plain functions are inferred by. */
function onTensors(f: (t: Scalar, y: never, args: never, params: never) => unknown): () => never {
  return traced(f as unknown as Callable) as unknown as () => never;
}

const plainOf = (tree: Tree): unknown => JSON.parse(JSON.stringify(tree));

/** Reads `f` as another function, and leaves all others as they are. */
function readAs(f: Callable, read: Callable): ReadField {
  return <F extends Callable>(g: F) => ((g as Callable) === f ? read : g) as F;
}

describe("ODETerm(f)", () => {
  const decay = ODETerm(onTensors((t, y: Tensor, rate: Scalar) => mul(mul(y, rate), mul(t, -1))));

  test("has the vector field f(t, y, args)", () => {
    expect(plainOf(decay.vf(tensor(2), tensor([1, 3]), tensor(0.5)))).toEqual([-1, -3]);
  });

  test("has the time as its control, and their product", () => {
    const [t0, t1, y] = [tensor(1), tensor(1.5), { a: tensor([1, 3]), b: tensor(2) }];
    const term = ODETerm(
      onTensors((_t, y: { a: Tensor; b: Tensor }) => ({ a: mul(y.a, 2), b: mul(y.b, 4) })),
    );
    const control = term.contr(t0, t1);
    expect(plainOf(control)).toBe(0.5);
    expect(plainOf(term.prod(term.vf(t0, y, null), control))).toEqual({ a: [1, 3], b: 4 });
    expect(plainOf(term.vfProd(t0, y, null, control))).toEqual({ a: [1, 3], b: 4 });
  });

  test("hands its params to the vector field", () => {
    const term = ODETerm(
      onTensors((_t, y: Tensor, _args, { k }: { k: Scalar }) => mul(y, k)),
      { k: tensor(3) },
    );
    expect(plainOf(term.vf(tensor(0), tensor([1, 2]), null))).toEqual([3, 6]);
  });

  test("refuses what is no function", () => {
    expect(() => ODETerm(null as never)).toThrow(
      /^ODETerm: vf: expected a function \(t, y, args\) => dy\/dt, got null$/u,
    );
    expect(() => ODETerm({} as never)).toThrow(/got object$/u);
  });

  test("readFields(read) reads its function, and is itself if that is read already", () => {
    const f = ((t: number, y: number) => y * t) as unknown as () => never;
    const read = onTensors((t, y: Tensor) => mul(y, t));
    const term = ODETerm(f);
    const onceMore = term.readFields(readAs(f, read));
    expect(plainOf(onceMore.vf(tensor(2), tensor([1, 3]), null))).toEqual([2, 6]);
    expect(onceMore.readFields((g) => g)).toBe(onceMore);
  });

  test("is one trace, however often it is made", () => {
    let traces = 0;
    const field = onTensors((_t, y: Tensor) => {
      traces++;
      return mul(y, 2);
    });
    const value = jit((term: ODETerm, y: Tensor) => term.vf(tensor(0), y, null) as Tensor);
    for (let i = 0; i < 3; i++) value(ODETerm(field) as never, tensor([1, i]));
    expect(traces).toBe(1);
  });
});

describe("the result of a vector field", () => {
  const value = (y: Tree, result: unknown): unknown =>
    plainOf(ODETerm(onTensors(() => result)).vf(tensor(0), y, null));
  const error =
    (y: Tree, result: unknown): (() => unknown) =>
    () =>
      value(y, result);

  test("may be an array of scalars for a vector, or nested ones for a matrix", () => {
    expect(value(tensor([1, 2]), [tensor(3), 4])).toEqual([3, 4]);
    expect(
      value(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        [[1, tensor(2)], tensor([3, 4])],
      ),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("may be numbers for scalars, of the dtype of the state", () => {
    expect(value({ a: tensor(1), b: [tensor(2)] }, { a: 5, b: [6] })).toEqual({ a: 5, b: [6] });
    const single = tensor(1, { dtype: "float32" });
    const result = ODETerm(onTensors(() => 0.1)).vf(tensor(0), single, null) as Tensor;
    expect([result.dtype, result.item()]).toEqual(["float32", Math.fround(0.1)]);
  });

  test("of another structure is refused with where it departs", () => {
    expect(error({ prey: tensor(1), predator: tensor(1) }, { prey: 1 })).toThrow(/predator/u);
    expect(
      error({ arm: [tensor(1), { angle: tensor([1, 2, 3]) }] }, { arm: [1, { angle: [1, 2] }] }),
    ).toThrow(/arm\[1\]\.angle: expected float64\[3\] as in y0, got float64\[2\]/u);
    expect(error([tensor(1), tensor(2)], [1])).toThrow(/array of 2|length 2|2/u);
  });

  test("of another shape is refused, and not broadcast", () => {
    expect(error(tensor([1, 2]), tensor(1))).toThrow(
      /expected float64\[2\] as in y0, got float64$/u,
    );
    expect(error(tensor([1, 2]), 1)).toThrow(/expected float64\[2\] as in y0, got float64$/u);
    expect(error(tensor([1, 2]), tensor([1, 2, 3]))).toThrow(
      /expected float64\[2\] as in y0, got float64\[3\]/u,
    );
    expect(error(tensor(1), tensor([1]))).toThrow(/expected float64 as in y0, got float64\[1\]/u);
  });

  test("of numbers that do not make one vector or matrix is refused with where", () => {
    expect(error(tensor([1, 2]), [1])).toThrow(
      "result: expected float64[2] as in y0, got float64[1]",
    );
    expect(error(tensor([1, 2]), [])).toThrow(
      "result: expected float64[2] as in y0, got float64[0]",
    );
    expect(error(tensor([1, 2]), [1, "a"])).toThrow('result[1]: expected a number, got "a"');
    expect(error({ m: tensor([[1, 2]]) }, { m: [[1, undefined]] })).toThrow(
      "result.m[0][1]: expected a number, got undefined",
    );
    expect(
      error(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        [[1, 2], [3]],
      ),
    ).toThrow("result: expected rows of one type, got float64[2] and float64[1]");
    expect(value({ a: tensor(new Float64Array(0)) }, { a: [] })).toEqual({ a: [] });
  });

  test("of another dtype is refused", () => {
    expect(error(tensor([1, 2], { dtype: "float32" }), tensor([1, 2]))).toThrow(
      /expected float32\[2\].*got float64\[2\]/u,
    );
  });

  test("that is missing or no number is refused", () => {
    expect(error(tensor([1, 2]), undefined)).toThrow(/vector field/u);
    expect(error(tensor([1, 2]), "up")).toThrow(/vector field/u);
  });
});

test("WrapTerm(term, -1) is the term in a time that runs the other way", () => {
  const term = ODETerm(onTensors((t, y: Tensor) => stack([mul(y.at(0), t)])));
  const back = WrapTerm(term, -1);
  const y = tensor([2]);
  // From t = 3 to t = 1 the wrapped time runs from -3 to -1.
  const control = back.contr(tensor(-3), tensor(-1));
  expect(plainOf(back.vf(tensor(-3), y, null))).toEqual([6]);
  expect(plainOf(back.prod(back.vf(tensor(-3), y, null), control))).toEqual([-12]);
  expect(plainOf(back.vfProd(tensor(-3), y, null, control))).toEqual([-12]);
});

describe("MultiTerm(…)", () => {
  const grow = ODETerm(onTensors((_t, y: Tensor) => mul(y, 2)));
  const drift = ODETerm(onTensors((t, y: Tensor) => mul(mul(y, 0), t)));
  const both = MultiTerm(grow, drift);
  const [t0, t1, y] = [tensor(1), tensor(1.5), tensor([1, 3])];

  test("has lists of fields and controls, and sums of increments", () => {
    const [field, control] = [both.vf(t0, y, null), both.contr(t0, t1)];
    expect(plainOf(field)).toEqual([
      [2, 6],
      [0, 0],
    ]);
    expect(plainOf(control)).toEqual([0.5, 0.5]);
    expect(plainOf(both.prod(field, control))).toEqual([1, 3]);
    expect(plainOf(both.vfProd(t0, y, null, control))).toEqual([1, 3]);
    expect(both.isVfExpensive(t0, t1, y, null)).toBe(false);
    expect(
      MultiTerm(grow, { ...drift, isVfExpensive: () => true }).isVfExpensive(t0, t1, y, null),
    ).toBe(true);
  });

  test("reads the functions of its terms, and is itself if they are read already", () => {
    const f = ((t: number, x: number) => x * t) as unknown as () => never;
    const read = onTensors((t, x: Tensor) => mul(x, t));
    const unread = MultiTerm(grow, ODETerm(f));
    const onceMore = unread.readFields(readAs(f, read));
    expect(plainOf(onceMore.vfProd(tensor(2), y, null, [tensor(0), tensor(1)]))).toEqual([2, 6]);
    expect(onceMore.readFields((g) => g)).toBe(onceMore);
  });

  test("turns round as a sum of terms that are turned", () => {
    for (const back of [wrapTerms(both, -1) as MultiTerm, WrapTerm(both, -1)]) {
      expect(back.kind).toBe("MultiTerm");
      expect(plainOf(back.contr(tensor(-3), tensor(-1)))).toEqual([-2, -2]);
      expect(back.terms.map(({ kind }) => kind)).toEqual(["ODETerm", "ODETerm"]);
      expect(back.terms.map((one) => plainOf(one.contr(tensor(-3), tensor(-1))))).toEqual([-2, -2]);
    }
    const nested = WrapTerm({ ...MultiTerm(both), gamma: 3 }, -1);
    const [inner] = nested.terms;
    expect(inner.terms.map((one) => plainOf(one.vf(tensor(-2), y, null)))).toEqual([
      [2, 6],
      [0, 0],
    ]);
    expect(nested.gamma).toBe(3);
    expect(WrapTerm(WrapTerm(both, -1), -1).contr(t0, t1).map(plainOf)).toEqual([0.5, 0.5]);
    const [first, second] = wrapTerms([grow, both], -1) as readonly Term[];
    expect([first!.kind, second!.kind]).toEqual(["ODETerm", "MultiTerm"]);
  });

  test("refuses what is no term", () => {
    expect(() => MultiTerm()).toThrow("MultiTerm: expected at least one term, got none");
    expect(() => MultiTerm(grow, ((t: number) => t) as never)).toThrow(
      "MultiTerm: term 2 is a function; write ODETerm(f), with the function for f",
    );
    expect(() => MultiTerm(ODETerm as never)).toThrow("MultiTerm: term 1 is the function ODETerm");
  });
});

test("a term that is turned round keeps its kind and its data", () => {
  const weighted = { ...ODETerm(onTensors((_t, y: Tensor) => y)), gamma: tensor(3) };
  const back = WrapTerm(weighted, -1);
  expect([back.kind, plainOf(back.gamma)]).toEqual(["ODETerm", 3]);
});

test("what is wanted of a control, and its state, is handed on by sums and by terms that are turned round", () => {
  const asked: unknown[] = [];
  const noisy: Term = {
    ...ODETerm(onTensors((_t, y: Tensor) => y)),
    contr: (from, to, wanted) => {
      asked.push(wanted);
      return [from, to];
    },
    init: (t0) => [t0, tensor(0)],
    over: (state, t0, t1) => ({ term: { ...noisy, vf: () => state }, state: [t1, t0] }),
  };
  const around = wrapTerms(MultiTerm(ODETerm(onTensors((_t, y: Tensor) => y)), noisy), -1) as Term;
  around.contr(tensor(-2), tensor(-1), { levy: true });
  expect(asked).toEqual([{ levy: true }]);
  const state = around.init!(tensor(-2));
  expect(plainOf(state)).toEqual([null, [2, 0]]);
  const { term, state: next } = around.over!(state, tensor(-2), tensor(-1));
  expect(plainOf(next)).toEqual([null, [1, 2]]);
  expect(plainOf(term.vf(tensor(-2), tensor(7), null))).toEqual([7, [2, 0]]);
});
