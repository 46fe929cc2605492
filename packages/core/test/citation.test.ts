import {
  adjointRmsSeminorm,
  BacksolveAdjoint,
  citation,
  citationRules,
  ClipStepSizeController,
  ControlTerm,
  DirectAdjoint,
  Dopri5,
  Dopri8,
  ForwardMode,
  grad,
  HalfSolver,
  Heun,
  Kvaerno5,
  LinearInterpolation,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  RecursiveCheckpointAdjoint,
  type Scalar,
  SemiImplicitEuler,
  Tsit5,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import * as core from "@diffrax-ts/core";
import { key } from "@diffrax-ts/random";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

let printed: string[] = [];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
});
afterEach(() => vi.restoreAllMocks());

/** The keys of the entries of a text, in order. */
const keysIn = (text: string): string[] =>
  [...text.matchAll(/^@\w+\{(\w+),$/gmu)].map(([, name]) => name!);

const field = (_t: number, y: number): number => -y;
const pid = PIDController({ rtol: 1e-6, atol: 1e-6 });
const motion = (levyArea: "BrownianIncrement" | "SpaceTimeLevyArea"): never =>
  VirtualBrownianTree({ t0: 0, t1: 1, tol: 0.01, shape: [], key: key(0), levyArea }) as never;
const noisy = MultiTerm(ODETerm(field), ControlTerm(field, motion("BrownianIncrement")));
const driven = ControlTerm(field, LinearInterpolation([0, 1], [0, 1]) as never);

test("citation(terms, solver, options) prints what it returns, each entry once, in ASCII with balanced braces", () => {
  const text = citation((_t, { a }, rate) => ({ a: -rate * a }), Tsit5(), {
    t0: 0,
    t1: 1,
    dt0: null,
    y0: { a: 1 },
    args: 2,
    saveat: { ts: [0.5, 1], fn: (_t, { a }) => a },
    adjoint: RecursiveCheckpointAdjoint(),
    stepsizeController: pid,
  });
  expect(printed).toEqual([text]);
  expect(keysIn(text)).toEqual([
    "kidger2021on",
    "ma2021comparison",
    "stumm2010new",
    "wang2009minimal",
    "griewank1992achieving",
    "griewank2000algorithm",
    "hairer1993solving",
    "tsitouras2011runge",
  ]);
  // What is cited again is named by its key.
  expect(text).toMatch(/^% The first step is chosen as in Section II\.4 of hairer1993solving$/mu);
  expect(text).toMatch(/^% Steps are adapted by an I controller.* of hairer1993solving$/mu);
  const entries = text.split("\n").filter((line) => !line.startsWith("%"));
  expect(entries.join("\n")).toMatch(/^[\n -~]*$/u);
  expect(entries.join("").split("{").length).toBe(entries.join("").split("}").length);
});

describe("citation of", () => {
  const cases: readonly { name: string; text: () => string; keys: readonly string[] }[] = [
    { name: "nothing", text: () => citation(), keys: [] },
    { name: "a bare function", text: () => citation(field), keys: [] },
    {
      name: "a solver alone",
      text: () => citation(null, Dopri5()),
      keys: ["hairer1993solving", "dormand1980family", "shampine1986some"],
    },
    {
      name: "an implicit solver",
      text: () => citation(null, Kvaerno5()),
      keys: ["hairer1996solving", "kvaerno2004singly"],
    },
    {
      name: "a symplectic solver",
      text: () => citation(null, SemiImplicitEuler()),
      keys: ["hairer1993solving", "hairer2006geometric"],
    },
    {
      name: "Dopri8, whose interpolation is from another paper",
      text: () => citation(null, Dopri8(), { saveat: { subs: [{ t1: true }, { ts: [0.5] }] } }),
      keys: ["hairer1993solving", "prince1981high", "bogacki1990interpolating"],
    },
    {
      name: "Dopri8 at the ends of steps",
      text: () => citation(null, Dopri8(), { saveat: { steps: true } }),
      keys: ["hairer1993solving", "prince1981high"],
    },
    {
      name: "a solver round another",
      text: () => citation(null, HalfSolver(Tsit5())),
      keys: ["hairer1993solving", "tsitouras2011runge"],
    },
    {
      name: "a PI controller, inside another",
      text: () =>
        citation(null, null, {
          stepsizeController: ClipStepSizeController({
            controller: PIDController({ rtol: 1e-3, atol: 1e-3, pcoeff: 0.4 }),
          }),
        }),
      keys: ["hairer1996solving", "soderlind2002automatic"],
    },
    {
      name: "a PID controller",
      text: () =>
        citation(null, null, {
          stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-3, pcoeff: 0.3, dcoeff: 0.1 }),
        }),
      keys: ["soderlind2003digital"],
    },
    {
      name: "DirectAdjoint",
      text: () => citation(null, null, { adjoint: DirectAdjoint() }),
      keys: ["ma2021comparison"],
    },
    {
      name: "ForwardMode",
      text: () => citation(null, null, { adjoint: ForwardMode() }),
      keys: ["ma2021comparison"],
    },
    {
      name: "BacksolveAdjoint of an ordinary equation, with a seminorm",
      text: () =>
        citation(field, null, {
          adjoint: BacksolveAdjoint({
            stepsizeController: PIDController({ rtol: 1, atol: 1, norm: adjointRmsSeminorm }),
          }),
        }),
      keys: ["chen2018neural", "kidger2021hey"],
    },
    {
      name: "BacksolveAdjoint of a controlled equation",
      text: () => citation(driven, null, { adjoint: BacksolveAdjoint() }),
      keys: ["kidger2020neural"],
    },
    {
      name: "BacksolveAdjoint of a stochastic equation",
      text: () => citation(noisy, null, { adjoint: BacksolveAdjoint() }),
      keys: ["li2020scalable", "jelincic2024single", "kloeden1992numerical"],
    },
    {
      name: "a stochastic equation that is written as a record",
      text: () =>
        citation(
          { drift: (_t, y) => -y, diffusion: (_t, y) => y, control: motion("BrownianIncrement") },
          core.EulerHeun(),
          { t0: 0, t1: 1, dt0: 0.1, y0: 1 },
        ),
      keys: ["li2020scalable", "jelincic2024single", "kloeden1992numerical"],
    },
    {
      name: "a Brownian motion with its Lévy area",
      text: () => citation(ControlTerm(field, motion("SpaceTimeLevyArea"))),
      keys: ["li2020scalable", "jelincic2024single", "foster2020numerical", "kloeden1992numerical"],
    },
    {
      name: "adaptive steps of a stochastic equation that revisit rejected times",
      text: () =>
        citation(noisy, Heun(), {
          stepsizeController: ClipStepSizeController({ controller: pid, storeRejectedSteps: 9 }),
        }),
      keys: [
        "li2020scalable",
        "jelincic2024single",
        "kloeden1992numerical",
        "foster2024convergence",
        "burrage2004adaptive",
        "ilie2015adaptive",
      ],
    },
  ];

  test.each(cases)("$name", ({ text, keys }) => {
    expect(keysIn(text())).toEqual(["kidger2021on", ...keys]);
  });
});

