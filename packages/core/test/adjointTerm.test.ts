import { AdjointTerm } from "@diffrax-ts/adjoints";
import { add, cos, mul, sin, stack, tensor } from "@diffrax-ts/array";
import { type Term, traced, type Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { ControlTerm, MultiTerm, ODETerm } from "@diffrax-ts/terms";
import { describe, expect, test } from "vitest";

const numbers = (tree: Tree): number[] =>
  JSON.stringify(tree)
    .match(/-?\d[\d.e+-]*/gu)!
    .map(Number);
const path = (value: Tree) => traced(() => value) as never;
const matrix = traced((t: Scalar, y: Tensor, k: Scalar) => {
  const [a, b] = [y.at(0), y.at(1)];
  return stack([stack([sin(mul(k, b)), a, mul(t, k)]), stack([tensor(0.4), cos(a), mul(b, b)])]);
});
const drift = traced((_t: Scalar, y: Tensor, k: Scalar) => mul(y, k));
const leaves = traced((_t: Scalar, { x, v }: { x: Scalar; v: Tensor }, k: Scalar) => ({
  x: mul(k, add(x, v.at(0))),
  v: stack([stack([mul(k, x), v.at(1)]), stack([v.at(0), k])]),
}));

const vector = tensor([0.7, -0.4]);
const wide = tensor([0.3, -1.1, 0.6]);
const record = { x: tensor(0.7), v: tensor([-0.4, 0.2]) };
const cases: readonly (readonly [string, Term, Tree, Tree])[] = [
  ["time", ODETerm(drift as never), vector, tensor(0.2)],
  ["a control longer than the state", ControlTerm(matrix as never, path(wide)), vector, wide],
  [
    "a sum of both",
    MultiTerm(ODETerm(drift as never), ControlTerm(matrix as never, path(wide))),
    vector,
    [tensor(0.2), wide],
  ],
  [
    "a control for each part of a record",
    ControlTerm(leaves as never, path({ x: tensor(0.3), v: tensor([0.5, -0.2]) })),
    record,
    { x: tensor(0.3), v: tensor([0.5, -0.2]) },
  ],
];

describe("AdjointTerm(term): the vector field times the control is the increment, for", () => {
  test.each(cases)("%s", (_name, term, y, control) => {
    const adjoint = AdjointTerm(term);
    const [t, k] = [tensor(0.5), tensor(0.8)];
    const state = [y, y, [tensor(0)], []] as unknown as Tree;
    const product = adjoint.prod(adjoint.vf(t, state, k), control);
    const increment = numbers(adjoint.vfProd(t, state, k, control));
    expect(numbers(product)).toEqual(increment.map((x) => expect.closeTo(x, 14) as number));
    // dy is that of the term itself
    const own = numbers(term.vfProd(t, y, k, control));
    expect(increment.slice(0, own.length)).toEqual(own);
  });
});
