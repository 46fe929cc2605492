// A ball that is listened to: how elastic it is, fitted through its impacts: `npm run example -- bouncing-ball`.
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import type { Properties } from "./ball.ts";
import { fit, guess } from "./fit.ts";
import { accuracy, hear, real } from "./measure.ts";
import { picture } from "./picture.ts";

await example("bouncing-ball", ({ quick }) => {
  const heard = hear(quick ? 6 : 12);
  const first = guess({ height: 1, restitution: 0.8, drag: 0.01 }, heard);
  const last = fit(first.ball, heard);
  const numbers = ({ height, restitution, drag }: Properties): string[] =>
    [height, restitution, drag].map((x) => x.toFixed(4));
  const milliseconds = (seconds: number): string => (1e3 * seconds).toFixed(2);
  console.log(
    table([
      ["", "height", "restitution", "drag", "error of an impact"],
      ["first guess", ...numbers(first.ball), `${milliseconds(first.error)} ms`],
      ["fitted", ...numbers(last.ball), `${milliseconds(last.error)} ms`],
      ["± standard error", ...numbers(last.standardErrors), ""],
      ["the ball itself", ...numbers(real), `${milliseconds(accuracy)} ms of noise`],
    ]),
  );
  console.log(`\n${heard.length} impacts, ${last.steps} steps of Levenberg and Marquardt`);
  return picture({ heard, first: first.ball, fitted: last.ball });
});
