// Parts: records whose functions stand at module level and read their data from `this`.
import {
  type Field,
  type Part,
  part,
  type Plain,
  type Saved,
  type Traced,
  type Tensor,
} from "@diffrax-ts/pytree";

interface Solver<State = unknown> {
  readonly kind: string;
  init(t0: number): State;
}
interface RungeKutta extends Solver<number>, Part<"Tsit5"> {
  readonly kind: "Tsit5";
  readonly order: number;
  readonly c: readonly number[];
  init(this: RungeKutta, t0: number): number;
}
function init(this: RungeKutta, t0: number): number {
  return t0 + this.order;
}
function Tsit5(): RungeKutta {
  return part("Tsit5", { order: 5, c: [0.2], init });
}
export const solver: Solver<number> = Tsit5();
export const kind: "Tsit5" = Tsit5().kind;

// A part goes through the maps as it is.
interface Linear extends Part<"Linear"> {
  readonly inSize: number;
  readonly weight: Tensor<readonly [number, number]>;
}
export function maps(
  layer: Linear,
): [Plain<{ net: Linear }>, Traced<{ net: Linear }>, Saved<Linear>, Field<{ net: Linear }>] {
  return [{ net: layer }, { net: layer }, layer, { net: layer }];
}

declare const loose: Pick<RungeKutta, "init">;
// @ts-expect-error a method without its part
loose.init(0);
// @ts-expect-error another kind
export const other: Part<"Euler"> = Tsit5();
// @ts-expect-error a record that only looks like a part
export const unbranded: Part = { kind: "Tsit5" };
// @ts-expect-error readonly
Tsit5().order = 4;
