// Tensors are ordinary values: what copies, compares, prints or iterates objects does so with their numbers.
import assert from "node:assert";
import { isDeepStrictEqual } from "node:util";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import {
  diffeqsolve,
  grad,
  jit,
  np,
  type Scalar,
  type Tensor,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";

const examples: Readonly<Record<string, () => Tensor>> = {
  "a scalar": () => np.tensor(1.5),
  "a scalar of float32": () => np.tensor(1.5, { dtype: "float32" }),
  "a vector": () => np.tensor([1.5, 2.5]),
  "a vector without elements": () => np.tensor([]),
  "a matrix": () =>
    np.tensor([
      [1, 2],
      [3, 4],
    ]),
  "truth values": () => np.tensor([true, false]),
  int32: () => np.tensor([1, 2], { dtype: "int32" }),
  "int64 beyond 2⁵³": () => np.tensor([2n ** 60n + 7n, -1n]),
  "NaN, infinity and -0": () => np.tensor([NaN, Infinity, -0]),
  "a result of np": () => np.mul(np.tensor([1, 2]), 3),
  "a scalar result of np": () => np.sum(np.tensor([1, 2])),
  "a row": () => np.tensor([[1, 2]]).at(0),
  "a result of jit": () => jit((x: Scalar) => np.mul(x, 2))(3),
  "a constant result of jit": () => jit(() => np.tensor(3))(),
  "a scalar made in a trace": () => {
    let kept: Tensor | undefined;
    jit((x: Scalar) => {
      kept = np.tensor(2.5);
      return x;
    })(1);
    return kept!;
  },
  "a constant computed in a trace": () => {
    let kept: Tensor | undefined;
    jit((x: Scalar) => {
      kept = np.mul(np.tensor([1, 2]), 1.5);
      return x;
    })(1);
    return kept!;
  },
  "a gradient": () => grad((x: Tensor) => np.sum(np.mul(x, x)))(np.tensor([1, 2])),
  "a batch": () => vmap((x: Scalar) => np.mul(x, 2))(np.tensor([1, 2])),
  "what a solve returns": () =>
    diffeqsolve((_t, y) => -y, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 }).ys,
};

/** The fields of a tensor, and nothing else. */
const fields = ({ dtype, shape, data, stride, offset }: Tensor): object => ({
  dtype,
  shape,
  data,
  stride,
  offset,
});

/** Reads all that an object and its prototypes have, as jest does when it shows a difference. */
function readAll(x: object): void {
  for (let at: object | null = x; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const key of Object.keys(Object.getOwnPropertyDescriptors(at))) Reflect.get(x, key);
  }
}

describe.each(Object.entries(examples))("%s", (_, make) => {
  test("what it and its prototypes have can be read, and nothing but its fields is enumerated", () => {
    readAll(make());
    const keys: string[] = [];
    for (const key in make()) keys.push(key);
    expect(keys).toEqual(["dtype", "shape", "data", "stride", "offset"]);
  });

  test("structuredClone(x) and Object.assign({}, x) have its numbers", () => {
    expect(structuredClone(make())).toStrictEqual(fields(make()));
    expect(Object.assign({}, make())).toStrictEqual(fields(make()));
  });

  test("port.postMessage(x) sends its numbers", () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage({ x: make() });
    const { message } = receiveMessageOnPort(port2) as { message: { x: Tensor } };
    port1.close();
    expect(message.x).toStrictEqual(fields(make()));
    expect(np.asTensor(message.x)).toStrictEqual(make());
  });

  test("it has no accessors of its own, and a frozen one is as good", () => {
    for (const property of Object.values(Object.getOwnPropertyDescriptors(make())))
      expect(property).toHaveProperty("value");
    const frozen = Object.freeze(make());
    expect(np.asTensor(frozen)).toBe(frozen);
    expect(String(frozen)).toBe(String(make()));
    expect(np.equal(frozen, make()).shape).toEqual(make().shape);
  });

  test("a copy is made field by field, as lodash does, which asks for each before", () => {
    const x = make();
    const copy = Object.create(Object.getPrototypeOf(x) as object) as Record<string, unknown>;
    for (const [key, value] of Object.entries(x)) {
      expect(copy[key]).toBe(undefined);
      copy[key] = value;
    }
    expect(copy).toStrictEqual(x);
    expect(np.asTensor(copy as object as Tensor).toString()).toBe(x.toString());
  });

  test("it is equal to one with the same numbers, and to no other", () => {
    const x = make();
    assert.deepStrictEqual(x, make());
    assert(isDeepStrictEqual(x, make()));
    expect(x).toEqual(make());
    expect(x).toStrictEqual(make());
    for (const makeOther of Object.values(examples)) {
      const y = makeOther();
      const same = x.dtype === y.dtype && isDeepStrictEqual(structuredClone(x), structuredClone(y));
      expect(isDeepStrictEqual(x, y)).toBe(same);
      if (same) continue;
      expect(() => assert.deepStrictEqual(x, y)).toThrow(assert.AssertionError);
      expect(() => expect(x).toEqual(y)).toThrow(/expected .* to deeply equal/s);
      expect(() => expect(x).toStrictEqual(y)).toThrow(/expected .* to strictly equal/s);
      expect({ x }).not.toEqual({ x: y });
    }
  });
});

