import { grad, jit, valueAndGrad, vmap } from "@diffrax-ts/autodiff";
import { add, mul } from "@diffrax-ts/program";
import { fixed, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const zeroOne = Float64Array.of(0, 1);

describe("hasAux", () => {
  const loss = (
    x: Scalar,
    scale: Scalar,
  ): readonly [Tensor, { half: Tensor; scale: Tensor; count: number }] => [
    mul(mul(x, x), scale),
    { half: mul(x, 0.5), scale, count: 3 },
  ];
  test("grad(loss, { hasAux: true }) gives the gradient and what else was returned", () => {
    const { grad: gradient, aux } = grad(loss, { hasAux: true })(3, 2);
    expect(gradient).toBe(12);
    expect([aux.half.item(), aux.scale.item(), (aux.count as unknown as Tensor).item()]).toEqual([
      1.5, 2, 3,
    ]);
  });
  test("valueAndGrad(loss, { hasAux: true }) gives the value too, and works inside jit, grad and vmap", () => {
    const { value, grad: gradient, aux } = valueAndGrad(loss, { hasAux: true })(3, 2);
    expect([value, gradient, aux.half.item()]).toEqual([18, 12, 1.5]);
    const inside = (x: Scalar, scale: Scalar): Tensor => {
      const result = grad(loss, { hasAux: true })(x, scale);
      return add(result.grad, result.aux.half); // 4 x + x/2
    };
    expect(jit(inside)(3, 2).item()).toBe(13.5);
    expect(grad(inside)(3, 2)).toBe(4.5);
    expect([...vmap(inside, { inAxes: [0, null] })(zeroOne, 2)]).toEqual([0, 4.5]);
  });
});

test("grad(loss, { argnums: [0, 1], hasAux: true }) gives a list of gradients", () => {
  const { grad: gradient, aux } = grad((x: Scalar, y: Scalar) => [mul(x, y), add(x, y)], {
    argnums: [0, 1],
    hasAux: true,
  })(3, 2);
  expect(gradient).toEqual([2, 3]);
  expect(aux.item()).toBe(5);
});

test("numbers in gradients stay numbers, typed arrays typed arrays, and what is fixed or text passes through", () => {
  const loss = (p: { a: Scalar; v: Tensor }, n: { power: number; name: string }): Tensor =>
    add(mul(p.a, p.v.at(0)), mul(p.v.at(1), n.power));
  const gradient = grad(loss as never)(
    { a: 2, v: Float64Array.of(3, 4) },
    { power: fixed(5), name: "text" },
  );
  expect(gradient).toEqual({ a: 3, v: Float64Array.of(2, 5) });
});
