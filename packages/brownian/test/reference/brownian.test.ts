import { tensor } from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import {
  type BrownianIncrement,
  UnsafeBrownianPath,
  VirtualBrownianTree,
} from "@diffrax-ts/brownian";
import { isTensor, type Scalar } from "@diffrax-ts/pytree";
import type { Key } from "@diffrax-ts/random";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { covarianceFactor } from "../../src/covarianceFactor.ts";

type Json = number | string | readonly Json[] | { readonly [key: string]: Json };

interface Query {
  readonly t0: number;
  readonly t1?: number;
  readonly useLevy?: boolean;
  readonly result: Json;
}

interface BrownianCase {
  readonly id: string;
  readonly function?: string;
  readonly dtype?: "float32";
  readonly timeDtype?: "float64" | "float32";
  readonly variant?: "0.7.2" | "post-0.7.2-xor";
  readonly path: {
    readonly kind: "VirtualBrownianTree" | "UnsafeBrownianPath";
    readonly shape: readonly number[] | Readonly<Record<string, readonly number[]>>;
    readonly levyArea: "SpaceTimeLevyArea";
    readonly key: readonly number[];
    readonly t0: number;
    readonly t1: number;
    readonly tol: number;
  };
  readonly queries: readonly Query[];
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

const text = readFileSync(new URL("figures/brownian.json", import.meta.url), "utf8");
const { cases: all } = JSON.parse(text) as { readonly cases: readonly BrownianCase[] };

const cases = all.filter((figure) => figure.function === undefined);
const factors = all.filter((figure) => figure.function === "svd3");

/** All that is asked of a case. */
function answers(figure: BrownianCase, key: Key): readonly unknown[] {
  const { path, dtype = "float64", timeDtype = dtype, variant, queries } = figure;
  const { shape: axes, levyArea, t0, t1, tol } = path;
  const isOne = Array.isArray(axes);
  const shape = isOne ? { shape: axes as readonly number[], dtype } : axes;
  const options = { shape: shape as readonly number[], key, levyArea };
  const time = (t: number): Scalar => tensor(t, { dtype: timeDtype });
  const motion =
    path.kind === "VirtualBrownianTree"
      ? VirtualBrownianTree({ ...options, t0, t1, tol })
      : UnsafeBrownianPath({ ...options, timeBits: variant === "0.7.2" ? "0.7.2" : "exact" });
  return queries.map((query) => {
    const end = query.t1 === undefined ? null : time(query.t1);
    if (query.useLevy === false) return motion.evaluate(time(query.t0), end);
    const known = motion.evaluate(time(query.t0), end, true, true);
    if (isOne) return known;
    const { dt: _scaledWronglyInDiffrax, ...rest } = known;
    return rest;
  });
}

function differences(
  got: unknown,
  wanted: Json,
  close: BrownianCase["tolerance"],
  path: string,
): string[] {
  if (typeof wanted === "object") {
    const children = isTensor(got) ? got.toArray() : got;
    return Object.entries(wanted)
      .filter(([key]) => key !== "dt" || key in (children as object))
      .flatMap(([key, child]) =>
        differences(
          (children as Readonly<Record<string, unknown>>)[key],
          child,
          close,
          `${path}.${key}`,
        ),
      );
  }
  const actual = isTensor(got) ? got.item() : Number(got);
  const error = Math.abs(actual - Number(wanted));
  const isClose = error <= close.atol + close.rtol * Math.abs(Number(wanted));
  return isClose ? [] : [`${path}: expected ${String(wanted)}, got ${actual}`];
}

const departures = (figure: BrownianCase, got: readonly unknown[]): string[] =>
  figure.queries.flatMap(({ result, t0, t1 }, i) =>
    differences(got[i], result, figure.tolerance, `${t0} to ${t1 ?? "itself"}`),
  );

const keyOf = ({ path }: BrownianCase): Key => tensor(path.key, { dtype: "uint32" });

describe("at known times, the figures of Diffrax are met by", () => {
  test.each(cases)("$id", (figure) => {
    expect(departures(figure, answers(figure, keyOf(figure)))).toEqual([]);
  });
});

describe("with a traced key, the figures of Diffrax are met by", () => {
  test.each(cases)("$id", (figure) => {
    const traced = jit((key: Key) => answers(figure, key) as readonly BrownianIncrement[]);
    expect(departures(figure, traced(keyOf(figure)))).toEqual([]);
  });
});

interface Factor {
  readonly id: string;
  readonly rows: readonly {
    readonly cov: readonly (readonly number[])[];
    readonly s: readonly number[];
    readonly factor: readonly (readonly number[])[];
  }[];
  readonly tolerance: BrownianCase["tolerance"];
}

describe("covarianceFactor(cov) has the signs of LAPACK, for", () => {
  test.each(factors as unknown as readonly Factor[])("$id", ({ rows, tolerance }) => {
    for (const { cov, s, factor } of rows) {
      const at = (i: number, j: number): Scalar => tensor(cov[i]![j]!);
      const entries = { ww: at(0, 0), wh: at(0, 1), wk: at(0, 2) };
      const rest = { hh: at(1, 1), hk: at(1, 2), kk: at(2, 2) };
      const got = covarianceFactor({ ...entries, ...rest });
      for (let j = 0; j < 3; j++) {
        // A singular value is known to an ulp of the largest one, and so its root to that by twice itself.
        const ulp = s[j]! > 0 ? (2 ** -52 * s[0]!) / Math.sqrt(s[j]!) : 0;
        const close = { ...tolerance, atol: Math.max(tolerance.atol, ulp) };
        const column = (matrix: readonly (readonly unknown[])[]) => matrix.map((row) => row[j]);
        expect(differences(column(got), column(factor) as Json, close, `${j}`)).toEqual([]);
      }
    }
  });
});
