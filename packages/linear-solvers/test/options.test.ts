import { tensor } from "@diffrax-ts/array";
import {
  CG,
  GMRES,
  IdentityLinearOperator,
  invert,
  linearSolve,
  LSMR,
  LU,
  MatrixLinearOperator,
} from "@diffrax-ts/linear-solvers";
import { describe, expect, test } from "vitest";
import { numbersOf } from "./support/systems.ts";

const tolerances = { rtol: 1e-8, atol: 1e-8 };
const operator = MatrixLinearOperator(
  tensor([
    [2, 0],
    [0, 4],
  ]),
  { tags: "positiveSemidefinite" },
);
const b = tensor([2, 8]);

/** Options that count how often each is read. */
function counted<Options extends object>(
  values: Options,
): { readonly options: Options; readonly reads: Record<string, number> } {
  const reads: Record<string, number> = {};
  const options = {} as Options;
  for (const [key, value] of Object.entries(values)) {
    reads[key] = 0;
    const get = (): unknown => {
      reads[key]! += 1;
      return value;
    };
    Object.defineProperty(options, key, { get, enumerable: true });
  }
  return { options, reads };
}

describe("each option is read once, by", () => {
  test("solvers that iterate", () => {
    const cg = counted({ ...tolerances, maxSteps: 7, stabiliseEvery: 3 });
    expect(CG(cg.options)).toMatchObject({ maxSteps: 7, stabiliseEvery: 3 });
    const gmres = counted({ ...tolerances, restart: 3, stagnationIters: 4 });
    expect(GMRES(gmres.options)).toMatchObject({ restart: 3, stagnationIters: 4 });
    const lsmr = counted({ ...tolerances, conlim: 5 });
    expect(LSMR(lsmr.options)).toMatchObject({ conlim: 5 });
    for (const { reads } of [cg, gmres, lsmr])
      for (const [key, count] of Object.entries(reads)) expect([key, count]).toEqual([key, 1]);
  });

  test("linearSolve and invert, however many products follow", () => {
    for (const solve of [
      (options: object) => linearSolve(operator, b, options).value,
      (options: object) => {
        const inverse = invert(operator, options);
        inverse.mv(b);
        return inverse.mv(b);
      },
    ]) {
      const inner = counted({ y0: tensor([0, 0]), preconditioner: IdentityLinearOperator(b) });
      const outer = counted({ solver: GMRES(tolerances), options: inner.options, throw: true });
      expect(numbersOf(solve(outer.options)).map((x) => x.toFixed(6))).toEqual([
        "1.000000",
        "2.000000",
      ]);
      expect(outer.reads).toEqual({ solver: 1, options: 1, throw: 1 });
      expect(inner.reads).toEqual({ y0: 1, preconditioner: 1 });
    }
  });
});

/** What a call gives while every record inherits some options. */
function withInherited<T>(keys: readonly string[], call: () => T): T {
  const everywhere = Object.getPrototypeOf({}) as Record<string, unknown>;
  for (const key of keys) everywhere[key] = NaN;
  try {
    return call();
  } finally {
    for (const key of keys) delete everywhere[key];
  }
}

test("what options inherit is none of them", () => {
  const { stabiliseEvery, restart, conlim } = withInherited(
    ["stabiliseEvery", "restart", "conlim"],
    () => ({ ...CG(tolerances), ...GMRES(tolerances), ...LSMR(tolerances) }),
  );
  expect({ stabiliseEvery, restart, conlim }).toEqual({
    stabiliseEvery: 10,
    restart: 20,
    conlim: 1e8,
  });
  const solver = LU();
  const value = withInherited(["state"], () => linearSolve(operator, b, { solver }).value);
  expect(numbersOf(value)).toEqual([1, 2]);
});
