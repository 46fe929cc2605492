import { InputError } from "./InputError.ts";
import type { Rates } from "./lotkaVolterra.ts";
import type { Observations } from "./Observations.ts";
import type { Options } from "./readOptions.ts";
import type { Model } from "./solveModel.ts";

/** Rates that P. Howard fitted to these pelts ("Modeling Basics", 2009); a start as B. Carpenter's fit finds it (2018). */
export const published: Model = {
  rates: { alpha: 0.55, beta: 0.028, gamma: 0.84, delta: 0.026 },
  start: [33.9, 5.9],
};

/** A model, and where each of its numbers comes from. */
export interface ChosenModel extends Model {
  /** Whether all the numbers were fitted to the observations. */
  readonly isFitted: boolean;
  readonly origins: Readonly<Record<keyof Rates | "start", string>>;
}

/**
 * The model for the given observations.
 *
 * What the options say comes first. For the pelts the rest is as published. For other observations the
 * published `alpha` and `gamma` stay, and `beta` and `delta` are put on the scale of the counts:
 * Lotka and Volterra's populations average `gamma / delta` and `alpha / beta` over a cycle, and these become the
 * means of the observations. The start is then the first row.
 */
export function chooseModel(observations: Observations, options: Options): ChosenModel {
  const isOwn = options.file !== undefined;
  const { alpha = published.rates.alpha, gamma = published.rates.gamma } = options.rates;
  const scaled: Rates = {
    alpha,
    beta: alpha / mean(observations.predator),
    gamma,
    delta: gamma / mean(observations.prey),
  };
  const defaults = isOwn
    ? { rates: scaled, start: [observations.prey[0]!, observations.predator[0]!] as const }
    : published;
  const origin = (name: keyof Rates, other: string): string =>
    options.rates[name] === undefined ? other : `--${name}`;
  const scaledTo = (name: string): string =>
    isOwn ? `scaled to the mean of ${name}` : "published";
  const { prey, predator } = observations.names;
  const model: ChosenModel = {
    rates: { ...defaults.rates, ...options.rates },
    start: options.start ?? defaults.start,
    isFitted: !isOwn && options.start === undefined && Object.keys(options.rates).length === 0,
    origins: {
      alpha: origin("alpha", "published"),
      beta: origin("beta", scaledTo(predator)),
      gamma: origin("gamma", "published"),
      delta: origin("delta", scaledTo(prey)),
      start: options.start === undefined ? (isOwn ? "the first row" : "published") : "--start",
    },
  };
  if (model.start.includes(0)) {
    const name = model.start[0] === 0 ? prey : predator;
    throw new InputError(
      `${name} starts at 0 in the first row, and would stay there; say how the model starts with --start PREY,PREDATOR`,
    );
  }
  return model;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
