import { cos, sum } from "@diffrax-ts/array";
import { BacksolveAdjoint, Dopri5, PIDController, valueAndGrad } from "@diffrax-ts/core";
import type { Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";
import { type Closeness, differences } from "./differences.ts";
import { readFigures } from "./figures.ts";
import type { JsonTree } from "./jsonTree.ts";
import { problems } from "./problems.ts";
import { asField } from "./parts.ts";
import { solveParts } from "../support/solveParts.ts";

/** A solve of `odeint`, and the gradient of the sum of the cosines of all that is saved. */
interface OdeintCase {
  readonly id: string;
  readonly problem: { readonly name: string; readonly args: Readonly<Record<string, number>> };
  readonly y0: readonly number[];
  readonly ts: readonly number[];
  readonly rtol: number;
  readonly atol: number;
  readonly expected: { readonly ys: JsonTree; readonly gradSumCos: JsonTree };
  readonly tolerance: Closeness;
}

const { cases } = readFigures<OdeintCase>("odeint");

// What Diffrax's documentation gives as the equivalent of `jax.experimental.ode.odeint`.
test.each(cases)("$id: the equivalent of odeint has its values and gradients", (figure) => {
  const { problem, y0, ts, rtol, atol, expected, tolerance } = figure;
  for (const writing of ["onTensors", "plain"] as const) {
    const loss = ({ y0: start, args }: { y0: Tensor; args: unknown }) => {
      const { ys } = solveParts(
        asField(problems[problem.name]!, writing),
        Dopri5({ scanStages: true }),
        {
          t0: ts[0]!,
          t1: ts.at(-1)!,
          dt0: null,
          y0: start,
          args,
          saveat: { ts },
          stepsizeController: PIDController({ rtol, atol }),
          adjoint: BacksolveAdjoint(),
          maxSteps: null,
        },
      );
      return [sum(cos(ys)), ys] as const;
    };
    const variables = { y0: Float64Array.from(y0), args: problem.args };
    const { grad, aux } = valueAndGrad(loss, { hasAux: true })(variables as never);
    const gradient = grad as unknown as { y0: Float64Array; args: object };
    expect([
      ...differences(aux, expected.ys, tolerance, "ys"),
      ...differences({ ...gradient, y0: [...gradient.y0] }, expected.gradSumCos, tolerance, "grad"),
    ]).toEqual([]);
  }
});
