import { relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { asCommand } from "./asCommand.ts";
import { type Chart, specOf } from "./chart.ts";
import { type Options, readOptions, usageOf } from "./readOptions.ts";
import { svgOf } from "./svgOf.ts";
import { writePicture } from "./writePicture.ts";

/**
 * Runs an example with the options that the user typed: `run` prints what there is to read, and returns what there is to see.
 *
 * The picture goes to `docs/examples/temp`, or where `--svg` says, seen from where the user is.
 */
export function example(
  name: string,
  run: (options: Options) => Chart | Promise<Chart>,
): Promise<void> {
  return asCommand(async () => {
    const options = readOptions(name, process.argv.slice(2));
    if (options.help) return console.log(usageOf(name));
    const chart = await run(options);
    const file = resolve(options.svg ?? fileURLToPath(import.meta.resolve(`#temp/${name}.svg`)));
    writePicture(file, await svgOf(specOf(chart)));
    console.log(`\npicture written to ${relative("", file)}`);
  });
}