/** A solver by what the table of its coefficients claims. */
interface Claimed {
  readonly kind: string;
  readonly termStructure: unknown;
  readonly tableau?: { readonly source?: string };
  readonly coefficients?: { readonly source?: string };
}

const solvers = Object.entries(core as Readonly<Record<string, unknown>>).flatMap(
  ([name, maker]): Claimed[] => {
    if (typeof maker !== "function" || !/^[A-Z]/u.test(name) || name === "HalfSolver") return [];
    try {
      const made = (maker as () => unknown)() as Claimed | undefined;
      return made !== undefined && "termStructure" in made ? [made] : [];
    } catch {
      return [];
    }
  },
);

test.each(solvers)(
  "what the coefficients of $kind claim as their source has a full entry, once",
  (solver) => {
    const { source = "" } = solver.tableau ?? solver.coefficients ?? {};
    const text = citation(null, solver as never);
    for (const [, doi] of source.matchAll(/doi:([^\s;,]+)/gu))
      expect(text).toContain(`doi = {${doi}}`);
    expect(text).not.toContain("@misc{" + solver.kind);
    expect(keysIn(text)).toEqual([...new Set(keysIn(text))]);
    expect(text).not.toMatch(/undefined|NaN/u);
  },
);

test("there are solvers to look at", () => expect(solvers.length).toBeGreaterThan(20));

test("a table of somebody else is cited by what it claims: a DOI, or the text", () => {
  const claiming = (source: string): never =>
    ({ ...Tsit5(), kind: "Mine", tableau: { ...Tsit5().tableau, source } }) as never;
  const text = citation(null, claiming("Kutta (1901), doi:10.5555/12345.6; arXiv:2401.00001"));
  expect(keysIn(text)).toEqual(["kidger2021on", "hairer1993solving", "Mine", "Mine2"]);
  expect(text).toContain("doi = {10.5555/12345.6}");
  expect(text).toContain("eprint = {2401.00001}");
  expect(citation(null, claiming("Kutta (1901)"))).toContain(
    "% Mine has the coefficients of Kutta (1901)",
  );
});

test("rules of one's own are appended to citationRules", () => {
  const mine = { key: "me2026", type: "misc", title: "A rule" } as const;
  citationRules.push(
    ({ dt0 }) => (dt0 === 0.5 ? { note: "Half is from", references: [mine] } : null),
    ({ solver }) => (solver === undefined ? "  % no solver\n" : undefined),
  );
  expect(citation(null, null, { dt0: 0.5 })).toMatch(
    /% Half is from:\n@misc\{me2026,[^]*% no solver$/u,
  );
  expect(keysIn(citation(null, Tsit5(), { dt0: 0.1 }))).not.toContain("me2026");
  citationRules.splice(-2);
});

describe("citation refuses", () => {
  test("a solver where the terms should stand", () => {
    expect(() => citation(Tsit5())).toThrow(
      /terms is the solver Tsit5; write citation\(terms, solver, options\)/u,
    );
  });

  test("what is no term, no solver, no option", () => {
    expect(() => citation({ vf: field })).toThrow(/terms must be a vector field, .*keys vf/u);
    expect(() => citation("Tsit5" as never)).toThrow(/terms must be a vector field, .*"Tsit5"/u);
    expect(() => citation(null, { order: 5 } as never)).toThrow(/^citation: solver/u);
    expect(() => citation(null, null, { dt: 1 } as never)).toThrow(
      /^citation: options: there is no option dt/u,
    );
  });

  test("a coefficient that is traced", () => {
    const cited = (pcoeff: Scalar): Scalar => {
      citation(null, null, {
        stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-3, pcoeff }),
      });
      return np.mul(pcoeff, 1) as Scalar;
    };
    expect(() => grad(cited)(0.4)).toThrow(/pcoeff/u);
  });
});
