import { describeValue } from "@diffrax-ts/pytree";

/** The conditions of higher orders are too many to look at whenever a method is made. */
const highestOrder = 8;

/** What the numbers of a method are held against. Each throws a RangeError that names the field. */
export interface TableChecks {
  readonly refuse: (what: string) => never;
  readonly requireNumbers: (
    field: string,
    numbers: readonly number[],
    length: number,
    why: string,
  ) => void;
  readonly requireSum: (
    field: string,
    numbers: readonly number[],
    wanted: number,
    words: string,
  ) => void;
  /** @param reached - The highest order reached, of those up to the one that it is given. */
  readonly requireOrder: (
    field: string,
    claimed: number,
    of: string,
    reached: (most: number) => number,
  ) => void;
}

/** @param what - What errors begin with: the maker, the method, and the name of its table. */
export function tableChecks(what: string): TableChecks {
  const refuse = (why: string): never => {
    throw new RangeError(`${what}.${why}`);
  };
  return {
    refuse,
    requireNumbers(field, numbers, length, why) {
      if (!Array.isArray(numbers) || numbers.length !== length)
        refuse(`${field}: expected ${length} numbers, ${why}, got ${describeValue(numbers)}`);
      const i = numbers.findIndex((x) => !Number.isFinite(x));
      if (i >= 0)
        refuse(`${field}[${i}]: expected a finite number, got ${describeValue(numbers[i])}`);
    },
    requireSum(field, numbers, wanted, words) {
      const sum = numbers.reduce((total, x) => total + x, 0);
      const scale = numbers.reduce((total, x) => total + Math.abs(x), Math.abs(wanted));
      // As exact as tables with ten digits are.
      if (!(Math.abs(sum - wanted) <= 1e-8 * scale))
        refuse(`${field}: expected the sum ${words} = ${wanted}, got ${sum}`);
    },
    requireOrder(field, claimed, of, reached) {
      if (!(typeof claimed === "number" && claimed > 0 && claimed < Infinity))
        refuse(`${field}: expected a finite number above 0, got ${describeValue(claimed)}`);
      // A fraction claims the conditions of whole orders below it.
      const conditions = Math.min(Math.floor(claimed), highestOrder);
      const most = reached(conditions);
      if (most < conditions) {
        refuse(
          `${field}: expected at most ${most}, as ${of} do not fulfil the conditions of order ${most + 1}, got ${claimed}`,
        );
      }
    },
  };
}
