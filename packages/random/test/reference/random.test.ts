import { mul, sum, tensor } from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";
import {
  bernoulli,
  beta,
  bits,
  categorical,
  choice,
  exponential,
  foldIn,
  gamma,
  gumbel,
  key,
  type Key,
  loggamma,
  multivariateNormal,
  normal,
  permutation,
  poisson,
  rademacher,
  randint,
  split,
  threefry2x32,
  truncatedNormal,
  uniform,
} from "@diffrax-ts/random";
import { describe, expect, test } from "vitest";
import { erfInv } from "../../src/erfInv.ts";
import { differences, type RandomCase, readFigures } from "./figures.ts";

type Numbers = number | number[] | number[][];

type Params<Own = object> = Own & { readonly shape: number[]; readonly dtype: "float64" };

interface Bounds {
  readonly lower: number | string;
  readonly upper: number | string;
}

interface Ints {
  readonly shape: number[];
  readonly minval: Numbers;
  readonly maxval: Numbers;
  readonly dtype: "int32" | "int64";
}

/** JSON knows no infinity. */
const numberOf = (x: number | string): number => Number(String(x).replace("inf", "Infinity"));

type Draw = (k: Key, params: never) => Tensor;

const words = (list: readonly number[]): Key => tensor(list, { dtype: "uint32" });

/** The functions of a key and of the parameters of a case. */
const draws: Readonly<Record<string, Draw>> = {
  threefry2x32: (k, { counter }: { counter: readonly number[] }) => threefry2x32(k, words(counter)),
  split: (k, { num }: { num: number }) => split(k, num),
  foldIn: (k, { data }: { data: number }) => foldIn(k, data),
  bits: (k, { shape, bitWidth }: { shape: number[]; bitWidth: 32 }) => bits(k, shape, { bitWidth }),
  uniform: (k, { shape, ...options }: { shape: number[] }) => uniform(k, shape, options),
  normal: (k, { shape, ...options }: { shape: number[] }) => normal(k, shape, options),
  bernoulli: (k, { p, dtype, shape }: Params<{ p: Numbers }>) =>
    bernoulli(k, tensor(p, { dtype }), shape),
  beta: (k, { a, b, dtype, shape }: Params<{ a: number; b: number }>) =>
    beta(k, a, b, shape, { dtype }),
  categorical: (k, { logits, dtype, ...options }: Params<{ logits: Numbers }>) =>
    categorical(k, tensor(logits, { dtype }), options),
  choice: (k, { a, shape, p, dtype, ...options }: Params<{ a: Numbers; p?: number[] }>) => {
    const weights = p === undefined ? {} : { p: tensor(p, { dtype }) };
    return choice(k, typeof a === "number" ? a : tensor(a), shape, { ...options, ...weights });
  },
  exponential: (k, { shape, dtype }: Params) => exponential(k, shape, { dtype }),
  gamma: (k, { a, shape, dtype }: Params<{ a: number }>) => gamma(k, a, shape, { dtype }),
  gumbel: (k, { shape, dtype }: Params) => gumbel(k, shape, { dtype }),
  loggamma: (k, { a, shape, dtype }: Params<{ a: number }>) => loggamma(k, a, shape, { dtype }),
  multivariateNormal: (k, { mean, cov, shape, dtype }: Params<{ mean: number[]; cov: Numbers }>) =>
    multivariateNormal(k, tensor(mean), tensor(cov), shape, { dtype }),
  poisson: (k, { lam, shape, dtype }: { lam: Numbers; shape: number[]; dtype: "int64" }) =>
    poisson(k, tensor(lam), shape, { dtype }),
  truncatedNormal: (k, { lower, upper, shape, dtype }: Params<Bounds>) =>
    truncatedNormal(k, numberOf(lower), numberOf(upper), shape, { dtype }),
  rademacher: (k, { shape, dtype }: { shape: number[]; dtype: "int64" }) =>
    rademacher(k, shape, { dtype }),
  randint: (k, { shape, minval, maxval, dtype }: Ints) => {
    const bound = (x: Numbers) => (typeof x === "number" ? x : tensor(x, { dtype }));
    return randint(k, shape, bound(minval), bound(maxval), { dtype });
  },
  permutation: (k, { n, x, ...options }: { n: number; x?: Numbers }) =>
    x === undefined ? permutation(k, n) : permutation(k, tensor(x), options),
  chainSplitNormal: (k, { steps }: { steps: number }) => {
    const numbers: Tensor[] = [];
    let last = k;
    for (let i = 0; i < steps; i++) {
      const keys = split(last);
      last = keys.at(0);
      numbers.push(normal(keys.at(1)));
    }
    return tensor(numbers);
  },
  normalStream: (k, { shape, indices }: { shape: number[]; indices: number[] }) => {
    const stream = normal(k, shape);
    return tensor([...indices.map((i) => stream.at(i)), sum(stream), sum(mul(stream, stream))]);
  },
};

/** The functions of the parameters of a case. */
const others: Readonly<Record<string, (params: never) => Tensor>> = {
  key: ({ seed }: { seed: number }) => key(seed),
  erfInv: ({ x, dtype }: { x: number[]; dtype: "float64" }) => erfInv(tensor(x, { dtype })),
};

const cases = readFigures();
const ready = cases.filter((figure) => figure.function in draws);

describe("with a key that is known, the figures of JAX are met by", () => {
  test.each(ready)("$id", (figure: RandomCase) => {
    const value = draws[figure.function]!(words(figure.key!), figure.params as never);
    expect(differences(value, figure)).toEqual([]);
  });
});

describe("with a traced key, the figures of JAX are met by", () => {
  test.each(ready)("$id", (figure: RandomCase) => {
    const draw = jit((k: Key) => draws[figure.function]!(k, figure.params as never));
    expect(differences(draw(words(figure.key!)), figure)).toEqual([]);
  });
});

describe("without a key, the figures of JAX are met by", () => {
  test.each(cases.filter((figure) => figure.function in others))("$id", (figure: RandomCase) => {
    const value = others[figure.function]!(figure.params as never);
    expect(differences(value, figure)).toEqual([]);
  });
});

test("every function in the figures is drawn from", () => {
  const names = new Set(cases.map((figure) => figure.function));
  expect([...names].filter((name) => !(name in draws || name in others))).toEqual([]);
});
