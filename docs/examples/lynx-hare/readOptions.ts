import { parseArgs } from "node:util";
import { InputError } from "../shared/InputError.ts";
import type { Populations, Rates } from "./lotkaVolterra.ts";

/** What the user asked for. */
export interface Options {
  readonly help: boolean;
  /** A CSV file of the user's own. */
  readonly file?: string;
  /** Where the picture goes. */
  readonly svg?: string;
  /** Whether the model is fitted. If not, it is drawn as the fit would begin. */
  readonly fit: boolean;
  /** Where the fit begins. */
  readonly rates: Partial<Rates>;
  /** Where the fit begins: the populations at the first time. */
  readonly start?: Populations;
}

/** What `--help` prints. */
export const usage = `npm start                        lynx and hare pelts, 1900 to 1920
npm start -- path/to/file.csv    two species of your own: columns time, prey, predator

  --alpha, --beta, --gamma, --delta NUMBER    where the fit begins: the rates of the model
  --start PREY,PREDATOR                       where the fit begins: the populations at the first time
  --no-fit                                    draws what the fit would begin with
  --svg FILE                                  where the picture is written
  --help                                      this text`;

const rateNames = ["alpha", "beta", "gamma", "delta"] as const;

/** @throws InputError if an argument is unknown, or its value is not of the kind it takes. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const [file, another] = positionals;
  if (another !== undefined) throw mistake(`expected one file, got ${file} and ${another}`);
  const { svg, start } = values;
  const rates: { -readonly [Name in keyof Rates]?: number } = {};
  for (const name of rateNames) {
    const text = values[name];
    if (text !== undefined) rates[name] = positive(text, `--${name}`);
  }
  return {
    help: values.help === true,
    fit: values["no-fit"] !== true,
    rates,
    ...(file === undefined ? {} : { file }),
    ...(svg === undefined ? {} : { svg }),
    ...(start === undefined ? {} : { start: readStart(start) }),
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        "no-fit": { type: "boolean" },
        svg: text,
        start: text,
        alpha: text,
        beta: text,
        gamma: text,
        delta: text,
      },
    });
  } catch (error) {
    throw mistake((error as Error).message.replace(/\. To specify a positional[\s\S]*/, ""));
  }
}

function readStart(text: string): Populations {
  const parts = text.split(",");
  if (parts.length !== 2) {
    throw mistake(`--start: expected two numbers such as 33.9,5.9, got "${text}"`);
  }
  const [prey, predator] = parts.map((part) => positive(part, "--start"));
  return [prey!, predator!];
}

function positive(text: string, name: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value > 0 && value < Infinity) return value;
  throw mistake(`${name}: expected a number above 0, got "${text}"`);
}

function mistake(message: string): InputError {
  return new InputError(`${message}\n\n${usage}`);
}
