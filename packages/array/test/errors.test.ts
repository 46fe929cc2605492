import * as np from "@diffrax-ts/array";
import { grad, jit } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const x = np.ones([2, 3]);
const single = np.ones(2, { dtype: "float32" });

/** What callers without types, or with the wrong ones, get to see. */
const mistakes: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    "tensor of ragged arrays",
    () => np.tensor([[1, 2], [3]]),
    /^tensor: value\[1\] has shape \[1\], but value\[0\] has shape \[2\]/,
  ],
  [
    "tensor of arrays ragged inside",
    () =>
      np.tensor([
        [[1], [2]],
        [[3], [4, 5]],
      ] as never),
    /^tensor: value\[1\]\[1\] has shape \[2\]/,
  ],
  [
    "tensor of strings",
    () => np.tensor([1, "2"] as never),
    /^tensor: value\[1\]: expected a number or an array of numbers, got "2"/,
  ],
  [
    "tensor of undefined",
    () => np.tensor(undefined as never),
    /^tensor: value: expected a number .* got undefined/,
  ],
  [
    "tensor of two dtypes",
    () => np.tensor([x.at(0), np.ones(3, { dtype: "float32" })]),
    /^tensor: float64 met float32; say which/,
  ],
  [
    "tensor of a fraction as integer",
    () => np.tensor([1.5], { dtype: "int32" }),
    /^tensor: 1.5 does not fit into int32/,
  ],
  [
    "tensor of a large integer",
    () => np.tensor(2 ** 31, { dtype: "int32" }),
    /^tensor: 2147483648 does not fit into int32/,
  ],
  [
    "an unknown dtype",
    () => np.zeros(3, { dtype: "float16" as never }),
    /^zeros: dtype must be float64, .*, got "float16"/,
  ],
  [
    "a typed array without dtype",
    () => np.sum(new Uint8Array(2)),
    /^sum: a Uint8Array has no dtype here/,
  ],

  [
    "a JavaScript array",
    () => np.sum([1, 2] as never),
    /^sum: expected a tensor or a number, got an array of 2; write tensor\(…\)/,
  ],
  ["null", () => np.square(null as never), /^square: expected a tensor or a number, got null/],
  ["a string", () => np.square("2" as never), /^square: expected a tensor or a number, got "2"/],
  [
    "nothing",
    () => np.norm(undefined as never),
    /^norm: expected a tensor or a number, got undefined/,
  ],

  [
    "an axis out of range",
    () => np.sum(x, { axis: 2 }),
    /^sum: axis 2 is not one of shape \[2,3\], whose axes are 0 to 1/,
  ],
  ["a negative axis out of range", () => np.max(x, { axis: -3 }), /^max: axis -3 is not one of/],
  [
    "an axis of a scalar",
    () => np.cumsum(np.tensor(1), { axis: 0 }),
    /^cumsum: axis 0 is not one of shape \[\], which has no axes/,
  ],
  ["a fraction as axis", () => np.flip(x, { axis: 0.5 }), /^flip: axis 0.5 is not one of/],
  ["a string as axis", () => np.mean(x, { axis: "0" as never }), /^mean: axis "0" is not one of/],
  ["an axis twice", () => np.sum(x, { axis: [0, -2] }), /^sum: axis \[0,-2\] names one axis twice/],
  [
    "an axis without its name",
    () => np.sum(x, 0 as never),
    /^sum: expected options such as { axis: … }, got 0/,
  ],
  ["axes without their name", () => np.max(x, [0] as never), /^max: expected options such as/],
  [
    "a misspelt option",
    () => np.sum(x, { axes: 0 } as never),
    /^sum: there is no option axes, only axis, keepdims/,
  ],
  [
    "a misspelt option of creation",
    () => np.zeros(2, { dtypes: "int32" } as never),
    /^zeros: there is no option dtypes, only dtype/,
  ],
  [
    "a misspelt option of linspace",
    () => np.linspace(0, 1, 3, { endPoint: true } as never),
    /^linspace: there is no option endPoint, only dtype, endpoint/,
  ],
  [
    "a misspelt option of stack",
    () => np.stack([x], { dim: 0 } as never),
    /^stack: there is no option dim, only axis/,
  ],
  [
    "a misspelt option of argmax",
    () => np.argmax(x, { keepDims: true } as never),
    /^argmax: there is no option keepDims/,
  ],
  [
    "a misspelt option of variance",
    () => np.variance(x, { dof: 1 } as never),
    /^variance: there is no option dof, only axis, keepdims, ddof/,
  ],
  [
    "a misspelt side",
    () => np.searchsorted(np.arange(3), 1, { side: "Left" as never }),
    /^searchsorted: side must be "left" or "right", got "Left"/,
  ],

  [
    "shapes that do not broadcast",
    () => np.add(x, np.ones(2)),
    /^add: shapes \[2,3\] and \[2\] do not go together/,
  ],
  [
    "shapes that do not fit a product",
    () => np.matmul(x, x),
    /^matmul: shapes \[2,3\] and \[2,3\] do not fit: the last axis of the first \(3\) meets the first axis of the second \(2\)/,
  ],
  ["matmul of a scalar", () => np.matmul(x, 2), /^matmul: .* use mul for scalars/],
  [
    "batches that do not broadcast",
    () => np.matmul(np.ones([2, 1, 1]), np.ones([3, 1, 1])),
    /^matmul: shapes \[2\] and \[3\]/,
  ],
  [
    "tensordot over other lengths",
    () => np.tensordot(x, x, [[0], [1]]),
    /^tensordot: .* axis 0 of the first \(2\) meets/,
  ],
  [
    "tensordot over lists of other lengths",
    () => np.tensordot(x, x, [[0, 1], [1]]),
    /^tensordot: axes must be two lists of one length, got 2 and 1/,
  ],
  [
    "reshape to another size",
    () => np.reshape(x, [4]),
    /^reshape: shape \[2,3\] has 6 elements, which do not fit into \[4\]/,
  ],
  [
    "reshape with two open lengths",
    () => np.reshape(x, [-1, -1]),
    /^reshape: a length in shape must be an integer >= 0, got -1/,
  ],
  [
    "broadcastTo a smaller shape",
    () => np.broadcastTo(x, [3]),
    /^broadcastTo: shape \[2,3\] does not fit into \[3\]/,
  ],
  [
    "squeeze of a long axis",
    () => np.squeeze(x, { axis: 1 }),
    /^squeeze: axis 1 of shape \[2,3\] has length 3, not 1/,
  ],
  [
    "transpose without all axes",
    () => np.transpose(x, [0]),
    /^transpose: axes \[0\] must name each axis of shape \[2,3\] once/,
  ],
  [
    "moveaxis of other numbers",
    () => np.moveaxis(x, [0, 1], 0),
    /^moveaxis: 2 axes cannot be moved to 1 places/,
  ],
  [
    "concatenate of other lengths",
    () => np.concatenate([x, np.ones([2, 2])]),
    /^concatenate: arrays\[1\] has shape \[2,2\], but arrays\[0\] has shape \[2,3\]; they may differ along axis 0 alone/,
  ],
  [
    "concatenate of nothing",
    () => np.concatenate([]),
    /^concatenate: expected a list of arrays, at least one, got an array of 0/,
  ],
  [
    "concatenate of scalars",
    () => np.concatenate([1, 2]),
    /^concatenate: axis 0 is not one of shape \[\]/,
  ],
  [
    "stack of other shapes",
    () => np.stack([x, 1]),
    /^stack: arrays\[1\] has shape \[\], but arrays\[0\] has shape \[2,3\]/,
  ],
  [
    "stack of one tensor",
    () => np.stack(x as never),
    /^stack: expected a list of arrays, at least one, got float64\[2,3\]/,
  ],
  [
    "split into unequal pieces",
    () => np.split(np.arange(5), 2),
    /^split: 5 elements cannot be split into 2 pieces of equal length/,
  ],
  [
    "pad with other widths",
    () => np.pad(x, [[1, 1]]),
    /^pad: widths must be a number or \[before, after\] for each axis of shape \[2,3\]/,
  ],
  [
    "pad with a negative width",
    () => np.pad(x, -1),
    /^pad: a width must be an integer >= 0, got -1/,
  ],
  [
    "polyval of a matrix",
    () => np.polyval(x, 1),
    /^polyval: p must be a vector or a list of scalars, got one of shape \[2,3\]/,
  ],
  [
    "searchsorted in a matrix",
    () => np.searchsorted(x, 1),
    /^searchsorted: sorted must be a vector, got shape \[2,3\]/,
  ],
  [
    "linspace from a vector",
    () => np.linspace(np.ones(2) as never, 1),
    /^linspace: start must be a scalar, got shape \[2\]/,
  ],

  [
    "a slice of too many axes",
    () => np.slice(x, 0, 0, 0),
    /^slice: 3 ranges for a tensor of shape \[2,3\]/,
  ],
  [
    "a slice at no place",
    () => np.slice(x, 2),
    /^slice: index 2 is outside axis 0, which has 2 elements/,
  ],
  [
    "a slice with step 0",
    () => np.slice(x, [0, 1, 0]),
    /^slice: the range of axis 0 must be .* a step that is not 0, got \[0,1,0\]/,
  ],
  ["a slice from a fraction", () => np.slice(x, [0.5]), /^slice: the range of axis 0 must be/],
  [
    "take at no place",
    () => np.take(np.arange(3), [0, 3]),
    /^take: index 3 is outside axis 0 of shape \[3\]/,
  ],
  [
    "take at a fraction",
    () => np.take(np.arange(3), np.tensor([0.5])),
    /^take: an index must be an integer, got float64\[1\]; convert it with astype/,
  ],
  [
    "a window that is too large",
    () => np.dynamicSlice(x, [0, 0], [3, 3]),
    /^dynamicSlice: a window of shape \[3,3\] does not fit into shape \[2,3\]/,
  ],
  [
    "a window without all places",
    () => np.dynamicSlice(x, [0], [1, 1]),
    /^dynamicSlice: startIndices must be a list of 2, one for each axis/,
  ],
  [
    "the largest of none",
    () => np.max(np.zeros([0])),
    /^max: shape \[0\] has no elements along axis \[0\] to choose from/,
  ],

  [
    "a negative length",
    () => np.zeros([2, -1]),
    /^zeros: a length in shape must be an integer >= 0, got -1/,
  ],
  [
    "a shape that is none",
    () => np.ones("3" as never),
    /^ones: shape must be a list of lengths, got "3"/,
  ],
  [
    "arange by 0",
    () => np.arange(0, 1, 0),
    /^arange: step must be a number, finite and not 0, got 0/,
  ],
  [
    "arange to infinity",
    () => np.arange(Infinity),
    /^arange: stop must be a number, finite, got Infinity/,
  ],
  [
    "half a number of points",
    () => np.linspace(0, 1, 2.5),
    /^linspace: num must be an integer >= 0, got 2.5/,
  ],
  ["roll by a fraction", () => np.roll(x, 0.5), /^roll: shift must be an integer, got 0.5/],
  [
    "repeat a negative number of times",
    () => np.repeat(x, -1),
    /^repeat: repeats must be an integer >= 0, got -1/,
  ],

  [
    "float32 meeting float64",
    () => np.add(single, np.ones(2)),
    /^add: float32 met float64; convert one of them with astype/,
  ],
  [
    "float32 meeting float64 in a product",
    () => np.dot(single, np.ones(2)),
    /^dot: float32 met float64; convert one of them with astype/,
  ],
  [
    "float32 meeting float64 in a list",
    () => np.concatenate([single, np.ones(2)]),
    /^concatenate: arrays\[1\]: float64 met float32; convert one of them/,
  ],
  [
    "float32 meeting float64 in where",
    () => np.where(np.equal(single, 1), single, np.ones(2)),
    /^where: float32 met float64/,
  ],
  [
    "a fraction meeting integers",
    () => np.add(np.tensor([1, 2], { dtype: "int32" }), 0.5),
    /^add: 0.5 met a tensor of int32; convert the tensor/,
  ],
  [
    "a sine of integers",
    () => np.sin(np.tensor([1], { dtype: "int32" })),
    /^sin: expected a float type .* got int32/,
  ],
  [
    "a product of truth values",
    () => np.dot(np.tensor([true]), np.tensor([true])),
    /^dot: expected numbers, got truth values/,
  ],
  [
    "where without truth values",
    () => np.where(np.ones(2), 1, 2),
    /^where: condition must be of truth values, got float64/,
  ],
  [
    "nextafter of integers",
    () => np.nextafter(np.tensor(1n), np.tensor(2n)),
    /^nextafter: expected floats, got int64/,
  ],
];

