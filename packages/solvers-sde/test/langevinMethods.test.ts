import { exp, neg } from "@diffrax-ts/array";
import {
  alignMethod,
  decay,
  fosterLangevinSRK,
  type LangevinCoefficient,
  type LangevinMethod,
  quicsortMethod,
  shouldMethod,
} from "@diffrax-ts/solvers-sde";
import { describe, expect, test } from "vitest";

const methods: Readonly<Record<string, LangevinMethod>> = {
  ALIGN: alignMethod,
  ShOULD: shouldMethod,
  QUICSORT: quicsortMethod,
};
const claims = { order: 2, strongOrder: 2 };
const make = (method: unknown) =>
  fosterLangevinSRK("test/Method", claims, method as LangevinMethod);

const coefficients = Object.entries(methods).flatMap(([name, method]) =>
  Object.entries(method.coefficients).map(([key, one]) => [name, key, one] as const),
);

describe("the Taylor polynomial of a coefficient is that of its closed form:", () => {
  const withOnly = (coefficient: LangevinCoefficient) => ({
    ...methods["ALIGN"],
    coefficients: { one: coefficient },
  });

  test.each(coefficients)("%s, %s", (_name, _key, coefficient) => {
    expect(() => make(withOnly(coefficient))).not.toThrow();
    expect(coefficient.power + coefficient.series.length).toBe(6);
  });

  test.each(coefficients)(
    "%s, %s: and not with another number in its middle",
    (name, key, coefficient) => {
      const series = coefficient.series.map((x, k) => (k === 2 ? x * 1.01 + 1e-4 : x));
      expect(() => make(withOnly({ ...coefficient, series }))).toThrow(
        "fosterLangevinSRK: test/Method: method.coefficients.one.series: expected the Taylor polynomial of degree",
      );
    },
  );
});

describe("fosterLangevinSRK(kind, claims, method)", () => {
  test("makes a solver that claims what it is told", () => {
    const solver = make(methods["ShOULD"]);
    expect(solver.kind).toBe("test/Method");
    expect(solver.claims).toEqual(claims);
    expect(solver.minimalLevyArea).toBe("SpaceTimeTimeLevyArea");
    expect(solver.taylorThreshold).toBe(0.1);
  });

  const good = methods["ALIGN"]!;
  const one = { power: 0, series: [1, -1], direct: (alpha: never) => exp(neg(alpha)) };
  test.each<[string, unknown, string]>([
    ["no method", null, "method must be a LangevinMethod, got null"],
    [
      "a Lévy area that is none",
      { ...good, minimalLevyArea: "Levy" },
      'method.minimalLevyArea must be "BrownianIncrement" or "SpaceTimeLevyArea" or "SpaceTimeTimeLevyArea", got "Levy"',
    ],
    ["no step", { ...good, computeStep: 1 }, "method.computeStep must be a function, got 1"],
    [
      "no coefficients",
      { ...good, coefficients: undefined },
      "method.coefficients must be a record of coefficients, got undefined",
    ],
    [
      "a fraction of a power",
      { ...good, coefficients: { one: { ...one, power: 0.5 } } },
      "method.coefficients.one.power must be a whole number of at least 0, got 0.5",
    ],
    [
      "a polynomial without coefficients",
      { ...good, coefficients: { one: { ...one, series: [] } } },
      "method.coefficients.one.series must be a list of finite numbers, got an array of 0",
    ],
    [
      "a closed form that is none",
      { ...good, coefficients: { one: { ...one, direct: 2 } } },
      "method.coefficients.one.direct must be a function, got 2",
    ],
  ])("refuses %s", (_, method, message) => {
    expect(() => make(method)).toThrow(`fosterLangevinSRK: test/Method: ${message}`);
  });

  test("takes coefficients of any degree", () => {
    const short = { ...good, coefficients: { one: decay(0.3, { power: 2, degree: 2 }), two: one } };
    expect(() => make(short)).not.toThrow();
  });
});
