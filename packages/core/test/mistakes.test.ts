// Mistakes that users make, each of which is an error that says which argument, what it got, and what to do. Those that
// Diffrax refuses too are in reference/errors.test.ts.
import {
  Euler,
  grad,
  jit,
  LeapfrogMidpoint,
  np,
  PIDController,
  traced,
  Tsit5,
} from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const decay = traced((_t: Scalar, y: Tensor): Tensor => np.neg(y));

function solve(options: object, field: unknown = decay, solver: unknown = Tsit5()) {
  return solveParts(field, solver, { t0: 0, t1: 1, dt0: 0.1, y0: 1, ...options });
}

function cyclic(): object {
  const y0: Record<string, unknown> = { x: 1 };
  return Object.assign(y0, { self: y0 });
}

describe("an option of diffeqsolve that makes no sense is refused:", () => {
  test.each<[string, object, string]>([
    ["dt0 left out", { dt0: undefined }, "dt0 is missing; give the first step size, or dt0: null"],
    ["dt0 that is not finite", { dt0: Infinity }, "dt0 must be finite, got Infinity"],
    ["dt0 in quotes", { dt0: "0.1" }, 'dt0 must be a number, got "0.1"'],
    ["t0 that is no number", { t0: NaN }, "t0 must be finite, got NaN"],
    ["t1 that is infinite", { t1: Infinity }, "t1 must be finite, got Infinity"],
    ["t1 left out", { t1: undefined }, "t1 must be a number, got undefined"],
    [
      "a time to save that is no number",
      { saveat: { ts: [0.5, NaN] } },
      "saveat.ts[1] must be finite, got NaN",
    ],
    ["a time in quotes", { saveat: { ts: [0.5, "1"] } }, 'saveat.ts[1] must be a number, got "1"'],
    ["y0 that is not a number", { y0: { a: [1, NaN] } }, "y0.a[1] must be finite, got NaN"],
    [
      "y0 in quotes",
      { y0: { a: "1" } },
      'y0.a must be a number, a tensor or a typed array, got "1"',
    ],
    ["y0 that is a bigint", { y0: 1n }, "y0 must be a number, a tensor or a typed array, got 1n"],
    ["y0 left out", { y0: undefined }, "y0 must be a number, a tensor or a typed array, got undef"],
    ["y0 of a class", { y0: { at: new Date() } }, "y0.at: an instance of Date is neither a leaf"],
    ["y0 that contains itself", { y0: cyclic() }, "y0.self: the tree contains itself here"],
    ["y0 with a hole", { y0: Array(2).fill(1, 1) }, "y0[0] must be a number, a tensor or a typed"],
    [
      "y0 with one bad number of many",
      { y0: Float64Array.of(1, NaN) },
      "y0 must be finite, got NaN",
    ],
    ["half a step", { maxSteps: 0.5 }, "maxSteps must be a whole number above 0, or null"],
    ["an option of another name", { rtol: 1e-3 }, "there is no option rtol, only t0, t1, dt0, y0"],
  ])("%s", (_, options, message) => {
    expect(() => solve(options)).toThrow(`diffeqsolve: `);
    expect(() => solve(options)).toThrow(message);
  });

  test("no options at all", () => {
    expect(() => solveParts(decay, Tsit5(), undefined as never)).toThrow(
      "diffeqsolve: expected options such as { t0: … }, got undefined",
    );
  });

  test("a solver or a controller that was not called", () => {
    expect(() => solve({}, decay, Tsit5)).toThrow(
      "diffeqsolve: solver is the function Tsit5; call it: Tsit5()",
    );
    expect(() => solve({ stepsizeController: PIDController })).toThrow(
      "stepsizeController is the function PIDController; call it: PIDController({ rtol: 1e-6, atol: 1e-9 })",
    );
  });

  test("a solver and a vector field, each in the place of the other", () => {
    const field = (_t: number, y: number): number => -y;
    expect(() => solve({}, Tsit5(), field)).toThrow(
      "diffeqsolve: solver must be one such as Tsit5(), got the function field",
    );
    expect(() => solve({}, Tsit5(), Tsit5())).toThrow(
      "diffeqsolve: terms is the solver Tsit5; write diffeqsolve(terms, solver, options)",
    );
  });
});

