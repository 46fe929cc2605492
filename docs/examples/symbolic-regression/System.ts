import { type Equation, withConstants } from "./Equation.ts";

/** Two equations, for `x'` and for `y'`. */
export type System<Value = number> = readonly [x: Equation<Value>, y: Equation<Value>];

/** The vector field of two equations, in ordinary arithmetic. */
export function slopesOf(
  _t: number,
  [x, y]: readonly [number, number],
  [equationOfX, equationOfY]: System,
): [number, number] {
  const sum = ({ terms, constants }: Equation): number =>
    terms.reduce((before, { value }, i) => {
      const { a, b } = constants[i]!;
      return before + a * value(x, y, b);
    }, 0);
  return [sum(equationOfX), sum(equationOfY)];
}

/** The same equations with other constants. */
export function changed<From, To>([x, y]: System<From>, f: (value: From) => To): System<To> {
  return [withConstants(x, f), withConstants(y, f)];
}
