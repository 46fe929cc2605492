import type { Ranked } from "@diffrax-ts/array";
import {
  checkOptions,
  describeValue,
  type Leaf,
  type Part,
  part,
  type Tensor,
} from "@diffrax-ts/pytree";
import { split } from "@diffrax-ts/random";
import { type Activation, relu } from "./activations.ts";
import { requireCount, requireLayer } from "./checks.ts";
import { type LayerOptions, Linear } from "./Linear.ts";

/** Options of `MLP`. */
export interface MLPOptions extends LayerOptions {
  /** The length of what goes in. */
  readonly inSize: number;
  /** The length of what comes out. */
  readonly outSize: number;
  /** The length of what is in between. */
  readonly widthSize: number;
  /** How many hidden layers there are: with 0 it is one linear layer, with 2 it is three. `finalActivation` comes last, also with 0. */
  readonly depth: number;
  /** After every layer but the last. @defaultValue relu */
  readonly activation?: Activation;
  /** After the last layer. @defaultValue the identity */
  readonly finalActivation?: Activation;
  /** `useBias` of the last layer. @defaultValue true */
  readonly useFinalBias?: boolean;
}

/** Linear layers with a function between them. */
export interface MLP extends Part<"MLP"> {
  readonly layers: readonly Linear[];
  readonly activation: Activation;
  readonly finalActivation: Activation;
  /** `x`: `[..., inSize]`, the result `[..., outSize]`. */
  readonly apply: <X extends Leaf>(this: MLP, x: X) => Ranked<X>;
}

/**
 * A multi-layer perceptron: `depth` hidden layers of `widthSize`, an activation after each, and a last layer.
 *
 * With the same key its first parameters are those of `equinox.nn.MLP` but for roundings. It is a part, whose weights are its
 * leaves: `grad`, `jit`, `vmap` and optimisers take it as it is, and as the `params` of a term it is a vector field.
 *
 * @throws RangeError if a size makes no sense; TypeError if an activation is no function, or an option does not exist.
 *
 * @example
 * ```ts
 * import { sum, tensor } from "@diffrax-ts/array";
 * import { grad } from "@diffrax-ts/autodiff";
 * import { MLP, tanh } from "@diffrax-ts/nn";
 * import { key } from "@diffrax-ts/random";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * const mlp = MLP({ inSize: 2, outSize: 1, widthSize: 8, depth: 2, activation: tanh, key: key(0) });
 * const loss = (model: MLP, x: Tensor) => sum(model.apply(x));
 * grad(loss)(mlp, tensor([1, 2])).layers[0]!.weight.shape;
 * // → [8, 2]
 * ```
 */
export function MLP(options: MLPOptions): MLP {
  const given = checkOptions("MLP", options, [
    "inSize",
    "outSize",
    "widthSize",
    "depth",
    "activation",
    "finalActivation",
    "useBias",
    "useFinalBias",
    "dtype",
    "key",
  ]);
  const { inSize, outSize, widthSize, depth, key, dtype = "float64" } = given;
  const { activation = relu, finalActivation = identity } = given;
  const { useBias = true, useFinalBias = true } = given;
  for (const [name, size] of Object.entries({ inSize, outSize, widthSize }))
    requireCount("MLP", name, size, 1);
  requireCount("MLP", "depth", depth, 0);
  for (const [name, f] of Object.entries({ activation, finalActivation })) {
    if (typeof f !== "function")
      throw new TypeError(`MLP: ${name} must be a function such as tanh, got ${describeValue(f)}`);
  }
  const keys = split(key, depth + 1);
  const layers = Array.from({ length: depth + 1 }, (_, i) => {
    const isLast = i === depth;
    return Linear(i === 0 ? inSize : widthSize, isLast ? outSize : widthSize, {
      key: keys.at(i),
      useBias: isLast ? useFinalBias : useBias,
      dtype,
    });
  });
  return part("MLP", { layers, activation, finalActivation, apply });
}

function identity(x: Tensor): Tensor {
  return x;
}

function apply(this: MLP, x: Leaf): Tensor {
  const { layers, activation, finalActivation } = requireLayer("MLP", this);
  const last = layers.length - 1;
  return layers.reduce<Leaf>(
    (y, layer, i) => (i < last ? activation : finalActivation)(layer.apply(y)),
    x,
  ) as Tensor;
}