describe("what a solve goes on from is refused, by its name, where it does not fit the parts:", () => {
  const controlled = { stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-3 }) };
  const vector = Float64Array.of(1);
  const single = np.tensor(1, { dtype: "float32" });
  const truth = "madeJump: expected a scalar truth value, such as np.less(x, 1) of scalars, got ";
  test.each<[string, object, unknown, string]>([
    [
      "an object, where Tsit5() remembers a slope",
      { solverState: { a: 1 } },
      Tsit5(),
      "solverState: expected a number or an array of numbers, got an object with the keys a",
    ],
    [
      "a slope of another shape",
      { solverState: vector },
      Tsit5(),
      "solverState: expected float64, got float64[1]",
    ],
    [
      "a slope of another dtype",
      { solverState: single },
      Tsit5(),
      "solverState: expected float64, got float32",
    ],
    [
      "a number, where LeapfrogMidpoint() remembers a time and a state",
      { solverState: 1 },
      LeapfrogMidpoint(),
      "solverState: expected an object with the keys t, y, got float64[]",
    ],
    [
      "a state within that of another shape",
      { solverState: { t: 0, y: vector } },
      LeapfrogMidpoint(),
      "solverState.y: expected float64, got float64[1]",
    ],
    [
      "a number, where Euler() remembers nothing",
      { solverState: 1 },
      Euler(),
      "solverState: expected null",
    ],
    [
      "a number, where ConstantStepSize() has counters",
      { controllerState: 1 },
      Tsit5(),
      "controllerState: expected an object with the keys stepsCompleted, ",
    ],
    [
      "a list, where PIDController() has errors",
      { controllerState: [1, 2], ...controlled },
      Tsit5(),
      "controllerState: expected an object with the keys last, beforeLast, atDtmin, got an array of 2",
    ],
    ["a number for a truth value", { madeJump: 1 }, Tsit5(), `${truth}1`],
    ["text for a truth value", { madeJump: "yes" }, Tsit5(), `${truth}"yes"`],
    ["several truth values", { madeJump: [true, false] }, Tsit5(), `${truth}an array of 2`],
  ])("%s", (_, options, solver, message) => {
    expect(() => solve(options, decay, solver)).toThrow(TypeError);
    expect(() => solve(options, decay, solver)).toThrow(`diffeqsolve: ${message}`);
  });

  test.each([
    ["Tsit5()", Tsit5(), {}],
    ["LeapfrogMidpoint()", LeapfrogMidpoint(), {}],
    ["Euler()", Euler(), {}],
    ["Tsit5() and PIDController()", Tsit5(), controlled],
  ])(
    "but not the states of a solve with the same parts, which goes on as it would have: %s",
    (_, solver, options) => {
      const saveat = { t1: true, solverState: true, controllerState: true, madeJump: true };
      const common = { ...options, dt0: 0.125, saveat }; // exact, so that steps end in the same places
      const half = solve({ ...common, t1: 0.5 }, decay, solver) as unknown as Readonly<
        Record<string, Tensor>
      >;
      const { ys, solverState, controllerState, madeJump } = half;
      const rest = { t0: 0.5, t1: 1, y0: ys!.at(0), solverState, madeJump };
      const both = solve({ ...common, ...rest, controllerState }, decay, solver);
      const whole = solve(common, decay, solver);
      // With a controller the end of the first half cuts a step off, and both are within its tolerance.
      const tolerance = options === controlled ? 1e-3 : 2 ** -50;
      expect(Math.abs(both.ys.at(0).item() - whole.ys.at(0).item())).toBeLessThan(tolerance);
    },
  );
});

