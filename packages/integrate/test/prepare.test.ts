// What a solve depends on, before it is traced.
import { traced } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import { Heun } from "@diffrax-ts/solvers";
import { expect, test } from "vitest";
import { prepare } from "../src/prepare.ts";
import type { UntracedConfig } from "../src/SolveConfig.ts";

const decay = traced((_t: Scalar, y: Scalar) => y.neg());
const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };

test("a config that leaves a field out does not compile", () => {
  const { config } = prepare(decay, Heun(), options, { reader: null, host: true });
  const { keeps, ...others } = config;
  // @ts-expect-error -- `keeps` is missing
  const lacking: UntracedConfig = others;
  expect({ ...lacking, keeps }).toEqual(config);
});

test("options of one kind are one structure: what is saved by default is the very same record", () => {
  const [a, b] = [options, { ...options, t1: 2, y0: 3 }].map(
    (given) => prepare(decay, Heun(), given, { reader: null, host: true }).config.saves,
  );
  expect(a).toBe(b);
});
