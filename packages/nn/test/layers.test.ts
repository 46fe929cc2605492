import { asTensor, mul, stack, sum, tensor } from "@diffrax-ts/array";
import { checkTraces, grad, jit, scan, vmap } from "@diffrax-ts/autodiff";
import { GRUCell, Linear, MLP, softplus, tanh } from "@diffrax-ts/nn";
import { leaves, structure, structuresEqual, type Tensor } from "@diffrax-ts/pytree";
import { key } from "@diffrax-ts/random";
import { beforeEach, describe, expect, test } from "vitest";
import { expectClose } from "./support/expectClose.ts";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

// All figures: Equinox 0.13.8 with JAX 0.10.2 and jax_enable_x64, the layers made with jax.random.key(seed).
const x = tensor([1, -1]);
const h = tensor([0.1, -0.2, 0.3]);
const spiral = (seed = 7): MLP =>
  MLP({
    inSize: 2,
    outSize: 2,
    widthSize: 4,
    depth: 2,
    activation: tanh,
    finalActivation: softplus,
    key: key(seed),
  });

describe("Linear(inFeatures, outFeatures, { key })", () => {
  test("has the parameters of equinox.nn.Linear, and its values", () => {
    const layer = Linear(2, 3, { key: key(0) });
    expectClose(layer.weight.toArray(), [
      [0.6646068323673847, -0.2613723203251336],
      [0.22782470025276816, 0.6949258934610117],
      [-0.3075609851014455, -0.2043697372176694],
    ]);
    expectClose(
      layer.bias!.toArray(),
      [-0.5930867083921305, 0.5995541930032328, 0.3308585794412725],
    );
    expectClose(
      layer.apply(x).toArray(),
      [0.3328924443003878, 0.13245299979498915, 0.22766733155749638],
    );
  });

  test("has them in float32 too", () => {
    const { weight, bias } = Linear(2, 2, { key: key(5), dtype: "float32" });
    expect(weight.dtype).toBe("float32");
    // One unit in the last place of float32 below 1.
    expectClose(
      weight.toArray(),
      [
        [0.2277342528104782, 0.530340850353241],
        [-0.34927934408187866, 0.5554986596107483],
      ],
      2 ** -24,
    );
    expectClose(bias!.toArray(), [-0.5885768532752991, -0.3829503059387207], 2 ** -24);
  });

  test("has no bias with { useBias: false }", () => {
    const layer = Linear(2, 3, { key: key(0), useBias: false });
    expect(layer.bias).toBe(null);
    expect(leaves(layer).length).toBe(1);
    expectClose(layer.apply(x).toArray(), [
      0.6646068323673847 + 0.2613723203251336,
      0.22782470025276816 - 0.6949258934610117,
      -0.3075609851014455 + 0.2043697372176694,
    ]);
  });

  test("takes a batch, and is each of its vectors by itself, to the bit", () => {
    const layer = Linear(3, 2, { key: key(1) });
    const batch = tensor([
      [1, 2, 3],
      [-4, 0.5, 6],
    ]);
    const rows = [0, 1].map((i) => layer.apply(batch.at(i)).toArray());
    expect(layer.apply(batch).toArray()).toEqual(rows);
    expect(vmap((one: Tensor) => layer.apply(one))(batch).toArray()).toEqual(rows);
    expect(layer.apply(stack([batch, batch])).shape).toEqual([2, 2, 2]);
    expect(layer.apply(Float64Array.of(1, 2, 3)).toArray()).toEqual(rows[0]);
  });
});

describe("MLP({ inSize, outSize, widthSize, depth, key })", () => {
  test("has the parameters of equinox.nn.MLP, and its values", () => {
    const mlp = spiral();
    expect(mlp.layers.map(({ weight }) => weight.shape)).toEqual([
      [4, 2],
      [4, 4],
      [2, 4],
    ]);
    expectClose(mlp.layers[2]!.weight.toArray(), [
      [-0.49475648118748405, 0.3346781275695019, 0.49041463431377297, 0.2748255316858519],
      [0.27213562925727786, -0.2805721460205026, -0.41602063344161766, 0.43825856443866806],
    ]);
    expectClose(mlp.apply(x).toArray(), [0.6029301459754408, 0.9745496487622289]);
  });

  test("has relu and nothing as its activations, and its biases may be left out", () => {
    const mlp = MLP({ inSize: 2, outSize: 1, widthSize: 3, depth: 1, useBias: false, key: key(8) });
    expect(mlp.layers.map(({ bias }) => bias === null)).toEqual([true, false]);
    expectClose(mlp.apply(x).toArray(), [0.40794464082161647]);
  });

  test("is one linear layer with depth 0", () => {
    const mlp = MLP({ inSize: 3, outSize: 2, widthSize: 4, depth: 0, key: key(7) });
    expectClose(mlp.apply(tensor([1, 2, 3])).toArray(), [-0.661074663548911, 2.055980088699165]);
  });

  test("ends with finalActivation with depth 0 too", () => {
    const options = { inSize: 3, outSize: 2, widthSize: 4, depth: 0, key: key(7) } as const;
    const input = tensor([1, 2, 3]);
    const linear = MLP(options).apply(input);
    expect(
      MLP({ ...options, finalActivation: tanh })
        .apply(input)
        .toArray(),
    ).toEqual(tanh(linear).toArray());
  });

  test("is a part whose gradient is a part like it", () => {
    const loss = (mlp: MLP, input: Tensor): Tensor => {
      const y = mlp.apply(input);
      return sum(mul(y, y));
    };
    const mlp = spiral();
    const gradient = grad(loss)(mlp, x);
    expect(structuresEqual(structure(gradient), structure(mlp))).toBe(true);
    expectClose(gradient.layers[0]!.weight.toArray(), [
      [0.13487885493163648, -0.13487885493163648],
      [0.01707231902078718, -0.01707231902078718],
      [-0.2535121209077903, 0.2535121209077903],
      [0.029136362340330867, -0.029136362340330867],
    ]);
    expectClose(gradient.layers[2]!.bias!.toArray(), [0.5460064357861767, 1.2135827799649785]);
  });

  test("is one trace, whatever its weights are, and gives the same bits compiled", () => {
    let traces = 0;
    const run = jit((mlp: MLP, input: Tensor) => {
      traces++;
      return mlp.apply(input);
    });
    for (const seed of [1, 2, 3]) {
      expect(run(spiral(seed), x).toArray()).toEqual(spiral(seed).apply(x).toArray());
    }
    expect(traces).toBe(1);
  });

  test("can be made inside of a traced function, so that vmap makes an ensemble", () => {
    const values = vmap((seed: Tensor) => {
      const k = tensor([0, seed], { dtype: "uint32" });
      return Linear(2, 2, { key: k }).apply(x);
    })(Uint32Array.of(5, 6));
    const one = (seed: number): unknown =>
      Linear(2, 2, { key: key(seed) })
        .apply(x)
        .toArray();
    expect(values.toArray()).toEqual([one(5), one(6)]);
  });
});

