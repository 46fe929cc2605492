import { parseArgs } from "node:util";
import { InputError } from "./InputError.ts";

/** What the user asked for. */
export interface Options {
  /** To do less of what takes long, so that it ends within seconds. */
  readonly quick: boolean;
  /** Where the picture goes. */
  readonly svg?: string;
  readonly help: boolean;
}

/** @throws InputError if an argument is unknown. */
export function readOptions(name: string, args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: "boolean" },
        svg: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    return { quick: false, help: false, ...values };
  } catch (error) {
    const message = (error as Error).message.replace(/\. To specify a positional[\s\S]*/, "");
    throw new InputError(`${message}\n\n${usageOf(name)}`, { cause: error });
  }
}

/** What `--help` prints. */
export function usageOf(name: string): string {
  return `npm run example -- ${name} [options]

  --quick       does less of what takes long
  --svg FILE    where the picture is written
  --help        this text`;
}
