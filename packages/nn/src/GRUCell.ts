import { add, logistic, mul, type Ranked, split as pieces, sub, tanh } from "@diffrax-ts/array";
import { checkOptions, type Leaf, type Part, part, type Tensor } from "@diffrax-ts/pytree";
import { split } from "@diffrax-ts/random";
import { requireCount, requireLast, requireLayer } from "./checks.ts";
import { aroundZero, type LayerOptions, times } from "./Linear.ts";

/** One step of a gated recurrent unit. */
export interface GRUCell extends Part<"GRUCell"> {
  readonly hiddenSize: number;
  /** `[3 * hiddenSize, inputSize]`: for `r`, `z` and `n` one below the other. */
  readonly weightIh: Tensor;
  /** `[3 * hiddenSize, hiddenSize]` */
  readonly weightHh: Tensor;
  /** `[3 * hiddenSize]` */
  readonly bias: Tensor | null;
  /** `[hiddenSize]`: of the part of `n` that is reset. */
  readonly biasN: Tensor | null;
  /** `input`: `[..., inputSize]`, `hidden` and the result `[..., hiddenSize]`. */
  readonly apply: <Hidden extends Leaf>(
    this: GRUCell,
    input: Leaf,
    hidden: Hidden,
  ) => Ranked<Hidden>;
}

/**
 * A gated recurrent unit: reads an input, and gives the next hidden state.
 *
 * ```text
 * r = σ(Wᵣ x + Uᵣ h + bᵣ),  z = σ(W_z x + U_z h + b_z)
 * n = tanh(Wₙ x + bₙ + r (Uₙ h + cₙ)),  h ← n + z (h - n)
 * ```
 *
 * Run it over a series with `scan`. At first all of its parameters are uniform in `±1/√hiddenSize`, and with the same key
 * those of `equinox.nn.GRUCell` but for roundings.
 *
 * @throws RangeError if a size is not a positive integer; TypeError if `key` is no key or an option does not exist.
 * @see Cho et al. (2014), Learning phrase representations using RNN encoder–decoder, doi:10.3115/v1/D14-1179
 *
 * @example
 * ```ts
 * import { ones, zeros } from "@diffrax-ts/array";
 * import { jit, scan } from "@diffrax-ts/autodiff";
 * import { GRUCell } from "@diffrax-ts/nn";
 * import { key } from "@diffrax-ts/random";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * const read = jit((cell: GRUCell, xs: Tensor) => {
 *   const start = zeros(cell.hiddenSize);
 *   return scan((hidden, x) => ({ carry: cell.apply(x, hidden), row: null }), start, xs).carry;
 * });
 * read(GRUCell(2, 4, { key: key(0) }), ones([10, 2])).shape;
 * // → [4]
 * ```
 */
export function GRUCell(inputSize: number, hiddenSize: number, options: LayerOptions): GRUCell {
  const given = checkOptions("GRUCell", options, ["key", "useBias", "dtype"]);
  requireCount("GRUCell", "inputSize", inputSize, 1);
  requireCount("GRUCell", "hiddenSize", hiddenSize, 1);
  const { key, useBias = true, dtype = "float64" } = given;
  const keys = split(key, 4);
  const limit = Math.sqrt(1 / hiddenSize);
  const draw = (i: number, ...shape: readonly number[]): Tensor =>
    aroundZero(keys.at(i), shape, limit, dtype);
  return part("GRUCell", {
    hiddenSize,
    weightIh: draw(0, 3 * hiddenSize, inputSize),
    weightHh: draw(1, 3 * hiddenSize, hiddenSize),
    bias: useBias ? draw(2, 3 * hiddenSize) : null,
    biasN: useBias ? draw(3, hiddenSize) : null,
    apply,
  });
}

function apply(this: GRUCell, input: Leaf, hidden: Leaf): Tensor {
  const { weightIh, weightHh, bias, biasN } = requireLayer("GRUCell", this);
  const x = requireLast("GRUCell", "input", input, weightIh.shape[1]!);
  const h = requireLast("GRUCell", "hidden", hidden, this.hiddenSize);
  const fromInput = times(weightIh, x);
  const [ri, zi, ni] = thirds(bias === null ? fromInput : add(fromInput, bias));
  const [rh, zh, nh] = thirds(times(weightHh, h));
  const r = logistic(add(ri, rh));
  const z = logistic(add(zi, zh));
  const n = tanh(add(ni, mul(r, biasN === null ? nh : add(nh, biasN))));
  return add(n, mul(z, sub(h, n)));
}

function thirds(x: Tensor): readonly [Tensor, Tensor, Tensor] {
  return pieces(x, 3, { axis: -1 });
}