describe("GRUCell(inputSize, hiddenSize, { key })", () => {
  test("has the parameters of equinox.nn.GRUCell, and its values", () => {
    const cell = GRUCell(2, 3, { key: key(9) });
    expectClose(
      cell.biasN!.toArray(),
      [-0.30370873912217833, 0.04015545604911467, 0.29329537507822023],
    );
    expectClose(
      cell.apply(x, h).toArray(),
      [-0.22939251692812984, 0.24138310695893717, 0.550573616847659],
    );
    const unbiased = GRUCell(2, 3, { key: key(9), useBias: false });
    expectClose(
      unbiased.apply(x, h).toArray(),
      [-0.021802073217998152, 0.1511597206422628, 0.46525256327497005],
    );
  });

  test("takes a batch, and runs over a series in a scan", () => {
    const cell = GRUCell(2, 3, { key: key(9) });
    const once = cell.apply(x, h);
    expect(cell.apply(stack([x, x]), stack([h, h])).toArray()).toEqual([
      once.toArray(),
      once.toArray(),
    ]);
    const read = jit((xs: Tensor) => {
      const step = (hidden: Tensor, input: Tensor) => ({
        carry: cell.apply(input, hidden),
        row: null,
      });
      return scan(step, asTensor(h, "h") as Tensor, xs).carry;
    });
    expect(read(stack([x, x])).toArray()).toEqual(cell.apply(x, once).toArray());
  });
});

describe("refused, with the layer and the value, are", () => {
  const options = { key: key(0) };
  const sizes = { inSize: 2, outSize: 2, widthSize: 4, depth: 1, key: key(0) };
  const cases: readonly { name: string; call: () => unknown; message: RegExp }[] = [
    {
      name: "a size of 0",
      call: () => Linear(0, 2, options),
      message: /^Linear: inFeatures must be an integer >= 1, got 0$/u,
    },
    {
      name: "a size with a fraction",
      call: () => GRUCell(2, 1.5, options),
      message: /^GRUCell: hiddenSize must be an integer >= 1, got 1\.5$/u,
    },
    {
      name: "a size that is missing",
      call: () => MLP({ ...sizes, widthSize: undefined! }),
      message: /^MLP: widthSize must/u,
    },
    { name: "a negative depth", call: () => MLP({ ...sizes, depth: -1 }), message: /^MLP: depth/u },
    {
      name: "an activation by its name",
      call: () => MLP({ ...sizes, activation: "tanh" as never }),
      message: /^MLP: activation must be a function such as tanh, got "tanh"$/u,
    },
    {
      name: "an option that does not exist",
      call: () => Linear(2, 2, { ...options, bias: false } as never),
      message: /^Linear: there is no option bias, only key, useBias, dtype$/u,
    },
    {
      name: "a key as the third argument",
      call: () => Linear(2, 2, key(0) as never),
      message: /^Linear: expected options such as \{ key: … \}, got uint32\[2\]$/u,
    },
    {
      name: "a seed as the key",
      call: () => Linear(2, 2, { key: 0 as never }),
      message: /key must be uint32\[2\].*make one with key\(seed\)/u,
    },
    {
      name: "an input of another length",
      call: () => spiral().apply(tensor([1, 2, 3])),
      message: /^Linear: x must be a tensor whose last axis has length 2, got float64\[3\]$/u,
    },
    {
      name: "an input in a JavaScript array",
      call: () => spiral().apply([1, 2] as never),
      message: /^Linear: x must be a tensor/u,
    },
    {
      name: "a hidden state of another length",
      call: () => GRUCell(2, 3, options).apply(x, x),
      message: /^GRUCell: hidden must be a tensor whose last axis has length 3/u,
    },
  ];
  test.each(cases)("$name", ({ call, message }) => {
    expect(call).toThrow(message);
  });
});

test("apply, taken off its layer, says what to write", () => {
  const layer = Linear(2, 1, { key: key(0) });
  const { apply } = layer as { readonly apply: (x: Tensor) => Tensor };
  expect(() => apply(tensor([1, 2]))).toThrow(/^Linear: .* write \(x\) => layer\.apply\(x\)/);
});
