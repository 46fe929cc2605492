// A place in the code for each key: engines make such a place fast as long as its key stays the same, which in a
// loop over keys it does not (110 ns instead of 10 for a state of two). A program has one or two vector fields that
// are called back, so the keys stay.
import type { Argument } from "./tuples.ts";

type Fields = Record<string, unknown>;

/** `record[keys[i]] = f64[at + i]`. */
export function storeFields(
  record: Fields,
  keys: readonly string[],
  f64: Float64Array,
  at: number,
): Fields {
  const n = keys.length;
  if (n > 0) record[keys[0]!] = f64[at]!;
  if (n > 1) record[keys[1]!] = f64[at + 1]!;
  if (n > 2) record[keys[2]!] = f64[at + 2]!;
  if (n > 3) record[keys[3]!] = f64[at + 3]!;
  if (n > 4) record[keys[4]!] = f64[at + 4]!;
  if (n > 5) record[keys[5]!] = f64[at + 5]!;
  for (let i = 6; i < n; i++) record[keys[i]!] = f64[at + i]!;
  return record;
}

/** `record[keys[i]] = make[i](f64, start)`. */
export function storeMade(
  record: Fields,
  keys: readonly string[],
  make: readonly Argument[],
  f64: Float64Array,
  start: number,
): Fields {
  const n = keys.length;
  if (n > 0) record[keys[0]!] = make[0]!(f64, start);
  if (n > 1) record[keys[1]!] = make[1]!(f64, start);
  if (n > 2) record[keys[2]!] = make[2]!(f64, start);
  if (n > 3) record[keys[3]!] = make[3]!(f64, start);
  for (let i = 4; i < n; i++) record[keys[i]!] = make[i]!(f64, start);
  return record;
}

/** `f64[at + i] = record[keys[i]]`; whether all were numbers, and there were no others. */
export function loadFields(
  result: unknown,
  keys: readonly string[],
  f64: Float64Array,
  at: number,
): boolean {
  const n = keys.length;
  if (typeof result !== "object" || result === null || Array.isArray(result)) return false;
  const record = result as Fields;
  return (
    hasCount(record, n) &&
    (n < 1 || load(record[keys[0]!], f64, at)) &&
    (n < 2 || load(record[keys[1]!], f64, at + 1)) &&
    (n < 3 || load(record[keys[2]!], f64, at + 2)) &&
    (n < 4 || load(record[keys[3]!], f64, at + 3)) &&
    (n < 5 || load(record[keys[4]!], f64, at + 4)) &&
    (n < 6 || load(record[keys[5]!], f64, at + 5)) &&
    (n < 7 || keys.every((key, i) => load(record[key], f64, at + i)))
  );
}

/** Whether a record has so many keys. A loop over its keys makes no list of them. */
export function hasCount(record: object, n: number): boolean {
  let count = 0;
  for (const key in record) if (Object.hasOwn(record, key)) count++;
  return count === n;
}

function load(x: unknown, f64: Float64Array, at: number): boolean {
  if (typeof x !== "number") return false;
  f64[at] = x;
  return true;
}

/** `f64[at + i] = list[i]`; whether it is a list of `n` numbers. */
export function loadNumbers(list: unknown, n: number, f64: Float64Array, at: number): boolean {
  if (!Array.isArray(list) && !ArrayBuffer.isView(list)) return false;
  const numbers = list as ArrayLike<unknown>;
  if (numbers.length !== n) return false;
  for (let i = 0; i < n; i++) {
    const x = numbers[i];
    if (typeof x !== "number") return false;
    f64[at + i] = x;
  }
  return true;
}
