import { mul, nextafter, sqrt, sum, tensor } from "@diffrax-ts/array";
import { grad, jit, scan, vmap } from "@diffrax-ts/autodiff";
import { stridedTensor } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import {
  bernoulli,
  bits,
  categorical,
  choice,
  foldIn,
  gamma,
  key,
  type Key,
  multivariateNormal,
  normal,
  normalAt,
  permutation,
  poisson,
  randint,
  split,
  splitList,
  threefry2x32,
  truncatedNormal,
  uniform,
} from "@diffrax-ts/random";
import { describe, expect, test } from "vitest";

/** A central difference. */
const slope = (f: (x: Scalar) => Tensor, x: number): number => {
  const at = (y: number) => f(tensor(y)).item();
  return (at(x + 1e-5) - at(x - 1e-5)) / 2e-5;
};

describe("keys", () => {
  test("split(key, n) starts with split(key, m), and foldIn(key, i) is its i-th", () => {
    const k = key(7);
    const keys = split(k, 5);
    expect(split(k, 3).toArray()).toEqual([0, 1, 2].map((i) => keys.at(i).toArray()));
    for (let i = 0; i < 5; i++) {
      expect(foldIn(k, i).toArray()).toEqual(keys.at(i).toArray());
    }
  });

  test("splitList(key, n) unpacks what split(key, n) gives", () => {
    const [a, b, c] = splitList(key(7), 3);
    expect([a, b, c].map((one) => one.toArray())).toEqual(split(key(7), 3).toArray());
    expect(splitList(key(7))).toHaveLength(2);
  });

  test("foldIn(key, data) takes integers of 32 bits, signed or not, and tensors of them", () => {
    const k = key(1);
    const same = foldIn(k, 2 ** 32 - 5).toArray();
    expect(foldIn(k, -5).toArray()).toEqual(same);
    for (const dtype of ["int32", "int64"] as const) {
      expect(foldIn(k, tensor(-5, { dtype })).toArray()).toEqual(same);
    }
    expect(foldIn(k, tensor(2 ** 32 - 5, { dtype: "uint32" })).toArray()).toEqual(same);
  });

  test("key(seed) takes every integer of 64 bits", () => {
    expect(key(-(2n ** 63n)).toArray()).toEqual([2 ** 31, 0]);
    expect(key(2n ** 63n - 1n).toArray()).toEqual([2 ** 31 - 1, 2 ** 32 - 1]);
    expect(key(5n).toArray()).toEqual(key(5).toArray());
  });

  test("a key may be a row of an array, with any stride", () => {
    const strided = stridedTensor("uint32", [2], Uint32Array.of(9, 1, 9, 2), [2], 1);
    const k = strided;
    expect(bits(k).item()).toBe(bits(tensor([1, 2], { dtype: "uint32" })).item());
  });
});

describe("samplers inside traced functions", () => {
  const k = key(3);

  test("vmap over keys is each key by itself, to the bit", () => {
    const keys = split(k, 6);
    const batch = vmap((one: Key) => normal(one, [4]))(keys);
    for (let i = 0; i < 6; i++) {
      expect(batch.at(i).toArray()).toEqual(normal(keys.at(i), [4]).toArray());
    }
  });

  test("vmap over what is folded in is each of them by itself", () => {
    const batch = vmap((i: Scalar) => uniform(foldIn(k, i), [2]))(Int32Array.of(4, 5));
    expect(batch.toArray()).toEqual([4, 5].map((i) => uniform(foldIn(k, i), [2]).toArray()));
  });

  test("a scan that splits its key at each turn draws what a loop draws", () => {
    const draw = jit((start: Key) => {
      const step = (last: Key) => {
        const keys = split(last);
        return { carry: keys.at(0), row: normal(keys.at(1)) };
      };
      return scan(step, start, null, { length: 4 }).rows;
    });
    const wanted: number[] = [];
    for (let i = 0, last = k; i < 4; i++) {
      const keys = split(last);
      last = keys.at(0);
      wanted.push(normal(keys.at(1)).item());
    }
    expect([...draw(k)]).toEqual(wanted);
  });

  test("uniform(key, shape, { minval, maxval }) can be differentiated with respect to its bounds", () => {
    const u = uniform(k).item();
    const draw = (bounds: { low: Scalar; high: Scalar }): Tensor =>
      uniform(k, [], { minval: bounds.low, maxval: bounds.high });
    const { low, high } = grad(draw)({ low: 1, high: 3 });
    expect(low).toBeCloseTo(1 - u, 14);
    expect(high).toBeCloseTo(u, 14);
  });

  test("vmap over keys gives each key its own choice, order and gamma number", () => {
    const keys = split(k, 4);
    const draw = (one: Key) => [
      permutation(one, 6),
      choice(one, 9, [3], { replace: false, p: tensor([1, 2, 3, 4, 5, 6, 7, 8, 9]) }),
      randint(one, [2], -5, 5),
      gamma(one, 0.7, [2]),
      poisson(one, tensor([2, 30])),
    ];
    const batch = vmap(draw)(keys);
    for (let i = 0; i < 4; i++) {
      const alone = draw(keys.at(i)).map((x) => x.toArray());
      expect(batch.map((x) => x.at(i).toArray())).toEqual(alone);
    }
  });

  test("truncatedNormal(key, lower, upper) and multivariateNormal can be differentiated as differences say", () => {
    const cut = (lower: Scalar): Tensor => sum(truncatedNormal(k, lower, 2, [3]));
    expect(grad(cut)(-1)).toBeCloseTo(slope(cut, -1), 7);
    const spread = (c: Scalar): Tensor => {
      const cov = tensor([
        [2, c],
        [c, 1],
      ]);
      return sum(multivariateNormal(k, tensor([0, 1]), cov, [2]));
    };
    expect(grad(spread)(0.5)).toBeCloseTo(slope(spread, 0.5), 7);
  });

  test("noise with a learnt scale can be differentiated", () => {
    const loss = (scale: Scalar): Tensor => sum(mul(normal(k, [5]), scale));
    expect(grad(loss)(2)).toBeCloseTo(sum(normal(k, [5])).item(), 14);
  });
});

