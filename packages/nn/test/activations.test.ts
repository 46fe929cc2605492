import { tensor } from "@diffrax-ts/array";
import { grad, vmap } from "@diffrax-ts/autodiff";
import { type Activation, gelu, relu, sigmoid, silu, softplus, tanh } from "@diffrax-ts/nn";
import type { Scalar } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { expectClose } from "./support/expectClose.ts";

const places = Float64Array.of(-30, -2, -0.5, 0, 0.5, 2, 30);

// jax.nn of JAX 0.10.2 with jax_enable_x64: values, first and second derivatives.
const figures: Readonly<Record<string, readonly [Activation, number[], number[], number[]]>> = {
  relu: [
    relu,
    [0.0, 0.0, 0.0, 0.0, 0.5, 2.0, 30.0],
    [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
  ],
  softplus: [
    softplus,
    [
      9.357622968839737e-14, 0.1269280110429725, 0.4740769841801067, 0.6931471805599453,
      0.9740769841801067, 2.1269280110429727, 30.000000000000092,
    ],
    [
      9.35762296883931e-14, 0.11920292202211753, 0.3775406687981454, 0.5, 0.6224593312018546,
      0.8807970779778823, 0.9999999999999076,
    ],
    [
      9.357622968838434e-14, 0.1049935854035065, 0.2350037122015945, 0.25, 0.2350037122015945,
      0.10499358540350662, 9.237055564880449e-14,
    ],
  ],
  sigmoid: [
    sigmoid,
    [
      9.357622968839299e-14, 0.11920292202211755, 0.3775406687981454, 0.5, 0.6224593312018546,
      0.8807970779778823, 0.9999999999999065,
    ],
    [
      9.357622968838423e-14, 0.1049935854035065, 0.2350037122015945, 0.25, 0.2350037122015945,
      0.10499358540350662, 9.348077867342945e-14,
    ],
    [
      9.357622968836671e-14, 0.07996250105615305, 0.05755679485232076, 0.0, -0.05755679485232076,
      -0.07996250105615312, -9.348077867341197e-14,
    ],
  ],
  silu: [
    silu,
    [
      -2.8072868906517896e-12, -0.2384058440442351, -0.1887703343990727, 0.0, 0.3112296656009273,
      1.7615941559557646, 29.999999999997197,
    ],
    [
      -2.7137106609631337e-12, -0.09078424878489547, 0.2600388126973482, 0.5, 0.7399611873026518,
      1.0907842487848955, 1.000000000002711,
    ],
    [
      -2.6201344312742334e-12, 0.050062168694706914, 0.44122902697702865, 0.5, 0.44122902697702865,
      0.05006216869470701, -2.6174618028555004e-12,
    ],
  ],
  gelu: [
    gelu,
    [
      -0.0, -0.04540230591222494, -0.15428599017485609, 0.0, 0.3457140098251439, 1.954597694087775,
      30.0,
    ],
    [
      0.0, -0.08609925662361839, 0.1326300964653577, 0.5, 0.8673699035346423, 1.0860992566236183,
      1.0,
    ],
    [
      0.0, -0.1078750799510784, 0.6155068951159849, 0.7978845608028654, 0.6155068951159849,
      -0.10787507995107838, 0.0,
    ],
  ],
  tanh: [
    tanh,
    [
      -1.0, -0.9640275800758169, -0.4621171572600098, 0.0, 0.4621171572600098, 0.9640275800758169,
      1.0,
    ],
    [
      0.0, 0.07065082485316432, 0.7864477329659274, 1.0, 0.7864477329659274, 0.07065082485316443,
      0.0,
    ],
    [
      0.0, 0.13621868742711296, 0.7268619813835873, 0.0, -0.7268619813835873, -0.13621868742711296,
      -0.0,
    ],
  ],
};

describe.each(Object.entries(figures))("%s(x)", (_, [f, values, slopes, curvatures]) => {
  test("has the values and derivatives of jax.nn", () => {
    const slope = grad((x: Scalar) => f(x));
    const curvature = grad((x: Scalar) => slope(x));
    expectClose(f(tensor(places)).toArray(), values, 1e-15);
    // At 30 JAX's own derivatives are off by 3e-15.
    expectClose(vmap((x: Scalar) => slope(x))(places).toArray(), slopes, 5e-15);
    expectClose(vmap((x: Scalar) => curvature(x))(places).toArray(), curvatures, 5e-15);
  });

  test("has a finite derivative where an exponential overflows, and NaN for NaN", () => {
    const slope = grad((x: Scalar) => f(x));
    expect(Number.isFinite(slope(-1000))).toBe(true);
    expect(Number.isFinite(slope(1000))).toBe(true);
    expect(f(tensor(NaN)).item()).toBe(NaN);
  });
});

test("softplus(x) is accurate to the last places far below 0", () => {
  // log1p(exp(-100)) = exp(-100) to 43 digits.
  const ratio = softplus(tensor(-100)).item() / 3.720075976020836e-44;
  expect(Math.abs(ratio - 1)).toBeLessThan(4e-16);
});
