import { isTraced } from "@diffrax-ts/program";
import { isTensor } from "@diffrax-ts/pytree";

/**
 * A record whose traced values tell when they are asked for: one that is asked for has to be used by an operation or returned.
 * It is for what is a number or a text at top level. Compared with one, a traced value is never equal, without a word.
 *
 * @param advice - What the error says, by the name of the property; properties that are not named are left as they are.
 * @returns The record itself.
 */
export function watched<T extends object>(
  record: T,
  advice: { readonly [Key in keyof T]?: string },
): T {
  for (const [key, text] of Object.entries(advice) as [keyof T & string, string][]) {
    const value = record[key];
    if (!isTensor(value) || !isTraced(value)) continue;
    const { trace } = value;
    const get = (): T[keyof T] => {
      trace.asked?.(value, text);
      return value;
    };
    Object.defineProperty(record, key, { get, enumerable: true, configurable: true });
  }
  return record;
}
