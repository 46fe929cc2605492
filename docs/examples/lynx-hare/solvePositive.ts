/**
 * Solves `A x = b` for a symmetric, positive definite `A`, by Cholesky's `A = L Lᵀ`.
 *
 * Of a matrix that is not positive definite it makes `NaN`, by the root of a negative number.
 */
export function solvePositive(
  a: readonly (readonly number[])[],
  b: readonly number[],
): readonly number[] {
  const n = b.length;
  const lower = a.map((): number[] => []);
  const y: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = a[i]![j]! - dot(lower[i]!.slice(0, j), lower[j]!);
      lower[i]!.push(i === j ? Math.sqrt(rest) : rest / lower[j]![j]!);
    }
    y.push((b[i]! - dot(y, lower[i]!)) / lower[i]![i]!); // L y = b
  }
  const x = [...y];
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i]! -= lower[j]![i]! * x[j]!;
    x[i]! /= lower[i]![i]!; // Lᵀ x = y
  }
  return x;
}

/** `Σ xᵢ yᵢ`, over the places of `x`. */
export function dot(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, value, i) => sum + value * y[i]!, 0);
}
