import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  type Adjoint,
  checkAdjoint,
  checkSolver,
  checkStepSizeController,
  type Solver,
  solver,
  type StepSizeController,
} from "@diffrax-ts/protocol";
import { part } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

const unused = (): never => {
  throw new Error("is not called");
};

const makeSolver = (): Solver =>
  solver("test/Solver", { order: 1 }, { interpolation: unused, step: unused });
const makeController = (): StepSizeController =>
  part("test/Controller", {
    isAdaptive: false,
    tolerances: null,
    mayJump: false,
    check: unused,
    wrap: unused,
    init: unused,
    adaptStepSize: unused,
  });
const makeAdjoint = (): Adjoint => part("test/Adjoint", { check: unused, loop: unused });

/** Checks a record of each kind, which nobody holds any longer. */
function checkOnce(): readonly WeakRef<object>[] {
  return [
    checkSolver("solver", makeSolver()),
    checkStepSizeController("controller", makeController()),
    checkAdjoint("adjoint", makeAdjoint()),
  ].map((record) => new WeakRef(record));
}

test("a record that was checked is not held after the job", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  for (let round = 0; round < 2; round++) {
    const records = checkOnce();
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      gc();
    }
    expect(records.map((record) => record.deref())).toEqual([undefined, undefined, undefined]);
  }
});

test("a record is looked at once in a job, if it is the same", async () => {
  let looks = 0;
  const counted = Object.defineProperty(makeAdjoint(), "loop", {
    get: () => {
      looks++;
      return unused;
    },
  });
  for (let i = 0; i < 3; i++) checkAdjoint("adjoint", counted);
  expect(looks).toBe(1);
  checkAdjoint("adjoint", makeAdjoint());
  checkAdjoint("adjoint", counted);
  expect(looks).toBe(2);
  await Promise.resolve();
  checkAdjoint("adjoint", counted);
  expect(looks).toBe(3);
});