describe("the numbers", () => {
  test("of uniform(key, shape) lie in [0, 1), in float32 too", () => {
    for (const dtype of ["float64", "float32"] as const) {
      const u = uniform(key(11), [4000], { dtype });
      expect(u.dtype).toBe(dtype);
      expect(Math.min(...u)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...u)).toBeLessThan(1);
      // Four standard deviations of the mean, √(1/12 / n).
      expect(Math.abs(sum(u).item() / 4000 - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 4000));
    }
  });

  test("of normal(key, shape) have mean 0 and variance 1, and no two keys share them", () => {
    const n = 4000;
    const keys = split(key(5));
    const [a, b] = [normal(keys.at(0), n), normal(keys.at(1), n)];
    const limit = 4 / Math.sqrt(n);
    expect(Math.abs(sum(a).item() / n)).toBeLessThan(limit);
    expect(Math.abs(sum(mul(a, a)).item() / n - 1)).toBeLessThan(limit * Math.SQRT2);
    expect(Math.abs(sum(mul(a, b)).item() / n)).toBeLessThan(limit);
  });

  test("of normal(key, shape, { dtype }) are finite at both ends of the interval", () => {
    // The bound that normal keeps away from -1 by one float.
    expect(nextafter(-1, 0).item()).toBe(2 ** -53 - 1);
    const one = tensor(-1, { dtype: "float32" });
    expect(nextafter(one, tensor(0, { dtype: "float32" })).item()).toBe(2 ** -24 - 1);
  });

  test("do not change with the shape, and an empty shape is allowed", () => {
    const k = key(2);
    expect(normal(k, [2, 3]).toArray().flat()).toEqual([...normal(k, 6)]);
    expect(normal(k, [0]).shape).toEqual([0]);
    expect(sqrt(uniform(k, [0, 3])).shape).toEqual([0, 3]);
    expect(jit((traced: Key) => uniform(traced, [0]))(k).shape).toEqual([0]);
  });
});

