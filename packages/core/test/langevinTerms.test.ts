import { mul, tensor } from "@diffrax-ts/array";
import { VirtualBrownianTree } from "@diffrax-ts/brownian";
import { traced, type Tree } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import { key } from "@diffrax-ts/random";
import {
  diagonalLike,
  UnderdampedLangevinDiffusionTerm,
  UnderdampedLangevinDriftTerm,
} from "@diffrax-ts/terms";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const plainOf = (tree: unknown): unknown => JSON.parse(JSON.stringify(tree));

const gradF = traced((x: Tensor) => mul(x, 3));
const motion = (shape: unknown) =>
  VirtualBrownianTree({ t0: 0, t1: 1, tol: 0.1, shape: shape as number[], key: key(0) });
const [t0, t1] = [tensor(0.25), tensor(0.5)];

describe("UnderdampedLangevinDriftTerm({ gamma, u, gradF })", () => {
  const term = UnderdampedLangevinDriftTerm({ gamma: 2, u: [0.5, 1], gradF });
  const y = [tensor([1, -2]), tensor([10, 20])];

  test("has the vector field [v, -γ v - u ∇f(x)]", () => {
    expect(plainOf(term.vf(t0, y, null))).toEqual([
      [10, 20],
      [-20 - 0.5 * 3, -40 + 6],
    ]);
  });

  test("has the time as its control, and their product", () => {
    expect(plainOf(term.contr(t0, t1))).toBe(0.25);
    expect(plainOf(term.vfProd(t0, y, null, term.contr(t0, t1)))).toEqual([
      [2.5, 5],
      [-5.375, -8.5],
    ]);
  });

  test("hands args to the gradient", () => {
    const scaled = traced((x: Tensor, { k }: { k: Tensor }) => mul(x, k));
    const term = UnderdampedLangevinDriftTerm({ gamma: 1, u: 1, gradF: scaled });
    expect(plainOf(term.gradient(tensor([1, 2]), { k: tensor(4) }))).toEqual([4, 8]);
  });
});

describe("UnderdampedLangevinDiffusionTerm({ gamma, u, bm })", () => {
  test("has the vector field √(2 γ u), which moves the velocity alone", () => {
    const term = UnderdampedLangevinDiffusionTerm({ gamma: 2, u: [1, 4], bm: motion([2]) });
    const y = [tensor([1, -2]), tensor([10, 20])];
    const dw = tensor([0.5, -0.25]);
    expect(plainOf(term.vf(t0, y, null))).toEqual([2, 4]);
    expect(plainOf(term.vfProd(t0, y, null, dw))).toEqual([
      [0, 0],
      [1, -1],
    ]);
  });

  test("takes the increments of its motion, with Lévy areas if they are wanted", () => {
    const bm = VirtualBrownianTree({
      t0: 0,
      t1: 1,
      tol: 0.1,
      shape: [2],
      key: key(0),
      levyArea: "SpaceTimeLevyArea",
    });
    const term = UnderdampedLangevinDiffusionTerm({ gamma: 2, u: 1, bm });
    expect(plainOf(term.contr(t0, t1))).toEqual(plainOf(bm.evaluate(t0, t1)));
    expect(plainOf(term.contr(t0, t1, { levy: true }))).toEqual(
      plainOf(bm.evaluate(t0, t1, true, true)),
    );
  });

  test("of a motion of one vector takes positions that are a list of as many numbers", () => {
    const term = UnderdampedLangevinDiffusionTerm({ gamma: 2, u: 1, bm: motion([2]) });
    const y = [
      [tensor(1), tensor(2)],
      [tensor(0), tensor(0)],
    ];
    expect(plainOf(term.vfProd(t0, y, null, tensor([0.5, 1.5])))).toEqual([
      [0, 0],
      [1, 3],
    ]);
  });
});

describe("a friction is laid over a position", () => {
  const number = fc.integer({ min: 0, max: 9 });
  const position = { name: "x", y: { a: tensor([0, 0]), b: [tensor(0), tensor([[0, 0, 0]])] } };
  const like = (value: unknown) =>
    diagonalLike(value, position, "gamma") as { a: Tensor; b: [Tensor, Tensor] };

  test("as numbers, vectors and trees of these", () => {
    const property = fc.property(number, number, number, (p, q, r) => {
      expect(plainOf(like(p))).toEqual({ a: p, b: [p, p] });
      expect(plainOf(like({ a: q, b: r }))).toEqual({ a: q, b: [r, r] });
      expect(plainOf(like({ a: [p, q], b: [r, Float64Array.of(p, q, r)] }))).toEqual({
        a: [p, q],
        b: [r, [p, q, r]],
      });
    });
    fc.assert(property);
  });

  test("with one tensor for all leaves that one number stands for", () => {
    const { a, b } = like({ a: 1, b: 2 });
    expect(b[0]).toBe(b[1]);
    expect(a).not.toBe(b[0]);
  });

  test("in the dtype of the position", () => {
    const single = { name: "x", y: tensor([0, 0], { dtype: "float32" }) };
    for (const value of [1, [1, 2], Float64Array.of(1, 2)])
      expect((diagonalLike(value, single, "gamma") as Tensor).dtype).toBe("float32");
  });
});

