import { stack } from "@diffrax-ts/array";
import { scan, type ScanStep } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";

/** Tensors by name. */
export type Tensors<Name extends string = string> = Readonly<Record<Name, Tensor>>;

/** Loops of at most this many turns are written out: then all that they carry stays in locals of the compiled code. */
const mostWritten = 4;

/**
 * A `scan` over rows of tensors, written out if it is short.
 *
 * @param rows - All with the same number of rows, at least one.
 */
export function sweep<Carry, Row extends Tensors, Made extends Tensors>(
  turn: (carry: Carry, row: Row) => ScanStep<NoInfer<Carry>, Made>,
  start: Carry,
  rows: Row,
  { reverse = false }: { readonly reverse?: boolean } = {},
): { readonly carry: Carry; readonly rows: Made } {
  const [{ length }] = Object.values(rows) as [Tensor];
  if (length > mostWritten) return scan(turn, start, rows, { reverse });
  let carry = start;
  const made: Made[] = [];
  for (let i = 0; i < length; i++) {
    const k = reverse ? length - 1 - i : i;
    const step = turn(
      carry,
      mapped(rows, (_, x) => x.at(k)),
    );
    ({ carry } = step);
    made[k] = step.row;
  }
  return { carry, rows: mapped(made[0]!, (name) => stack(made.map((row) => row[name]!))) };
}

function mapped<T extends Tensors>(tensors: T, f: (name: string, x: Tensor) => Tensor): T {
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, f(name, x)])) as T;
}
