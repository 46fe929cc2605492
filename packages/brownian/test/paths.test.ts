import { sub, tensor } from "@diffrax-ts/array";
import { grad, jit, vmap } from "@diffrax-ts/autodiff";
import { UnsafeBrownianPath, VirtualBrownianTree } from "@diffrax-ts/brownian";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { key, type Key, split } from "@diffrax-ts/random";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const tree = { t0: -1, t1: 3, tol: 0.01, shape: [2], key: key(7) } as const;

describe("VirtualBrownianTree(options)", () => {
  const path = VirtualBrownianTree(tree);

  test("begins at 0, and its increments are differences of its values, at whatever times and in whatever order", () => {
    expect(path.evaluate(-1).toArray()).toEqual([0, 0]);
    const time = fc.double({ min: -1, max: 3, noNaN: true });
    fc.assert(
      fc.property(time, time, (s, t) => {
        const difference = sub(path.evaluate(t), path.evaluate(s));
        const close = difference.toArray().map((x) => expect.closeTo(x, 12) as number);
        expect(path.evaluate(s, t).toArray()).toEqual(close);
      }),
      { numRuns: 40 },
    );
  });

  test("is the same at a traced time, for a traced key, and for each key of a batch", () => {
    const at = (k: Key, t: Scalar): Tensor => VirtualBrownianTree({ ...tree, key: k }).evaluate(t);
    const wanted = path.evaluate(1.3).toArray();
    expect(jit(at)(key(7), 1.3).toArray()).toEqual(wanted);
    const keys = split(key(1), 3);
    const batch = vmap((k: Key) => at(k, tensor(0.4)))(keys);
    for (let i = 0; i < 3; i++)
      expect(batch.at(i).toArray()).toEqual(at(keys.at(i), tensor(0.4)).toArray());
  });

  test("is the same for numbers and for tensors that are known", () => {
    const made = VirtualBrownianTree({ ...tree, t0: tensor(-1), t1: tensor(3), tol: tensor(0.01) });
    expect(made.evaluate(1.3).toArray()).toEqual(path.evaluate(1.3).toArray());
  });

  test("has the structure and the dtypes of its shape", () => {
    const shape = { v: [3], x: { shape: [], dtype: "float32" } } as const;
    const { v, x } = VirtualBrownianTree({ ...tree, shape }).evaluate(0);
    expect([v.shape, x.shape, x.dtype]).toEqual([[3], [], "float32"]);
  });
});

describe("over many keys, within four standard errors,", () => {
  const n = 4000;
  const keys = split(key(2024), n);
  const columns = (draw: (k: Key) => Tensor): number[][] => {
    const rows = vmap(draw)(keys).toArray() as unknown as number[][];
    return rows[0]!.map((_, j) => rows.map((row) => row[j]!));
  };
  const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;
  /** The mean of a product, and how far it may be from the truth: its terms have a standard deviation of about `size`. */
  const expectMean = (products: readonly number[], wanted: number, size: number) =>
    expect(Math.abs(mean(products) - wanted)).toBeLessThan((4 * size) / Math.sqrt(n));

  test("increments of a tree between times in different pieces have the law of a Brownian motion", () => {
    // From -1 to 0.3 and on to 1.9, of which 0.3 lies within a piece.
    const [a, b] = columns((k) => {
      const path = VirtualBrownianTree({ ...tree, shape: [], key: k });
      return tensor([path.evaluate(-1, 0.3), path.evaluate(0.3, 1.9)]);
    }) as [number[], number[]];
    expectMean(a, 0, Math.sqrt(1.3));
    expectMean(
      a.map((x) => x * x),
      1.3,
      1.3 * Math.SQRT2,
    );
    expectMean(
      b.map((x) => x * x),
      1.6,
      1.6 * Math.SQRT2,
    );
    expectMean(
      a.map((x, i) => x * b[i]!),
      0,
      Math.sqrt(1.3 * 1.6),
    );
  });

  test.each(["tree", "unsafe path"])(
    "space-time Lévy areas of a %s have variance dt / 12, and nothing to do with increments",
    (kind) => {
      const [w, h] = columns((k) => {
        const options = { shape: [], key: k, levyArea: "SpaceTimeLevyArea" } as const;
        const path =
          kind === "tree"
            ? VirtualBrownianTree({ t0: 0, t1: 1, tol: 0.01, ...options })
            : UnsafeBrownianPath(options);
        const { W, H } = path.evaluate(0.2, 0.7, true, true);
        return tensor([W as Scalar, H as Scalar]);
      }) as [number[], number[]];
      expectMean(
        w.map((x) => x * x),
        0.5,
        0.5 * Math.SQRT2,
      );
      expectMean(
        h.map((x) => x * x),
        0.5 / 12,
        (0.5 / 12) * Math.SQRT2,
      );
      expectMean(
        w.map((x, i) => x * h[i]!),
        0,
        Math.sqrt(0.5 * (0.5 / 12)),
      );
    },
  );

  test.each(["tree", "unsafe path"])(
    "space-time-time Lévy areas of a %s have variance dt / 720",
    (kind) => {
      const [k] = columns((one) => {
        const options = { shape: [1], key: one, levyArea: "SpaceTimeTimeLevyArea" } as const;
        const path =
          kind === "tree"
            ? VirtualBrownianTree({ t0: 0, t1: 1, tol: 0.01, ...options })
            : UnsafeBrownianPath(options);
        return path.evaluate(0.21, 0.71, true, true).K as Tensor;
      }) as [number[]];
      expectMean(
        k.map((x) => x * x),
        0.5 / 720,
        (0.5 / 720) * Math.SQRT2,
      );
    },
  );
});

