// The main example, run by `npm start`: two species over time, against the model of Lotka and Volterra.
import { dirname, join, parse, relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { np } from "@diffrax-ts/core";
import { captionsOf } from "./captionsOf.ts";
import { chooseModel } from "./chooseModel.ts";
import { InputError } from "./InputError.ts";
import { modelText } from "./modelText.ts";
import { picture } from "./picture.ts";
import { readObservations } from "./readObservations.ts";
import { type Options, readOptions, usage } from "./readOptions.ts";
import { resultText } from "./resultText.ts";
import { panelsOf } from "./Series.ts";
import { solveModel } from "./solveModel.ts";
import { terminalChart } from "./terminalChart.ts";
import { timeSolves } from "./timeSolves.ts";
import { writePicture } from "./writePicture.ts";

const pelts = fileURLToPath(import.meta.resolve("#lynx-hare/pelts.csv"));

// Whoever reads the output may stop before its end, as in `npm start | head`.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  process.exit(code === "EPIPE" ? 0 : 1);
});

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else await compare(options);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Prints how the model compares with the data, and draws both. */
async function compare(options: Options): Promise<void> {
  const observations = readObservations(options.file ?? pelts);
  const { times } = observations;
  const model = chooseModel(observations, options);
  const captions = captionsOf(observations, options.file);
  const timing = timeSolves(() => solveModel(model, times), 100);
  const smooth = solveModel(model, np.linspace(times[0]!, times.at(-1)!, 1000).toArray());
  const panels = panelsOf(observations, smooth);

  console.log(`\n${captions.title}\n`);
  console.log(`${modelText(model, observations)}\n`);
  console.log(`${resultText(observations, timing)}\n`);
  console.log(`${captions.subtitle.join("\n")}\n`);
  for (const panel of panels) {
    console.log(
      `${terminalChart(panel, { ...terminal(), height: panels.length > 1 ? 10 : 18 })}\n`,
    );
  }

  const { name } = parse(options.file ?? "lynx-hare");
  const file = resolve(options.svg ?? join(dirname(pelts), "../temp", `${name}.svg`));
  writePicture(file, await picture(panels, captions));
  console.log(`picture written to ${relative("", file)}`);
}

/** What the terminal can show: `NO_COLOR` and customs like it are Node's to know. */
function terminal(): { width: number; color: boolean } {
  const { isTTY, columns } = process.stdout;
  const width = isTTY && columns > 0 ? Math.min(columns, 100) : 80;
  return { width, color: isTTY && process.stdout.hasColors(256) };
}
