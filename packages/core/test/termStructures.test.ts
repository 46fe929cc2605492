// What a solver takes, and what is said of anything else.
import * as core from "@diffrax-ts/core";
import { HalfSolver, MultiTerm, np, ODETerm, type Scalar, traced, Tsit5 } from "@diffrax-ts/core";
import type { Solver, TermStructure } from "@diffrax-ts/protocol";
import { part } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const field = traced((_t: Scalar, y: Scalar) => np.neg(y));
const term = ODETerm(field);
const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };

describe("diffeqsolve holds terms against what the solver wants:", () => {
  const wanting = (termStructure: TermStructure) =>
    part("test/Wants", { ...Tsit5(), kind: "test/Wants", termStructure });
  const both = MultiTerm(term, term);
  const pair = [term, term];
  const drift = { kind: "Drift" };
  const imex = { sum: [{ name: "explicit" }, { name: "implicit" }] };
  const cases: readonly (readonly [TermStructure, unknown, string])[] = [
    ["term", pair, "one term, got [ODETerm, ODETerm]; add terms up with MultiTerm(…), or take"],
    [{ sum: ["term", "term"] }, term, "a sum of 2 terms, got one of the kind ODETerm; write Mul"],
    [{ sum: ["term", "term"] }, pair, "a sum of 2 terms, got [ODETerm, ODETerm]; write MultiTerm("],
    [
      { sum: ["term", "term", "term"] },
      both,
      "a sum of 3 terms, got MultiTerm(ODETerm, ODETerm); write",
    ],
    [["term", "term"], field, "2 terms, got one of the kind ODETerm; write [ODETerm(f), ODETerm"],
    [["term", "term"], both, "2 terms, got MultiTerm(ODETerm, ODETerm); write ["],
    [["term", "term"], [term], "2 terms, got [ODETerm]; write [ODETerm(f), ODETerm(f)]"],
    [drift, term, "a term of the kind Drift, got one of the kind ODETerm; write Drift(…)"],
    [[drift, "term"], pair, "2 terms (a term of the kind Drift, any term), got [ODETerm, ODETerm]"],
    [
      imex,
      field,
      "a sum of 2 terms (explicit, implicit), got one of the kind ODETerm; write MultiTerm(ODETerm(explicit), ODETerm(implicit))",
    ],
    [
      imex,
      pair,
      "a sum of 2 terms (explicit, implicit), got [ODETerm, ODETerm]; write MultiTerm(OD",
    ],
    [
      imex,
      MultiTerm(term),
      "a sum of 2 terms (explicit, implicit), got MultiTerm(ODETerm); write MultiTerm(ODETerm(ex",
    ],
    [
      [{ name: "drift", kind: "Drift" }, { name: "noise" }],
      pair,
      "2 terms (drift of the kind Drift, noise), got [ODETerm, ODETerm]; write [Drift(drift), ODETerm(noise)]",
    ],
    [{ sum: ["term", drift] }, both, "a sum of 2 terms (any term, a term of the kind Drift), got"],
  ];

  test.each(cases)("%j", (structure, terms, message) => {
    expect(() => solveParts(terms, wanting(structure), options)).toThrow(TypeError);
    expect(() => solveParts(terms, wanting(structure), options)).toThrow(
      `diffeqsolve: terms: test/Wants takes ${message}`,
    );
  });

  test("a structure that is none is said by name", () => {
    const wrong = [
      null,
      "Term",
      [],
      ["terms"],
      {},
      { sum: [] },
      { kind: 3 },
      [{ sees: -1 }],
      [{ of: 1 }],
    ];
    for (const structure of wrong) {
      expect(() => solveParts(term, wanting(structure as never), options)).toThrow(
        'the member termStructure of test/Wants must be "term", { sum: ["term", "term"] } or ["term", "term"], ' +
          "with { kind, name, sees, isNoise } for a term of which more is wanted, got ",
      );
    }
  });

  test("a term that has a name for errors is any term", () => {
    const named = wanting({ sum: [{ name: "explicit" }, { name: "implicit" }] });
    expect(() => solveParts(both, named, options)).not.toThrow();
    expect(() => solveParts(term, wanting({ name: "drift" }), options)).not.toThrow();
  });

  test("a term of the kind, and a sum for one term, are taken, backward too", () => {
    const kind = { kind: "ODETerm" };
    for (const [structure, terms] of [
      [kind, term],
      ["term", both],
      [{ kind: "MultiTerm" }, both],
    ] as const) {
      expect(() => solveParts(terms, wanting(structure), options)).not.toThrow();
      const back = { ...options, t0: 1, t1: 0, dt0: -0.1 };
      expect(() => solveParts(terms, wanting(structure), back)).not.toThrow();
    }
  });
});

describe("of terms of another structure every solver says what it takes, what it got, and what to write:", () => {
  const sum = MultiTerm(term, term);
  const makers = Object.entries(core).filter(
    ([name, make]) =>
      /^[A-Z]/u.test(name) && !["HalfSolver", "SaveAt"].includes(name) && isSolverMaker(make),
  ) as unknown as readonly (readonly [string, () => Solver])[];

  function isSolverMaker(make: unknown): boolean {
    try {
      return "termStructure" in (make as () => object)();
    } catch {
      return false;
    }
  }

  test("there are some of each structure", () => {
    expect(makers.length).toBeGreaterThan(20);
  });

  const wanted = {
    term: [[term, term], "one term, got [ODETerm, ODETerm]; add terms up with MultiTerm(…)"],
    sum: [
      field,
      "a sum of 2 terms (explicit, implicit), got one of the kind ODETerm; write MultiTerm(ODETerm(explicit), ODETerm(implicit))",
    ],
    noise: [
      field,
      "a sum of 2 terms (drift, diffusion), got one of the kind ODETerm; write MultiTerm(ODETerm(drift), ControlTerm(diffusion, control))",
    ],
    langevin: [
      field,
      "a sum of 2 terms (a term of the kind UnderdampedLangevinDriftTerm, a term of the kind UnderdampedLangevinDiffusionTerm), got one of the kind " +
        "ODETerm; write MultiTerm(UnderdampedLangevinDriftTerm(…), UnderdampedLangevinDiffusionTerm(…))",
    ],
    list: [
      sum,
      "2 terms (velocity, force), got MultiTerm(ODETerm, ODETerm); write [ODETerm(velocity), ODETerm(force)], with velocity(t, y[1], args)",
    ],
  } as const;

  function formOf(structure: TermStructure): keyof typeof wanted {
    if (structure === "term") return "term";
    if (Array.isArray(structure)) return "list";
    if (JSON.stringify(structure).includes("Langevin")) return "langevin";
    return JSON.stringify(structure).includes("diffusion") ? "noise" : "sum";
  }

  test.each(makers)("%s", (name, make) => {
    const { termStructure } = make();
    const [terms, message] = wanted[formOf(termStructure)];
    for (const [kind, solver] of [
      [name, make()],
      ["HalfSolver", HalfSolver(make())],
    ] as const) {
      expect(() => solveParts(terms, solver, options)).toThrow(
        `diffeqsolve: terms: ${kind} takes ${message}`,
      );
    }
  });
});
