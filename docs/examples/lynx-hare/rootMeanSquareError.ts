/** The root of the mean of the squared differences: √(Σ (modelᵢ − dataᵢ)² / n). */
export function rootMeanSquareError(model: readonly number[], data: readonly number[]): number {
  const squares = data.map((value, i) => (model[i]! - value) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / data.length);
}