describe("UnsafeBrownianPath(options)", () => {
  const path = UnsafeBrownianPath({ shape: [2], key: key(3) });

  test("has other noise over every other interval, however close, and the same over the same", () => {
    const first = path.evaluate(0, 0.1).toArray();
    expect(path.evaluate(0, 0.1).toArray()).toEqual(first);
    expect(path.evaluate(0, 0.1 + 1e-12).toArray()).not.toEqual(first);
    const rounded = UnsafeBrownianPath({ shape: [2], key: key(3), timeBits: "0.7.2" });
    const [a, b] = [0.1, 0.1 + 1e-12].map((t) => rounded.evaluate(0, t).at(0).item()) as [
      number,
      number,
    ];
    expect(a).toBeCloseTo(b, 9);
  });
});

describe("refused, with the argument and the way out, are", () => {
  const cases: readonly { name: string; call: () => unknown; message: RegExp }[] = [
    {
      name: "a time outside of the range",
      call: () => VirtualBrownianTree(tree).evaluate(4),
      message:
        /^VirtualBrownianTree: t = 4 is outside of the range of the path, \[-1, 3\]; make it wider$/u,
    },
    {
      name: "a traced time outside of the range",
      call: () => jit((t: Scalar) => VirtualBrownianTree(tree).evaluate(t))(4),
      message:
        /^VirtualBrownianTree: asked for a time outside of the range of the path, \[-1, 3\]; make it wider$/u,
    },
    {
      name: "a key that is a number",
      call: () => VirtualBrownianTree({ ...tree, key: 3 as never }),
      message: /^VirtualBrownianTree: key must be uint32\[2\], got 3; make one with key\(seed\)$/u,
    },
    {
      name: "an interval without length",
      call: () => VirtualBrownianTree({ ...tree, t1: -1 }),
      message: /^VirtualBrownianTree: t0 must be less than t1, got -1 and -1$/u,
    },
    {
      name: "an interval that is known only when it runs",
      call: () => jit((t1: Scalar) => VirtualBrownianTree({ ...tree, t1 }).evaluate(tensor(0)))(3),
      message:
        /^VirtualBrownianTree: t1 has to be known when the tree is made, and is a value of a traced function; give a number/u,
    },
    {
      name: "an infinite interval",
      call: () => VirtualBrownianTree({ ...tree, t1: Infinity }),
      message: /^VirtualBrownianTree: t1 must be a finite number, got Infinity$/u,
    },
    {
      name: "a tolerance of 0",
      call: () => VirtualBrownianTree({ ...tree, tol: 0 }),
      message: /^VirtualBrownianTree: tol must be greater than 0, got 0$/u,
    },
    {
      name: "integers",
      call: () => UnsafeBrownianPath({ shape: { shape: [2], dtype: "int32" }, key: key(0) }),
      message:
        /^UnsafeBrownianPath: shape: a Brownian motion is of float64 or float32, got int32$/u,
    },
    {
      name: "a length with a fraction",
      call: () => UnsafeBrownianPath({ shape: { a: [1.5] }, key: key(0) }),
      message: /^UnsafeBrownianPath: shape\.a must be a list of lengths .*, got \[1\.5\]$/u,
    },
    {
      name: "a Lévy area that there is not",
      call: () => UnsafeBrownianPath({ shape: [], key: key(0), levyArea: "Levy" as never }),
      message: /^UnsafeBrownianPath: levyArea must be "BrownianIncrement" or .*, got "Levy"$/u,
    },
    {
      name: "an interval the wrong way round",
      call: () => UnsafeBrownianPath({ shape: [], key: key(0) }).evaluate(1, 0),
      message: /^UnsafeBrownianPath: t0 must not be after t1, got 1 and 0$/u,
    },
    {
      name: "a derivative with respect to time",
      call: () => grad((t: Scalar) => VirtualBrownianTree(tree).evaluate(t).at(0))(0.5),
      message: /^VirtualBrownianTree: a Brownian motion has no derivative with respect to time$/u,
    },
  ];
  test.each(cases)("$name", ({ call, message }) => {
    expect(call).toThrow(message);
  });
});
