import { describeValue } from "./describeValue.ts";
import { isPart } from "./part.ts";
import { isPlainPrototype } from "./Structure.ts";

/**
 * Options, each read once: a copy, so that a getter cannot answer differently later, and nothing inherited is taken for an option.
 * One of another name would be ignored without a word, and is an error instead.
 *
 * @param name - Of the function that takes them, for its errors.
 * @param known - The names that there are.
 * @param elsewhere - What to write for names that others use.
 * @throws TypeError for another name, or for something that is no record of options.
 *
 * @example
 * ```ts
 * import { checkOptions } from "@diffrax-ts/pytree";
 *
 * const { axis = 0 } = checkOptions("flip", { axis: 1 }, ["axis"]);
 * axis;
 * // → 1
 * ```
 */
export function checkOptions<Options extends object>(
  name: string,
  options: Options,
  known: readonly (keyof Options & string)[],
  elsewhere: Readonly<Record<string, string>> = {},
): Options {
  if (!isPlainPrototype(Object.getPrototypeOf(options ?? 0) as object | null) || isPart(options)) {
    throw new TypeError(
      `${name}: expected options such as { ${known[0]}: … }, got ${describeValue(options)}`,
    );
  }
  const read = ownCopy(options);
  const names: readonly string[] = known;
  for (const key in read) {
    if (!names.includes(key))
      throw new TypeError(
        `${name}: there is no option ${key}, only ${names.join(", ")}${suggestion(key, names, elsewhere)}`,
      );
  }
  return read;
}

/** Of so few names it is plain which one was meant. */
const fewNames = 4;

/** What to write, or the name that somebody may have meant who wrote another one: the same letters in another case, or all but one or two of them. */
function suggestion(
  key: string,
  names: readonly string[],
  elsewhere: Readonly<Record<string, string>>,
): string {
  if (Object.hasOwn(elsewhere, key)) return `; write ${elsewhere[key]!}`;
  if (names.length <= fewNames) return "";
  const distances = names.map((name) => editDistance(key.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  if (least > Math.min(2, key.length / 3)) return "";
  return `; did you mean ${names[distances.indexOf(least)]!}?`;
}

/** How many letters have to be changed, left out or put in to get from one word to another (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/**
 * A copy of a record, each of its own properties read once. Nothing inherited is in it.
 *
 * @example
 * ```ts
 * import { ownCopy } from "@diffrax-ts/pytree";
 *
 * let reads = 0;
 * const copy = ownCopy({ get t1() { return ++reads; } });
 * [copy.t1, copy.t1];
 * // → [1, 1]
 * ```
 */
export function ownCopy<T extends object>(record: T): T {
  // Without a prototype a record is slow, and nearly never has it to be.
  return hasInheritors() ? (Object.assign(Object.create(null), record) as T) : { ...record };
}

const emptyRecord: object = {};

/** Whether somebody has put enumerable properties into `Object.prototype`, so that every record seems to have them. */
function hasInheritors(): boolean {
  for (const _ in emptyRecord) return true;
  return false;
}
