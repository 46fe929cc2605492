import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
import type * as Core from "@diffrax-ts/core";
import type { Scalar } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

/** The built file, as a page without a bundler imports it. */
const url = "/packages/core/dist/bundle.js";
const load = (): Promise<typeof Core> => import(url);

const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1, args: { k: 2 } };

test("the bundle solves under a policy that allows WebAssembly and nothing else, with the same bits", async () => {
  const one = await load();
  const { ys } = one.diffeqsolve((_t, y, { k }) => -k * y, one.Tsit5(), options);
  const same = diffeqsolve((_t, y, { k }) => -k * y, Tsit5(), options);
  expect(ys.at(0).item()).toBe(same.ys.at(0).item());
});

test("a gradient of the bundle passes through a solve of the packages, and a part of these through the bundle", async () => {
  const one = await load();
  const end = (k: Scalar) =>
    diffeqsolve((_t, y, args) => -args.k * y, one.Tsit5(), { ...options, args: { k } }).ys.at(0);
  expect(one.grad(end)(2)).toBeCloseTo(-Math.exp(-2), 4);
  const { ys } = one.diffeqsolve((_t, y, { k }) => -k * y, Tsit5(), options);
  expect(ys.at(0).item()).toBeCloseTo(Math.exp(-2), 4);
});
