import {
  backwardHermiteCoefficients,
  CubicInterpolation,
  jit,
  linearInterpolation,
  LinearInterpolation,
  rectilinearInterpolation,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { differences } from "./differences.ts";
import { readFigures } from "./figures.ts";
import { type JsonTree, readPlain, readTensor, readTree } from "./jsonTree.ts";

interface Query {
  readonly t0: number;
  readonly t1?: number;
  readonly left?: boolean;
  readonly evaluate: JsonTree;
  readonly derivative?: JsonTree;
}

interface InterpolationCase {
  readonly id: string;
  readonly function: string;
  readonly ts: readonly number[];
  readonly ys: JsonTree;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly expected: {
    readonly ts?: JsonTree;
    readonly ys?: JsonTree;
    readonly coeffs?: JsonTree;
    readonly t0?: number;
    readonly t1?: number;
    readonly queries?: readonly Query[];
  };
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

interface Values {
  evaluate(t0: number, t1?: number | null, left?: boolean): unknown;
  derivative(t: number, left?: boolean): unknown;
}

type Make = (
  ts: readonly number[],
  ys: unknown,
  options: object,
) => { readonly path?: Values; readonly data?: object };

/** What each function gives: data, a path, or both. Diffrax takes data with NaN without a word. */
const functions: Readonly<Record<string, Make>> = {
  LinearInterpolation: (ts, ys) => {
    const path = LinearInterpolation(ts, ys, { allowNans: true });
    return { path, data: { t0: path.t0, t1: path.t1 } };
  },
  CubicInterpolation: (ts, ys, options) => {
    const coeffs = backwardHermiteCoefficients(ts, ys, options);
    return { path: CubicInterpolation(ts, coeffs, { allowNans: true }), data: { coeffs } };
  },
  linearInterpolation: (ts, ys, options) => ({
    data: { ys: linearInterpolation(ts, ys, options) },
  }),
  rectilinearInterpolation: (ts, ys, options) => {
    const [times, data] = rectilinearInterpolation(ts, ys, options);
    return { data: { ts: times, ys: data } };
  },
};

/** All that is asked of a case. */
function answers({ function: name, ts, options = {}, expected }: InterpolationCase, ys: unknown) {
  const { path, data = {} } = functions[name]!(ts, ys, options);
  const queries = expected.queries ?? [];
  return {
    ...data,
    evaluate: queries.map(({ t0, t1, left = true }) => path!.evaluate(t0, t1 ?? null, left)),
    derivative: queries
      .filter((query) => "derivative" in query)
      .map(({ t0, left = true }) => path!.derivative(t0, left)),
  };
}

function departures(figure: InterpolationCase, got: ReturnType<typeof answers>): string[] {
  const { queries = [], ...data } = figure.expected;
  const slopes = queries.flatMap((query) => ("derivative" in query ? [query.derivative] : []));
  const wanted: Readonly<Record<string, unknown>> = {
    ...data,
    evaluate: { $list: queries.map(({ evaluate }) => evaluate) },
    derivative: { $list: slopes },
  };
  const asked = Object.fromEntries(Object.entries(got).filter(([key]) => key in wanted));
  return differences(asked, wanted as JsonTree, figure.tolerance, "");
}

const { cases } = readFigures<InterpolationCase>("interpolation");

describe("of data in tensors, with the figures of", () => {
  test.each(cases)("$id", (figure) => {
    const ys = readTree(figure.ys, readTensor("float64"));
    expect(departures(figure, answers(figure, ys))).toEqual([]);
  });
});

describe("of data in lists, with the figures of", () => {
  test.each(cases)("$id", (figure) => {
    const ys = readTree(figure.ys, readPlain("float64"));
    expect(departures(figure, answers(figure, ys))).toEqual([]);
  });
});

describe("inside jit, with the figures of", () => {
  test.each(cases)("$id", (figure) => {
    const ys = readTree(figure.ys, readTensor("float64"));
    const got = jit((data: object) => answers(figure, data))(ys as object);
    expect(departures(figure, got)).toEqual([]);
  });
});