describe("what does not fit is said:", () => {
  const drift = (options: object) => () => UnderdampedLangevinDriftTerm(options as never);
  const noise = (options: object) => () => UnderdampedLangevinDiffusionTerm(options as never);
  const [name, other] = ["UnderdampedLangevinDriftTerm", "UnderdampedLangevinDiffusionTerm"];

  test.each<[string, () => unknown, string]>([
    [
      "no friction",
      drift({ u: 1, gradF }),
      `${name}: gamma must be a number, a vector, or a tree like the position, got undefined`,
    ],
    [
      "a friction below 0",
      drift({ gamma: -1, u: 1, gradF }),
      `${name}: gamma must be a finite number of at least 0, got -1`,
    ],
    [
      "a damping in a tree below 0",
      noise({ gamma: 1, u: { a: [1, -2] }, bm: motion([]) }),
      `${other}: u.a[1] must be a finite number of at least 0, got -2`,
    ],
    [
      "a friction in a vector that is not a number",
      drift({ gamma: Float64Array.of(1, Number.NaN), u: 1, gradF }),
      `${name}: gamma must be a finite number of at least 0, got NaN`,
    ],
    [
      "an infinite friction",
      drift({ gamma: Infinity, u: 1, gradF }),
      `${name}: gamma must be a finite number of at least 0, got Infinity`,
    ],
    [
      "a damping that is a text",
      drift({ gamma: 1, u: "1", gradF }),
      `${name}: u must be a number, a vector, or a tree like the position, got "1"`,
    ],
    [
      "a gradient that is none",
      drift({ gamma: 1, u: 1, gradF: 3 }),
      `${name}: gradF must be a function (x, args) => gradient, got 3`,
    ],
    [
      "an option of another name",
      drift({ gamma: 1, u: 1, grad_f: gradF }),
      `${name}: there is no option grad_f, only gamma, u, gradF`,
    ],
    [
      "a number for the options",
      drift(1 as never),
      `${name}: expected options such as { gamma: … }, got 1`,
    ],
    [
      "a motion that is none",
      noise({ gamma: 1, u: 1, bm: () => 0 }),
      `${other}: bm must be a Brownian motion such as VirtualBrownianTree({ t0, t1, tol, shape, key }), got the function bm`,
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  const vf = (options: object, y: Tree) => () =>
    UnderdampedLangevinDriftTerm({ gamma: 1, u: 1, gradF, ...options }).vf(t0, y, null);
  const pair = [tensor([1, 2]), tensor([3, 4])];

  test.each<[string, () => unknown, string]>([
    [
      "a state that is no pair",
      vf({}, tensor([1, 2])),
      `${name}: y0 must be [x, v], a position and a velocity, got float64[2]`,
    ],
    [
      "a velocity unlike the position",
      vf({}, [tensor([1, 2]), tensor(1)]),
      `${name}: the velocity y0[1]: expected float64[2] as in the position y0[0], got float64`,
    ],
    [
      "a friction of another length",
      vf({ gamma: [1, 2, 3] }, pair),
      `${name}: gamma: expected one number, or what the position y0[0] is like, float64[2]; got float64[3]`,
    ],
    [
      "a damping of another structure",
      vf({ u: { a: 1 } }, pair),
      `${name}: u: expected one number, or what the position y0[0] is like, float64[2]; got an object with the keys a`,
    ],
    [
      "a gradient of another shape",
      vf({ gradF: traced((x: Tensor) => x.at(0)) }, pair),
      `${name}: gradF: result: expected float64[2] as in the position y0[0], got float64`,
    ],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });

  test("a motion of another shape", () => {
    const term = UnderdampedLangevinDiffusionTerm({ gamma: 1, u: 1, bm: motion([3]) });
    expect(() => term.vfProd(t0, pair, null, term.contr(t0, t1))).toThrow(
      `${other}: bm: expected one number, or what the position y0[0] is like, float64[2]; got float64[3]`,
    );
  });
});
