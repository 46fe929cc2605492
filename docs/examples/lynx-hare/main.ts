// The main example, run by `npm start`: the model of Lotka and Volterra, fitted to two species over time.
import { dirname, join, parse, relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { np } from "@diffrax-ts/core";
import { bestGuess } from "./bestGuess.ts";
import { captionsOf } from "./captionsOf.ts";
import { fitModel } from "./fitModel.ts";
import { fitText } from "./fitText.ts";
import { guessesFor } from "./guesses.ts";
import { asCommand } from "../shared/asCommand.ts";
import { svgOf } from "../shared/svgOf.ts";
import { modelText } from "./modelText.ts";
import { pictureOf } from "./picture.ts";
import { readObservations } from "./readObservations.ts";
import { type Options, readOptions, usage } from "./readOptions.ts";
import { resultText } from "./resultText.ts";
import { seriesOf } from "./Series.ts";
import { solveModel } from "./solveModel.ts";
import { terminalChart } from "./terminalChart.ts";
import { timed, timeSolves } from "./timeSolves.ts";
import { writePicture } from "../shared/writePicture.ts";

const pelts = fileURLToPath(import.meta.resolve("#lynx-hare/pelts.csv"));

await asCommand(async () => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else await fitAndShow(options);
});

/** Fits the model to the data, prints what comes of it, and draws both. */
async function fitAndShow(options: Options): Promise<void> {
  const observations = readObservations(options.file ?? pelts);
  const { times } = observations;
  const smooth = np.linspace(times[0]!, times.at(-1)!, 1000).toArray();

  const guesses = guessesFor(observations, options);
  const { first, next } = timeSolves(() => solveModel(guesses[0]!, times), 100);
  const [{ guess, fit }, milliseconds] = timed(() => {
    const guess = bestGuess(observations, guesses);
    return { guess, fit: options.fit ? fitModel(observations, guess) : undefined };
  });

  const model = fit?.model ?? guess;
  const panels = seriesOf(observations, [
    { name: fit === undefined ? "model" : "fit", curves: solveModel(model, smooth) },
    ...(fit === undefined ? [] : [{ name: "first guess", curves: solveModel(guess, smooth) }]),
  ]);
  const captions = captionsOf(observations, options);

  console.log(`\n${captions.title}\n`);
  console.log(`${modelText({ guess, fit }, observations, options)}\n`);
  if (fit !== undefined) console.log(`${fitText(fit, observations, guesses.length)}\n`);
  const timings = { solve: { first, next }, fit: fit && milliseconds };
  console.log(`${resultText(observations, solveModel(model, times), timings)}\n`);
  console.log(`${captions.subtitle.join("\n")}\n`);
  for (const panel of panels) {
    console.log(`${terminalChart(panel, { ...terminal(), height: 12 })}\n`);
  }

  const { name } = parse(options.file ?? "lynx-hare");
  const file = resolve(options.svg ?? join(dirname(pelts), "../temp", `${name}.svg`));
  writePicture(file, await svgOf(pictureOf(panels, captions)));
  console.log(`picture written to ${relative("", file)}`);
}

/** What the terminal can show: `NO_COLOR` and customs like it are Node's to know. */
function terminal(): { width: number; color: boolean } {
  const { isTTY, columns } = process.stdout;
  const width = isTTY && columns > 0 ? Math.min(columns, 100) : 80;
  return { width, color: isTTY && process.stdout.hasColors(256) };
}
