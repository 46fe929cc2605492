import type { Populations, Rates } from "./lotkaVolterra.ts";

/** What makes a model: six numbers, or six scalars while a function is traced. */
export interface Model<Value = number> {
  readonly rates: Rates<Value>;
  /** The populations at the first time. */
  readonly start: Populations<Value>;
}

/** The six in a row, as a fit wants them. */
export type Numbers<Value = number> = readonly [
  alpha: Value,
  beta: Value,
  gamma: Value,
  delta: Value,
  prey: Value,
  predator: Value,
];

/** The numbers of a model in a row. */
export function numbersOf<Value>({ rates, start }: Model<Value>): Numbers<Value> {
  return [rates.alpha, rates.beta, rates.gamma, rates.delta, ...start];
}

/** The model that has these numbers. */
export function modelOf<Value>(numbers: Numbers<Value>): Model<Value> {
  const [alpha, beta, gamma, delta, ...start] = numbers;
  return { rates: { alpha, beta, gamma, delta }, start };
}

/** The same for each of the six. */
export function mapNumbers<Value, Result>(
  numbers: Numbers<Value>,
  f: (value: Value, place: number) => Result,
): Numbers<Result> {
  return numbers.map((value, place) => f(value, place)) as unknown as Numbers<Result>;
}
