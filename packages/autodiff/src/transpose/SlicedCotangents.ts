import {
  apply,
  type Equation,
  isEquation,
  isVariable,
  reshape,
  sizeOf,
  type Type,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { addMaybe, zeros } from "../zeros.ts";

/** The cotangent of a single slice is padded. */
const fewest = 2;

/** The cotangent of a slice. */
interface Piece {
  readonly start: readonly number[];
  readonly cotangent: Tensor;
}

/**
 * The cotangents of arrays that several slices are taken of: they are put side by side, where to pad each of them would take as long for one
 * as for the whole array.
 */
export class SlicedCotangents {
  /** By the id of the array. */
  readonly #pieces = new Map<number, Piece[]>();

  /** @param linear - The equations that are transposed. */
  constructor(linear: readonly Equation[]) {
    if (linear.length < fewest) return;
    const counts = new Map<number, number>();
    for (let i = 0; i < linear.length; i++) {
      if (!isWindow(linear[i]!)) continue;
      const array = linear[i]!.inputs[0]!;
      if (isVariable(array)) counts.set(array.id, (counts.get(array.id) ?? 0) + 1);
    }
    for (const [id, count] of counts) if (count >= fewest) this.#pieces.set(id, []);
  }

  /** Takes the cotangent of an equation, if it is one of several slices of an array. */
  take(equation: Equation, cotangent: Tensor): boolean {
    if (this.#pieces.size === 0 || !isWindow(equation)) return false;
    const array = equation.inputs[0]!;
    if (!isVariable(array)) return false;
    const { start } = equation.params;
    const pieces = this.#pieces.get(array.id);
    pieces?.push({ start, cotangent });
    return pieces !== undefined;
  }

  /** The cotangent of all slices of the variable with this id; `null` if there is none. */
  of(id: number, type: Type): Tensor | null {
    const pieces = this.#pieces.get(id);
    if (pieces === undefined || pieces.length === 0) return null;
    return layersOf(pieces, type)
      .map(({ axis, row }) => joined(row, axis, type))
      .reduce(addMaybe, null as Tensor | null);
  }
}

function isWindow(equation: Equation): equation is Equation<"slice"> {
  return isEquation(equation, "slice") && equation.params.step.every((step) => step === 1);
}

/** Pieces that do not overlap, in their order along an axis along which they are shorter than the array. */
interface Layer {
  readonly axis: number;
  readonly row: Piece[];
}

function layersOf(pieces: readonly Piece[], { shape }: Type): readonly Layer[] {
  const layers: Layer[] = [];
  const axisOf = ({ cotangent }: Piece): number =>
    shape.findIndex((n, axis) => cotangent.shape[axis] !== n);
  const ordered = pieces.toSorted((a, b) => a.start[axisOf(a)]! - b.start[axisOf(b)]!);
  for (const piece of ordered) {
    const axis = axisOf(piece);
    const others = shape.map((n, i) => (i === axis ? 0 : n - piece.cotangent.shape[i]!));
    const isRow = others.every((n) => n === 0);
    const layer = isRow
      ? layers.find((one) => one.axis === axis && endOf(one) <= piece.start[axis]!)
      : undefined;
    if (layer === undefined) layers.push({ axis: isRow ? axis : -1, row: [piece] });
    else layer.row.push(piece);
  }
  return layers;
}

function endOf({ axis, row }: Layer): number {
  const { start, cotangent } = row.at(-1)!;
  return start[axis]! + cotangent.shape[axis]!;
}

/** An array with the pieces where they belong, and zeros between them. */
function joined(row: readonly Piece[], axis: number, type: Type): Tensor {
  const { shape, dtype } = type;
  if (axis < 0) {
    const [{ start, cotangent }] = row as readonly [Piece];
    const high = shape.map((n, i) => n - start[i]! - cotangent.shape[i]!);
    return apply("pad", [cotangent], { low: start, high })[0]!;
  }
  const isOfNumbers = sizeOf(shape) === shape[axis] && 2 * row.length > shape[axis];
  if (isOfNumbers && row.every(({ cotangent }) => cotangent.size === 1)) {
    const zero = zeros({ ...type, shape: [] });
    const all = Array.from({ length: shape[axis]! }, () => zero);
    for (const { start, cotangent } of row) all[start[axis]!] = reshape(cotangent, []);
    return apply("pack", all, { shape })[0]!;
  }
  const parts: Tensor[] = [];
  let from = 0;
  const fillTo = (place: number): void => {
    if (place > from)
      parts.push(zeros({ dtype, shape: shape.with(axis, place - from), buffer: false }));
  };
  for (const { start, cotangent } of row) {
    fillTo(start[axis]!);
    parts.push(cotangent);
    from = start[axis]! + cotangent.shape[axis]!;
  }
  fillTo(shape[axis]!);
  return apply("concatenate", parts, { axis })[0]!;
}