test("in a worker a tensor is what it was, and what comes back is taken", async () => {
  const worker = new Worker(
    `require("node:worker_threads").parentPort.once("message", ({ x }) => {
       require("node:worker_threads").parentPort.postMessage({ ...x, data: x.data.map((v) => 2 * v) });
     });`,
    { eval: true },
  );
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  worker.postMessage({ x: np.tensor([1, 2]) });
  const twice = await new Promise<Tensor>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  await worker.terminate();
  expect(np.add(twice, 1).toArray()).toEqual([3, 5]);
});

test("JSON.stringify(x) can be read again", () => {
  for (const x of [np.tensor(1.5), np.tensor([1.5, 2]), np.tensor([[1, 2]])]) {
    expect(np.tensor(JSON.parse(JSON.stringify(x)) as number[])).toStrictEqual(x);
  }
});

test("a difference shows the numbers", () => {
  const difference = (a: Tensor, b: Tensor): string => {
    try {
      assert.deepStrictEqual(a, b);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("equal");
  };
  expect(difference(np.tensor([1, 2]), np.tensor([1, 3]))).toMatch(/1,\n[+-] +[23]\n[+-] +[23]\n/);
});

test("a tensor behind a proxy is read as the tensor is", () => {
  const proxy = <T extends object>(x: T): T =>
    new Proxy(x, { get: (target, key, receiver) => Reflect.get(target, key, receiver) });
  const m = proxy(np.tensor([[1, 2]]));
  expect(m.toArray()).toEqual([[1, 2]]);
  expect([...m]).toStrictEqual([np.tensor([1, 2])]);
  expect(m.at(0, 1).item()).toBe(2);
  expect(m.add(m)).toStrictEqual(np.tensor([[2, 4]]));
  expect(m.size).toBe(2);
  expect(`${m}`).toBe("float64[1,2] [[1,2]]");
  expect(JSON.stringify(m)).toBe("[[1,2]]");
});

test("iterating a vector gives numbers, a matrix its rows; a scalar cannot be iterated", () => {
  const cube = np.reshape(np.arange(8), [2, 2, 2]);
  expect([...np.tensor([1, 2])]).toEqual([1, 2]);
  expect([...cube]).toStrictEqual([cube.at(0), cube.at(1)]);
  expect([...[...cube][1]!]).toStrictEqual([np.tensor([4, 5]), np.tensor([6, 7])]);
  expect([...np.transpose(np.tensor([[1, 2]]))]).toStrictEqual([np.tensor([1]), np.tensor([2])]);
  expect([...np.zeros([0, 3])]).toEqual([]);
  expect(Symbol.iterator in np.tensor(1)).toBe(false);
  expect(() => [...np.tensor(1)]).toThrow(/iterable|Symbol\.iterator/);
});

test("a traced array is iterated element by element", () => {
  const spread = jit((x: Tensor<readonly [number]>) => {
    const [a, b] = x as unknown as Iterable<Scalar>;
    return np.sub(a!, b!);
  });
  expect(spread(Float64Array.of(5, 2)).item()).toBe(3);
  const rows = jit((x: Tensor) => np.add(...([...x] as unknown as [Tensor, Tensor])));
  expect(
    rows(
      np.tensor([
        [1, 2],
        [3, 4],
      ]),
    ).toArray(),
  ).toEqual([4, 6]);
});

describe("int64", () => {
  const exact = np.tensor([2n ** 53n, -5n]);
  const odd = np.tensor([2n ** 53n + 1n, -(2n ** 62n) - 3n]);
  const refusal = /9007199254740993n is an int64 that no number is equal to/;

  test("what a number is equal to is read as one", () => {
    expect(exact.toArray()).toEqual([2 ** 53, -5]);
    expect([...exact]).toEqual([2 ** 53, -5]);
    expect(JSON.stringify(exact)).toBe("[9007199254740992,-5]");
    expect(exact.at(1).item()).toBe(-5);
  });

  test("what no number is equal to is refused, and read by iteration and from .data", () => {
    expect(() => odd.toArray()).toThrow(refusal);
    expect(() => JSON.stringify({ odd })).toThrow(refusal);
    expect(() => odd.at(0).item()).toThrow(refusal);
    expect(() => Number(odd.at(0))).toThrow(refusal);
    expect([...odd]).toEqual([2n ** 53n + 1n, -(2n ** 62n) - 3n]);
    expect(odd.data).toEqual(BigInt64Array.of(2n ** 53n + 1n, -(2n ** 62n) - 3n));
    expect(String(odd)).toBe("int64[2] [9007199254740993,-4611686018427387907]");
    expect(np.astype(odd, "float64").toArray()).toEqual([2 ** 53, -(2 ** 62)]);
    expect(odd).toEqual(np.tensor(odd.data));
    expect(odd).not.toEqual(exact);
  });

  test("a number that may stand for another integer is refused", () => {
    expect(() => np.tensor([2 ** 53 + 2], { dtype: "int64" })).toThrow(/beyond 2⁵³.*write tensor/);
    expect(() => np.full(2, 2 ** 60, { dtype: "int64" })).toThrow(/beyond 2⁵³/);
    expect(() => np.add(odd, 2 ** 60)).toThrow(/add: .*beyond 2⁵³/);
    expect(() => np.tensor([1.5, 2n ** 53n + 1n])).toThrow(/no number is equal to/);
    expect(() => np.tensor(2n ** 63n)).toThrow(/does not fit into int64/);
    expect(np.tensor(2n ** 63n - 1n).data[0]).toBe(2n ** 63n - 1n);
    expect(np.tensor([1n, 2], { dtype: "int64" }).toArray()).toEqual([1, 2]);
  });
});

describe("an index", () => {
  const tensors = [np.tensor([1, 2]), np.tensor(1), np.tensor([[1, 2]]), np.ones(12)];
  test.each([0, 3, 4, 10, 1e6, -1])("x[%i] says .at(%i)", (i) => {
    for (const x of tensors) {
      const list = x as unknown as number[];
      expect(() => list[i]).toThrow(`tensor[${i}]: tensors are read with .at(${i})`);
      expect(() => i in list).toThrow(`tensor[${i}]: tensors are read with .at(${i})`);
      expect(() => (list[i] = 1)).toThrow(`tensor[${i}]: tensors stay as they are`);
      expect(() => Array.prototype.map.call(list, (v) => v)).toThrow(TypeError);
    }
    jit((x: Tensor) => {
      expect(() => (x as unknown as number[])[i]).toThrow(`.at(${i})`);
      return x;
    })(np.tensor([1, 2]));
  });

  test("other properties are looked up as ever", () => {
    const x = np.tensor([1, 2]) as object as Readonly<Record<string, unknown>>;
    expect(x["then"]).toBe(undefined);
    expect(x instanceof Object).toBe(true);
    expect("nodeType" in x).toBe(false);
    expect(Object.keys(x)).toEqual(["dtype", "shape", "data", "stride", "offset"]);
  });
});

describe("traced values", () => {
  const leaked = (f: (x: Tensor) => Tensor): Tensor => {
    let value: Tensor | undefined;
    jit((x: Tensor) => (value = f(x)))(np.tensor([1, 2]));
    return value!;
  };
  const same = (a: Tensor, b: Tensor): readonly boolean[] => [
    isDeepStrictEqual(a, b),
    a.valueOf() === b.valueOf(),
    holds(() => expect(a).toEqual(b)),
    holds(() => expect(a).toStrictEqual(b)),
    holds(() => expect({ a }).toEqual({ a: b })),
    holds(() => assert.deepStrictEqual(a, b)),
  ];
  const holds = (claim: () => void): boolean => {
    try {
      claim();
      return true;
    } catch (error) {
      if ((error as Error).name === "AssertionError") return false;
      throw error;
    }
  };

  test("each is equal to itself alone, while it is traced and afterwards", () => {
    const [a, b] = [leaked((x) => np.sin(x)), leaked((x) => np.sin(x))];
    const [c, d] = [leaked((x) => np.sum(x)), leaked((x) => np.sum(x))];
    readAll(a);
    expect(same(a, a)).not.toContain(false);
    expect(same(a, b)).not.toContain(true);
    expect(same(c, c)).not.toContain(false);
    expect(same(c, d)).not.toContain(true);
    expect(same(a, np.tensor([1, 2]))).not.toContain(true);
    jit((x: Tensor) => {
      const [y, z] = [np.sin(x), np.cos(x)];
      expect(same(y, y)).not.toContain(false);
      expect(same(y, z)).not.toContain(true);
      expect(same(np.sum(y), np.sum(z))).not.toContain(true);
      return np.add(y, z);
    })(np.tensor([1, 2]));
  });

  test("they cannot be cloned", () => {
    jit((x: Tensor) => {
      expect(() => structuredClone(x)).toThrow(/could not be cloned/);
      return x;
    })(1);
  });
});

describe("memory that was given away", () => {
  const transferred = <T extends ArrayBufferView>(view: T): T => {
    structuredClone(view, { transfer: [view.buffer as ArrayBuffer] });
    return view;
  };
  const array = (): Float64Array => transferred(Float64Array.of(1, 2));
  const vector = (): Tensor<readonly [number]> => {
    const x = np.tensor(Float64Array.of(1, 2));
    transferred(x.data);
    return x;
  };
  const gone = /detached|transferred/;
  const span = { t0: 0, t1: 1, dt0: 0.1 };

  test("is said to be gone", () => {
    for (const x of [array(), vector(), Object.assign({}, vector())]) {
      const leaf = x as Tensor<readonly [number]>;
      expect(() => np.add(leaf, 1)).toThrow(gone);
      expect(() => np.add(np.tensor(leaf), 1)).toThrow(gone);
      expect(() => np.tensor([leaf])).toThrow(gone);
      expect(() => jit((v: Tensor) => np.add(v, 1))(leaf)).toThrow(gone);
      expect(() => grad((v: Tensor) => np.sum(v))(leaf)).toThrow(gone);
      expect(() => vmap((v: Tensor) => np.add(v, 1))(leaf)).toThrow(gone);
      expect(() =>
        diffeqsolve((_t, y) => y.map((v) => -v), Tsit5(), { ...span, y0: leaf }),
      ).toThrow(gone);
      expect(() =>
        diffeqsolve((_t, y, { k }) => -k[0]! * y, Tsit5(), { ...span, y0: 1, args: { k: leaf } }),
      ).toThrow(gone);
    }
    expect(() => vector().toArray()).toThrow(gone);
    expect(() => [...vector()]).toThrow(gone);
    expect(() => vector().at(0)).toThrow(gone);
  });
});

describe("what contains itself", () => {
  test("is refused by name", () => {
    const list: unknown[] = [1];
    list.push(list);
    expect(() => np.tensor([[2], list] as never)).toThrow(/value\[1\]\[1\].*contains itself/);
    const args: Record<string, unknown> = { k: 1 };
    args["self"] = { args };
    expect(() =>
      diffeqsolve((_t, y, { k }) => -k * y, Tsit5(), {
        t0: 0,
        t1: 1,
        dt0: 0.1,
        y0: 1,
        args: args as { k: number },
      }),
    ).toThrow(/args.*\.self\.args: the tree contains itself/);
  });
});
