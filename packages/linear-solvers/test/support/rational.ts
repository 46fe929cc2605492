// Exact solutions: floats are whole numbers times a power of two, and elimination without fractions keeps them whole (Bareiss 1968).

type Rows = readonly (readonly number[])[];

/** Finite floats times one power of two that makes them all whole. */
function whole(numbers: readonly number[][]): bigint[][] {
  let shift = 0;
  for (const x of numbers.flat()) while (!Number.isInteger(x * 2 ** shift)) shift++;
  return numbers.map((row) => row.map((x) => BigInt(x * 2 ** shift)));
}

/** The double next to a fraction, but for one rounding. */
function quotient(top: bigint, bottom: bigint): number {
  if (top === 0n) return 0;
  const size = (x: bigint): number => (x < 0n ? -x : x).toString(16).length * 4;
  const shift = size(bottom) - size(top) + 70;
  const scaled = shift >= 0 ? (top << BigInt(shift)) / bottom : top / (bottom << BigInt(-shift));
  return Number(scaled) * 2 ** -shift;
}

/** The solutions for the columns that stand beside a square matrix `[A | B]`, in columns; `null` if it has no inverse. */
function eliminate(given: readonly (readonly bigint[])[]): number[][] | null {
  const rows = given.map((row) => [...row]);
  const [n, width] = [rows.length, rows[0]!.length];
  let last = 1n;
  for (let k = 0; k < n; k++) {
    const pivot = rows.findIndex((row, i) => i >= k && row[k] !== 0n);
    if (pivot < 0) return null;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const top = rows[k]!;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const row = rows[i]!;
      const head = row[k]!;
      for (let j = 0; j < width; j++) row[j] = (row[j]! * top[k]! - head * top[j]!) / last;
    }
    last = top[k]!;
  }
  // Every row of [A | B] has become that of [det I | …].
  return Array.from({ length: width - n }, (_, c) =>
    rows.map((row, i) => quotient(row[n + c]!, row[i]!)),
  );
}

/** The exact solution of a square system with an inverse; `null` if it has none. */
export function exactSolution(matrix: Rows, vector: readonly number[]): number[] | null {
  return eliminate(whole(matrix.map((row, i) => [...row, vector[i]!])))?.[0] ?? null;
}

/** The columns of the inverse; `null` if there is none. */
export function exactInverse(matrix: Rows): number[][] | null {
  return eliminate(
    whole(matrix.map((row, i) => [...row, ...matrix.map((_, j) => (i === j ? 1 : 0))])),
  );
}

/** The exact pseudoinverse solution of a matrix of full rank: from `AᵀA x = Aᵀb`, or `x = Aᵀy` with `AAᵀy = b`. */
export function exactLeastSquares(matrix: Rows, vector: readonly number[]): number[] | null {
  const all = whole(matrix.map((row, i) => [...row, vector[i]!]));
  const right = all.map((row) => row.at(-1)!);
  const rows = all.map((row) => row.slice(0, -1));
  const columns = rows[0]!.map((_, j) => rows.map((row) => row[j]!));
  const dot = (x: readonly bigint[], y: readonly bigint[]): bigint =>
    x.reduce((sum, a, i) => sum + a * y[i]!, 0n);
  if (rows.length >= columns.length) {
    const square = columns.map((x) => [...columns.map((y) => dot(x, y)), dot(x, right)]);
    return eliminate(square)?.[0] ?? null;
  }
  // The shortest solution is the one of [I, -Aᵀ; A, 0] (x, y) = (0, b).
  const [m, n] = [rows.length, columns.length];
  const zeros = (length: number): bigint[] => Array.from({ length }, () => 0n);
  const upper = columns.map((column, j) => {
    const back = column.map((x) => -x);
    return zeros(n).with(j, 1n).concat(back, 0n);
  });
  const lower = rows.map((row, i) => row.concat(zeros(m), right[i]!));
  return eliminate([...upper, ...lower])?.[0]?.slice(0, n) ?? null;
}