describe("refused, with the function and the value, are", () => {
  const k = key(0);
  const cases: readonly { name: string; call: () => unknown; message: RegExp }[] = [
    { name: "a seed with a fraction", call: () => key(0.5), message: /^key: seed .*got 0\.5$/u },
    { name: "a seed of more than 64 bits", call: () => key(2n ** 63n), message: /^key: seed/u },
    { name: "a seed that is not exact", call: () => key(2 ** 60), message: /^key: seed/u },
    {
      name: "a number as a key",
      call: () => normal(3 as never),
      message: /^normal: key must be uint32\[2\], got .*; make one with key\(seed\)$/u,
    },
    {
      name: "several keys as one",
      call: () => split(split(k)),
      message: /^split: key must be uint32\[2\], got uint32\[2,2\].*vmap$/u,
    },
    {
      name: "a key of another dtype",
      call: () => bits(tensor([1, 2])),
      message: /^bits: key must be uint32\[2\]/u,
    },
    {
      name: "a counter of another shape",
      call: () => threefry2x32(k, tensor([1], { dtype: "uint32" })),
      message: /^threefry2x32: counter must be uint32\[2\]/u,
    },
    { name: "a fraction to fold in", call: () => foldIn(k, 0.5), message: /^foldIn: data.*0\.5$/u },
    { name: "too large a number to fold in", call: () => foldIn(k, 2 ** 32), message: /^foldIn/u },
    { name: "a float to fold in", call: () => foldIn(k, tensor(1)), message: /^foldIn: data/u },
    {
      name: "a shape with a fraction",
      call: () => uniform(k, [1.5]),
      message: /^uniform: shape must be a list of lengths, each an integer >= 0, got \[1\.5\]$/u,
    },
    { name: "a negative number of keys", call: () => split(k, -1), message: /^split: shape/u },
    {
      name: "integers",
      call: () => uniform(k, [2], { dtype: "int32" } as never),
      message: /^uniform: dtype must be float64 or float32, got "int32"$/u,
    },
    {
      name: "another number of bits",
      call: () => bits(k, [], { bitWidth: 12 } as never),
      message: /^bits: bitWidth must be 8, 16, 32 or 64, got 12$/u,
    },
    {
      name: "an option that does not exist",
      call: () => normal(k, [], { mean: 1 } as never),
      message: /^normal: there is no option mean, only dtype$/u,
    },
    {
      name: "a probability beyond 1",
      call: () => bernoulli(k, 1.5),
      message: /^bernoulli: p must be from 0 to 1, got 1\.5$/u,
    },
    {
      name: "a parameter that does not fit into the shape",
      call: () => bernoulli(k, Float64Array.of(0.1, 0.2), [3]),
      message: /^bernoulli: p of shape \[2\] does not fit into shape \[3\]$/u,
    },
    {
      name: "bounds in the wrong order",
      call: () => uniform(k, [], { minval: 1, maxval: 0 }),
      message: /^uniform: minval must be less than maxval, got 1 and 0$/u,
    },
    {
      name: "a range without integers",
      call: () => randint(k, [2], 3, 3),
      message: /^randint: maxval must be greater than minval, got minval 3 and maxval 3$/u,
    },
    {
      name: "a bound with a fraction",
      call: () => randint(k, [2], 0, 2.5),
      message: /^randint: maxval must be an integer, exact, got 2\.5$/u,
    },
    {
      name: "a bound beyond the dtype",
      call: () => randint(k, [2], 0, 2 ** 31 + 1, { dtype: "int32" }),
      message: /^randint: maxval does not fit into int32, got 2147483649$/u,
    },
    {
      name: "bounds of another dtype",
      call: () => randint(k, [2], 0, tensor([3, 4]), { dtype: "int32" }),
      message: /^randint: maxval must be of the dtype of the result, int32, got float64\[2\]$/u,
    },
    {
      name: "more different elements than there are",
      call: () => choice(k, 3, [4], { replace: false }),
      message:
        /^choice: 4 different elements were asked for, and there are 3; take replace: true$/u,
    },
    {
      name: "probabilities for other elements",
      call: () => choice(k, 3, [4], { p: [0.5, 0.5] as never }),
      message: /^choice: p/u,
    },
    {
      name: "more different categories than there are",
      call: () => categorical(k, tensor([0, 0]), { shape: [3], replace: false }),
      message: /^categorical: 3 different categories/u,
    },
    {
      name: "an axis that there is not",
      call: () => permutation(k, tensor([1, 2]), { axis: 1 }),
      message: /^permutation: axis 1 does not exist in shape \[2\]$/u,
    },
    {
      name: "a covariance that is not positive definite",
      call: () =>
        multivariateNormal(
          k,
          tensor([0, 0]),
          tensor([
            [1, 2],
            [2, 1],
          ]),
        ),
      message: /^multivariateNormal: cov must be positive definite, got float64\[2,2\]$/u,
    },
    {
      name: "a covariance of another size",
      call: () => multivariateNormal(k, tensor([0, 0]), tensor([[1]])),
      message: /^multivariateNormal: mean must be \[\.\.\., n\] and cov/u,
    },
    {
      name: "a gamma distribution without a shape",
      call: () => gamma(k, 0),
      message: /^gamma: a must be greater than 0, got 0$/u,
    },
    {
      name: "a derivative of gamma",
      call: () => grad((a: Scalar) => gamma(k, a))(2),
      message: /^gamma: its numbers cannot be differentiated with respect to a$/u,
    },
    {
      name: "a negative mean",
      call: () => poisson(k, -1),
      message: /^poisson: lam must be >= 0 and finite, got -1$/u,
    },
    {
      name: "options without their names",
      call: () => uniform(k, [], -1 as never),
      message: /^uniform: expected options such as/u,
    },
  ];
  test.each(cases)("$name", ({ call, message }) => {
    expect(call).toThrow(message);
  });
});

test("normalAt(key, step, shape) are other numbers at each step and offset", () => {
  const at = (step: number, offset: number) =>
    normalAt(key(0), tensor(step, { dtype: "uint32" }), [3], { offset }).toArray();
  expect(at(2, 1)).toEqual([...at(2, 0).slice(1), at(2, 3)[0]]);
  expect(new Set([...at(0, 0), ...at(1, 0), ...at(2, 0)]).size).toBe(9);
});
