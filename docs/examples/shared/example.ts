import { relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Chart } from "./chart.ts";
import { draw } from "./draw.ts";
import { InputError } from "./InputError.ts";
import { type Options, readOptions, usageOf } from "./readOptions.ts";
import { writePicture } from "./writePicture.ts";

/**
 * Runs an example with the options that the user typed: `run` prints what there is to read, and returns what there is to see.
 *
 * The picture goes to `docs/examples/temp`, or where `--out` says, seen from where the user is.
 */
export async function example(
  name: string,
  run: (options: Options) => Chart | Promise<Chart>,
): Promise<void> {
  // Whoever reads the output may stop before its end, as in `npm run example -- hessian | head`.
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    process.exit(code === "EPIPE" ? 0 : 1);
  });
  try {
    const options = readOptions(name, process.argv.slice(2));
    if (options.help) return console.log(usageOf(name));
    const chart = await run(options);
    const file = resolve(options.out ?? fileURLToPath(import.meta.resolve(`#temp/${name}.svg`)));
    writePicture(file, await draw(chart));
    console.log(`\npicture written to ${relative("", file)}`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
