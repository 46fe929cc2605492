import { ok } from "node:assert/strict";
import { distance, numbersOf } from "./numbers.ts";
import { flat, solved, type Subject } from "./Subject.ts";

/** Dense output goes through the start, its slope is that of its values, and it comes closer with shorter steps. */
export function interpolates(subject: Subject): void {
  const { problem, span, coarsest } = subject;
  const { kind } = subject.make();
  const dt = span / coarsest;
  const dense = (dt0: number) => {
    const solution = solved(subject, [0, 4 * dt], { dt0, saveat: { dense: true } });
    return {
      at: (t: number) => numbersOf(solution.evaluate(t)),
      slope: (t: number) => numbersOf(solution.derivative(t)),
    };
  };
  const [whole, half] = [dense(dt), dense(dt / 2)];
  const start = distance(whole.at(0), flat(problem.solutionAt(0)));
  ok(start < 1e-12, `${kind}: the interpolation begins beside the start, by ${start}`);

  const t = 1.6 * dt;
  const h = 1e-4 * dt;
  const differences = whole.at(t + h).map((x, i) => (x - whole.at(t - h)[i]!) / (2 * h));
  const apart = distance(differences, whole.slope(t));
  ok(
    apart < 1e-6,
    `${kind}: the derivative of the interpolation is not that of its values, by ${apart}`,
  );

  const errorOf = ({ at }: typeof whole): number =>
    [0.3, 1.3, 2.3, 3.3].reduce(
      (most, s) => Math.max(most, distance(at(s * dt), flat(problem.solutionAt(s * dt)))),
      0,
    );
  const [large, small] = [errorOf(whole), errorOf(half)];
  ok(
    small < 0.7 * large,
    `${kind}: the interpolation comes no closer to the solution with half the step: ${large}, then ${small}`,
  );
}
