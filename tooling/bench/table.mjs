/**
 * Prints rows in columns: the first one to the left, numbers to the right.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | string[])[])[]} cells Lists in a row are cells one by one.
 */
export function printTable(head, cells) {
  const rows = cells.map((row) => row.flat());
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i].length)));
  /** @type {(row: readonly string[]) => string} */
  const line = (row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  console.log(`  ${line(head)}\n  ${widths.map((width) => "-".repeat(width)).join("  ")}`);
  for (const row of rows) console.log(`  ${line(row)}`);
  console.log();
}

/** @param {number} ns */
export function time(ns) {
  const [size, unit] =
    ns < 1e3 ? [1, "ns"] : ns < 1e6 ? [1e3, "µs"] : ns < 1e9 ? [1e6, "ms"] : [1e9, "s"];
  return `${digits(ns / size)} ${unit}`;
}

/** @param {number | null} x */
export function ratio(x) {
  return x === null ? "" : `${x < 10 ? x.toFixed(2) : x.toFixed(0)}x`;
}

/** @param {number} x */
function digits(x) {
  return x < 10 ? x.toFixed(2) : x < 100 ? x.toFixed(1) : x.toFixed(0);
}
