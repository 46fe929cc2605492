import { np, type Tensor } from "@diffrax-ts/core";

/** Reads through a proxy, and so do those who read what is inside: as the state of Vue, MobX or a store is read. */
function behindProxy<T extends object>(value: T, isWhole: boolean): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      const inner: unknown = ArrayBuffer.isView(target)
        ? Reflect.get(target, key)
        : Reflect.get(target, key, receiver);
      if (typeof inner !== "object" || inner === null) return inner;
      return ArrayBuffer.isView(inner) && !isWhole ? inner : behindProxy(inner, isWhole);
    },
  });
}

/** All that can be frozen, as immer does. */
function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null && !ArrayBuffer.isView(inner))
      deepFreeze(inner as object);
  }
  return Object.freeze(value);
}

/** The same numbers with gaps between them, and in another order. */
function strided({ dtype, shape, data, size, stride, offset }: Tensor): Tensor {
  const wider = shape.map((_, i) => shape.slice(0, i).reduce((product, n) => product * n, 2));
  const numbers = new (data.constructor as new (n: number) => Float64Array)(2 * size + 1);
  const write = (axis: number, from: number, to: number): void => {
    if (axis === shape.length) numbers[to] = data[from] as number;
    else
      for (let i = 0; i < shape[axis]!; i++)
        write(axis + 1, from + i * stride[axis]!, to + i * wider[axis]!);
  };
  write(0, offset, 1);
  return np.asTensor({ dtype, shape, data: numbers, stride: wider, offset: 1 });
}

/** What becomes of a tensor on its way through programs that know nothing of tensors. Each is as good as it was. */
export const copies: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  "a structured clone": (x) => structuredClone(x),
  // oxlint-disable-next-line typescript/no-misused-spread -- that it can be spread is what is tested
  "spread into a record": (x) => ({ ...x }),
  "assigned to a record without prototype": (x) => Object.assign(Object.create(null) as Tensor, x),
  "a frozen tensor": deepFreeze,
  "a frozen clone": (x) => deepFreeze(structuredClone(x)),
  "a tensor behind a proxy": (x) => behindProxy(x, false),
  "a clone behind a proxy": (x) => behindProxy(structuredClone(x), false),
  "a tensor whose data is behind a proxy as well": (x) => behindProxy(x, true),
  "a clone whose data is behind a proxy as well": (x) => behindProxy(structuredClone(x), true),
  "a clone that was written as JSON": (x) =>
    x.dtype === "int64" ? x : (JSON.parse(JSON.stringify(Object.assign({}, x))) as Tensor),
  "a tensor with gaps between its numbers": strided,
  "a clone with gaps between its numbers": (x) => structuredClone(strided(x)),
};
