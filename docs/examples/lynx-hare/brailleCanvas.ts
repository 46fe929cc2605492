/** A grid of characters, each of which holds 2 × 4 dots of the Unicode braille block. */
export interface BrailleCanvas<Kind> {
  /** Sets the dot at `x` from the left and `y` from the top. */
  dot(x: number, y: number, kind: Kind): void;
  /** Puts a character over the dots at `x`, `y`. */
  mark(x: number, y: number, kind: Kind, character: string): void;
  /** The rows, from the top. */
  rows(): Cell<Kind>[][];
}

/** A character, and the kind of the last thing drawn there; `undefined` where there is nothing. */
interface Cell<Kind> {
  readonly character: string;
  readonly kind: Kind | undefined;
}

/** An empty canvas of so many characters: `2 columns` by `4 rows` dots. What lies outside is left out. */
export function brailleCanvas<Kind>(columns: number, rows: number): BrailleCanvas<Kind> {
  const cells = Array.from({ length: columns * rows }, () => ({
    dots: 0,
    mark: "",
    kind: undefined as Kind | undefined,
  }));
  const cellAt = (x: number, y: number) => {
    const [column, row] = [x >> 1, y >> 2];
    return column >= 0 && column < columns ? cells[row * columns + column] : undefined;
  };
  return {
    dot(x, y, kind) {
      const cell = cellAt(x, y);
      if (cell === undefined || cell.mark !== "") return;
      cell.dots |= bits[y & 3]![x & 1]!;
      cell.kind = kind;
    },
    mark(x, y, kind, character) {
      const cell = cellAt(x, y);
      if (cell !== undefined) Object.assign(cell, { mark: character, kind });
    },
    rows: () =>
      Array.from({ length: rows }, (_, row) =>
        cells.slice(row * columns, (row + 1) * columns).map(({ dots, mark, kind }) => {
          const braille = dots === 0 ? " " : String.fromCodePoint(0x2800 + dots);
          return { character: mark || braille, kind };
        }),
      ),
  };
}

/** The bit of each dot of a braille character, by row and column. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