test.each(mistakes)("%s is an error that says what to do", (_, mistake, message) => {
  expect(mistake).toThrow(message);
});

/** What JavaScript would do silently, or cannot do, with a value that has no number yet. */
const misuses: readonly (readonly [string, (v: Tensor) => unknown, RegExp])[] = [
  [
    "an operator",
    (v) => (v as never) + 1,
    /an operator \(\+ - \* \/ < > …\) met a traced value.*write \.add/,
  ],
  ["a comparison", (v) => (v as unknown as number) < 1, /an operator .* met a traced value/],
  ["a function of Math", (v) => Math.sin(v as never), /an operator .* met a traced value/],
  ["an index", (v) => (v as never as number[])[0], /^tensor\[0\]: tensors are read with \.at\(0\)/],
  ["spreading", (v) => Math.max(...v), /an operator .* met a traced value/],
  [
    "JSON.stringify",
    (v) => JSON.stringify({ v }),
    /^toJSON: a traced float64\[3\] has no numbers yet/,
  ],
  ["item()", (v) => v.item(), /^item: a traced/],
  ["toArray()", (v) => v.toArray(), /^toArray: a traced/],
  ["data", (v) => v.data, /^data: a traced/],
];

describe.each([
  ["jit", (f: (v: Tensor) => Tensor) => jit(f)(Float64Array.of(1, 2, 3))],
  [
    "grad",
    (f: (v: Tensor) => Tensor) => grad((v: Tensor) => np.sum(f(v)))(Float64Array.of(1, 2, 3)),
  ],
] as const)("inside %s", (_, run) => {
  test.each(misuses)("%s on a traced value throws", (_, misuse, message) => {
    expect(() => run((v) => (misuse(v), v))).toThrow(message);
  });

  test("a truth test on a comparison throws", () => {
    expect(() => run((v) => (np.less(v, 2) ? v : v.neg()))).toThrow(
      /the result of a comparison \(lt\) was not used/,
    );
    expect(() => run((v) => (!np.equal(v, 2) ? v : v.neg()))).toThrow(
      /the result of a comparison \(eq\) was not used/,
    );
  });

  test("a traced value that leaks out says so when it is used", () => {
    let leaked: Tensor | undefined;
    run((v) => (leaked = np.square(v)));
    expect(() => np.add(leaked!, 1)).toThrow(
      /a traced float64\[3\] was used after its function had returned/,
    );
    expect(() => leaked!.toArray()).toThrow(/has no numbers yet/);
  });
});

