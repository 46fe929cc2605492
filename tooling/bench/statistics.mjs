/** @param {readonly number[]} xs */
export function median(xs) {
  const sorted = [...xs].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * `max |a - b| / (1 + |b|)`
 *
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 */
export function difference(a, b) {
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]) / (1 + Math.abs(b[i]))));
}