describe("a vector field is refused, with the place in its result, that", () => {
  const y0 = { place: 1, speed: 0 };
  test.each<[string, object, (...args: never[]) => unknown, string]>([
    [
      "returns nothing",
      {},
      () => {},
      "the function returned nothing; write its result after return",
    ],
    [
      "leaves something out",
      { y0 },
      (_t: number, { speed }: typeof y0) => ({ place: speed }),
      "result: expected an object with the keys place, speed, got an object with the keys place",
    ],
    [
      "has another dtype",
      { y0: { x: 1 } },
      traced((_t: Scalar, { x }: { x: Tensor }) => ({ x: np.astype(x, "float32") })),
      "result.x: expected float64 as in y0, got float32",
    ],
    [
      "mixes float32 with float64",
      { y0: Float32Array.of(1, 2) },
      traced((_t: Scalar, y: Tensor) => np.mul(y, np.ones(2))),
      "mul: float32 met float64; convert one of them with astype",
    ],
    [
      "reads args that were left out",
      {},
      (_t: number, y: number, args: { k: number }) => args.k * y,
      "plain: .k of undefined (line 1,",
    ],
  ])("%s", (_, options, field, message) => {
    expect(() => solve(options, field)).toThrow(message);
  });

  test("throws an error of its own, which is passed on", () => {
    const field = () => {
      throw new RangeError("out of fuel");
    };
    expect(() => solve({}, field)).toThrow(new RangeError("out of fuel"));
  });
});

describe("of a traced value there is no number yet:", () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      "an operator",
      () => jit((x: Scalar) => (x as never as number) * 2)(3),
      /an operator .* write \.add/,
    ],
    ["an index", () => jit((x: Tensor) => (x as never as number[])[0])(np.ones(3)), /\.at\(0\)/],
    [
      "item()",
      () => grad((x: Scalar) => np.mul(x, x.item()))(3),
      /item: a traced .* has no numbers yet/,
    ],
    [
      "a comparison in an if",
      () => jit((x: Scalar) => (np.less(x, 2) ? x : np.neg(x)))(3),
      /jit: the result of a comparison \(lt\) was not used.*np\.where/,
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });

  test("nor when the function has returned", () => {
    let leaked: Tensor | undefined;
    jit((x: Scalar) => (leaked = x))(1);
    expect(() => jit((x: Scalar) => np.add(x, leaked!))(2)).toThrow(
      "a traced float64 was used after its function had returned",
    );
  });
});

describe("how far a solve came that failed", () => {
  const blowUp = traced((_t: Scalar, y: Tensor): Tensor => np.mul(np.mul(y, y), 10));

  test.each([
    [
      "steps that run out",
      { maxSteps: 3 },
      decay,
      "maxStepsReached",
      /came to t = 0\.3\d* in 3 steps/,
    ],
    [
      "a solution that is infinite",
      { y0: 5, t1: 10 },
      blowUp,
      "nonfinite",
      /came to t = 0\.\d+ in/,
    ],
  ] as const)("is said: %s", (_, options, field, result, message) => {
    expect(() => solve(options, field)).toThrow(message);
    const solution = solve({ ...options, throw: false }, field);
    expect(solution.result).toBe(result);
    expect(solution.ts.at(-1).item()).toBeLessThan(1);
  });

  // Steps become shorter until there are none: a solve that did not notice would go on for ever.
  test.each([
    ["0 / 0 at the start", (t: number, y: number) => -y / t, 0],
    ["infinite at the start", (t: number, y: number) => y / t, 1],
    ["the root of what is below 0", (_t: number, y: number) => Math.sqrt(-y), 1],
  ])(
    "with a slope that is no number from the start the end comes without a limit on steps: %s",
    (_, field, y0) => {
      for (const dt0 of [null, 0.1]) {
        const options = {
          y0,
          dt0,
          maxSteps: null,
          stepsizeController: PIDController({ rtol: 1e-8, atol: 1e-8 }),
        };
        const solution = solve({ ...options, throw: false }, field);
        expect(solution.result).toBe("nonfinite");
        expect(() => solve(options, field)).toThrow("became infinite or not a number");
      }
      const constant = { y0, maxSteps: null, throw: false };
      expect(solve(constant, field).result).toBe("nonfinite");
    },
  );
});