test("an index on a concrete tensor throws as well, and so do operators on vectors", () => {
  expect(() => (np.ones(3) as never as number[])[0]).toThrow(
    /^tensor\[0\]: tensors are read with \.at\(0\)/,
  );
  expect(() => (np.ones(3) as never) * 2).toThrow(/a tensor of shape \[3\] is not one number/);
  expect(() => Array.from(np.tensor(2))).toThrow(/^length: a scalar tensor has none/);
  expect((np.tensor(2) as never) * 3).toBe(6);
});

test("at(i) refuses places that do not exist", () => {
  expect(() => x.at(2)).toThrow(/^at: index 2 is outside axis 0, which has 2 elements/);
  expect(() => x.at(np.tensor(-3, { dtype: "int32" }))).toThrow(/^at: index -3 is outside axis 0/);
  expect(() => jit((i: Scalar) => x.at(i))(1)).toThrow(/^at: an index must be an integer, got fl/);
  expect(() => x.at(0, 0, 0)).toThrow(/^at: 3 indices for a tensor of shape \[2,3\]/);
});

test("operations outside of any trace give concrete tensors", () => {
  const y: Scalar = np.sum(np.square(np.linspace(0, 1, 3)));
  expect(y.item()).toBe(1.25);
  expect(y.data).toBeInstanceOf(Float64Array);
});

test("at(i) takes one integer, traced or not", () => {
  const x = np.tensor([10, 20, 30]);
  const traced = jit((i: Tensor): Tensor => x.at(i as Scalar));
  expect(traced(np.tensor(-1, { dtype: "int32" })).item()).toBe(30);
  for (const at of [traced, (i: Tensor): Tensor => x.at(i as Scalar)]) {
    expect(() => at(np.tensor([2, 1], { dtype: "int32" }))).toThrow(
      "at: an index must be an integer, got int32[2]; for several write take",
    );
    expect(() => at(np.tensor(1))).toThrow("at: an index must be an integer, got float64; convert");
  }
});

describe("tensors that no engine has room for", () => {
  test.each([
    ["ones", () => np.ones([1e6, 1e6]).data, "shape [1000000, 1000000]"],
    ["eye", () => np.eye(1e6), "shape [1000000, 1000000]"],
    ["outer", () => np.outer(np.ones(1e6), np.ones(1e6)).data, "1000000000000 elements"],
    ["arange", () => np.arange(1e12), "1000000000000 elements, 8000000000000 bytes"],
  ])("%s says how large it would be", (_name, make, size) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(size);
  });
});
