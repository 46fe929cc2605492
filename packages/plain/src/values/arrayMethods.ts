import { isTensor } from "@diffrax-ts/pytree";
import { branchValue } from "../machine/branch.ts";
import {
  countTurns,
  fail,
  type Machine,
  mistake,
  own,
  resolve,
  touch,
} from "../machine/Machine.ts";
import { elementAt, elementsOf, liveElements } from "./elements.ts";
import { truthOf } from "./numbers.ts";

/** Methods that are run on the elements as they are. */
const reading = " at concat entries flat join keys slice toReversed toSpliced values with ";
/** … with a function that is called. */
const calling = " flatMap forEach map reduce reduceRight ";
/** … where the function has to say yes or no for certain. */
const asking = " filter find findIndex findLast findLastIndex ";
/** … where elements are compared. */
const searching = " includes indexOf lastIndexOf ";
/** … after noting that they will change. */
const changing = " fill pop push reverse shift splice unshift set ";

/** `list.name(...args)`. */
export function callArrayMethod(
  m: Machine,
  list: ArrayLike<unknown>,
  name: string,
  args: readonly unknown[],
): unknown {
  const is = (methods: string): boolean => methods.includes(` ${name} `);
  const [asks, calls, changes] = [is(asking), is(asking) || is(calling), is(changing)];
  const isQuantifier = name === "some" || name === "every";
  // What is called may change the elements that it is called with next.
  const elements = calls || isQuantifier ? liveElements(m, list) : elementsOf(m, list);
  if (isQuantifier) return quantify(m, elements, args[0], name === "some");
  if (!calls && !changes && !is(reading + searching))
    fail(
      m,
      `.${name} of an array is not read`,
      "use a loop, or array operations in a traced(…) function",
    );
  if (changes) touch(m, list);
  if (is(searching) && [...elements, args[0]].some(isTensor))
    fail(m, `.${name} among traced values`, "compare in a loop");
  if (name === "set") {
    const [source, offset = 0] = args as readonly [unknown, number?];
    for (const [i, value] of elementsOf(m, source).entries())
      (list as unknown[])[offset + i] = value;
    return undefined;
  }
  const operands = args.map((arg) => {
    if (typeof arg === "function" && calls) return callback(m, arg, asks ? name : null);
    // Rows of a matrix are arrays, for concat and flat.
    return name === "concat" && isTensor(arg) && arg.shape.length > 0 ? elementsOf(m, arg) : arg;
  });
  const method = (
    Array.prototype as unknown as Readonly<
      Record<string, ((...args: readonly unknown[]) => unknown) | undefined>
    >
  )[name];
  if (method === undefined)
    fail(m, `.${name} is not known here`, "copy the array first, and change the copy");
  if (elements.length === 0 && name.startsWith("reduce") && args.length < 2)
    mistake(m, "an empty array is reduced without a first value", "give one as second argument");
  const target = changes ? list : elements;
  const result = method.apply(target, operands);
  if (name === "keys" || name === "values" || name === "entries") {
    return own(
      m,
      Array.from(result as Iterable<unknown>, (x) =>
        Array.isArray(x) ? own(m, x as unknown[]) : x,
      ),
    );
  }
  if (result === target) return list;
  const isMade = Array.isArray(result) && !m.born.has(result) && !elements.includes(result);
  if (!isMade) return calls ? resolve(m, result) : result;
  return own(m, calls ? elementsOf(m, result) : result) as unknown[];
}

function callback(
  m: Machine,
  f: unknown,
  asks: string | null,
): (...args: readonly unknown[]) => unknown {
  const { at } = m;
  return (...args) => {
    countTurns(m, 1, at);
    const values = args.map((arg) => resolve(m, arg));
    const result = m.call(f, values);
    m.at = at;
    if (asks === null) return result;
    const truth = truthOf(m, result);
    return typeof truth === "boolean"
      ? truth
      : fail(
          m,
          `what .${asks} finds depends on a traced value`,
          "choose numbers with ?:, not elements",
        );
  };
}

/** Whether `f` holds for some element, or for every one. */
function quantify(m: Machine, elements: readonly unknown[], f: unknown, isSome: boolean): unknown {
  const { length } = elements;
  const from = (i: number): unknown => {
    if (i === length) return !isSome;
    countTurns(m, 1);
    const truth = truthOf(m, m.call(f, [elementAt(m, elements, i), i, elements]));
    const rest = (): unknown => from(i + 1);
    return isSome
      ? branchValue(m, truth, () => true, rest)
      : branchValue(m, truth, rest, () => false);
  };
  return from(0);
}
