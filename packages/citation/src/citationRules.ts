import { adjointRmsSeminorm } from "@diffrax-ts/adjoints";
import { isTraced } from "@diffrax-ts/program";
import type { StepSizeController } from "@diffrax-ts/protocol";
import { isTensor } from "@diffrax-ts/pytree";
import type { Citation, CitationRule } from "./CitationRule.ts";
import { type CitedSolve, controlsOf } from "./CitedSolve.ts";
import { referencesOf } from "./references.ts";
import { citeSolver } from "./citeSolver.ts";

/**
 * The rules that `citation` goes by, one after the other. Append to them what a solver, a term or a controller of your own has to cite.
 *
 * @example
 * ```ts
 * import { citation, citationRules } from "@diffrax-ts/citation";
 * import { Tsit5 } from "@diffrax-ts/solvers";
 *
 * citationRules.push(({ solver }) =>
 *   solver?.kind === "MySolver"
 *     ? {
 *         note: "MySolver is from",
 *         references: [{ key: "me2026", type: "misc", author: "Me", title: "A solver", year: 2026 }],
 *       }
 *     : null,
 * );
 * citation(undefined, { ...Tsit5(), kind: "MySolver" }).includes("@misc{me2026,");
 * // → true
 * citationRules.pop();
 * ```
 */
export const citationRules: CitationRule[] = [
  ourselves,
  adjoint,
  seminorm,
  brownianTree,
  levyArea,
  textbook,
  controlled,
  stochastic,
  citeSolver,
  firstStep,
  stepSizes,
];

function ourselves(): Citation {
  return {
    note: "@diffrax-ts follows Diffrax, which is citable as",
    references: referencesOf("kidger2021on"),
  };
}

function adjoint({ adjoint: how, terms }: CitedSolve): readonly Citation[] | null {
  const forward = {
    note: "Derivatives are those of the discretised solve (discretise, then optimise). Forward mode was studied in",
    references: referencesOf("ma2021comparison"),
  };
  if (how?.kind === "DirectAdjoint" || how?.kind === "ForwardMode") return [forward];
  if (how?.kind === "RecursiveCheckpointAdjoint") {
    return [
      forward,
      {
        note: "Reverse mode uses online checkpointing, from",
        references: referencesOf("stumm2010new", "wang2009minimal"),
      },
      {
        note: "and its counterpart for a known number of steps is from",
        references: referencesOf("griewank1992achieving", "griewank2000algorithm"),
      },
    ];
  }
  if (how?.kind !== "BacksolveAdjoint") return null;
  const { motions, others } = controlsOf(terms);
  if (motions.length > 0) {
    return [
      {
        note: "A stochastic equation is differentiated by solving its adjoint equations (optimise, then discretise), as introduced in",
        references: referencesOf("li2020scalable"),
      },
      { note: "and simplified in Section 5.2.3 of", references: referencesOf("kidger2021on") },
    ];
  }
  if (others.length > 0) {
    return [
      {
        note: "A controlled equation is differentiated by solving its adjoint equations (optimise, then discretise): Section 5.2.2 of",
        references: referencesOf("kidger2021on"),
      },
    ];
  }
  return [
    {
      note: "Derivatives are found by solving the adjoint equations (optimise, then discretise), for example in",
      references: referencesOf("chen2018neural"),
    },
    { note: "with a short proof in Section 5.1.2.1 of", references: referencesOf("kidger2021on") },
  ];
}

function seminorm({ adjoint: how }: CitedSolve): Citation | null {
  const { options } = (how ?? {}) as {
    readonly options?: { readonly stepsizeController?: StepSizeController };
  };
  const controllers = how?.kind === "BacksolveAdjoint" ? nested(options?.stepsizeController) : [];
  return controllers.some(({ tolerances }) => tolerances?.norm === adjointRmsSeminorm)
    ? {
        note: "The adjoint equations are solved with a seminorm, from",
        references: referencesOf("kidger2021hey"),
      }
    : null;
}

function brownianTree({ terms }: CitedSolve): Citation | null {
  return controlsOf(terms).motions.some(({ kind }) => kind === "VirtualBrownianTree")
    ? {
        note: "Brownian motion is that of a virtual Brownian tree, from",
        references: referencesOf("li2020scalable", "jelincic2024single"),
      }
    : null;
}

function levyArea({ terms }: CitedSolve): readonly Citation[] | null {
  const { motions } = controlsOf(terms);
  if (motions.every(({ levyArea: area }) => area === "BrownianIncrement")) return null;
  return [
    {
      note: "Brownian motion comes with its Lévy area, by the formulae of",
      references: referencesOf("jelincic2024single"),
    },
    { note: "and Theorem 6.1.6 of", references: referencesOf("foster2020numerical") },
  ];
}

function textbook({ solver, terms }: CitedSolve): readonly Citation[] | null {
  if (solver === undefined || controlsOf(terms).motions.length > 0) return null;
  const { termStructure } = solver;
  const isForNoise =
    typeof termStructure === "object" &&
    "sum" in termStructure &&
    termStructure.sum.some((wanted) => wanted !== "term" && wanted.name === "diffusion");
  if (isForNoise) return null;
  const cited: Citation[] = [
    "rootFinder" in solver
      ? {
          note: "The standard textbook on implicit solvers is",
          references: referencesOf("hairer1996solving"),
        }
      : {
          note: "The standard textbook on explicit solvers is",
          references: referencesOf("hairer1993solving"),
        },
  ];
  // A splitting method.
  if ("coefficients" in solver) {
    cited.push({
      note: "The textbook on symplectic solvers is",
      references: referencesOf("hairer2006geometric"),
    });
  }
  return cited;
}

function controlled({ terms }: CitedSolve): Citation | null {
  return controlsOf(terms).others.length === 0
    ? null
    : {
        note: "Controlled differential equations for data were studied in",
        references: referencesOf("kidger2020neural"),
      };
}

function stochastic({ terms }: CitedSolve): Citation | null {
  return controlsOf(terms).motions.length === 0
    ? null
    : {
        note: "The textbook on stochastic differential equations is",
        references: referencesOf("kloeden1992numerical"),
      };
}

function firstStep({ dt0 }: CitedSolve): Citation | null {
  return dt0 === null
    ? {
        note: "The first step is chosen as in Section II.4 of",
        references: referencesOf("hairer1993solving"),
      }
    : null;
}

function stepSizes({ stepsizeController, terms }: CitedSolve): readonly Citation[] {
  const isNoisy = controlsOf(terms).motions.length > 0;
  return nested(stepsizeController).flatMap((controller) => {
    if (controller.kind === "PIDController") {
      return isNoisy
        ? [
            {
              note: "Adaptive steps for stochastic equations are from",
              references: referencesOf("burrage2004adaptive", "ilie2015adaptive"),
            },
          ]
        : ofController(controller);
    }
    return isNoisy && "storeRejectedSteps" in controller && controller.storeRejectedSteps !== null
      ? [
          {
            note: "Adaptive steps that revisit the times of rejected ones, so that the noise stays right, are from",
            references: referencesOf("foster2024convergence"),
          },
        ]
      : [];
  });
}

function ofController(controller: StepSizeController): readonly Citation[] {
  const { pcoeff, dcoeff } = controller as unknown as Readonly<Record<string, unknown>>;
  if (known("dcoeff", dcoeff) !== 0) {
    return [
      {
        note: "Steps are adapted by a PID controller, from",
        references: referencesOf("soderlind2003digital"),
      },
    ];
  }
  if (known("pcoeff", pcoeff) !== 0) {
    return [
      {
        note: "Steps are adapted by a PI controller, from Section IV.2 of",
        references: referencesOf("hairer1996solving"),
      },
      { note: "and Sections 1 to 3 of", references: referencesOf("soderlind2002automatic") },
    ];
  }
  return [
    {
      note: "Steps are adapted by an I controller, from Section II.4 of",
      references: referencesOf("hairer1993solving"),
    },
  ];
}

function known(name: string, coefficient: unknown): unknown {
  if (!isTensor(coefficient)) return coefficient;
  if (!isTraced(coefficient)) return coefficient.item();
  throw new TypeError(
    `citation: stepsizeController.${name} is traced, and what is cited depends on it; call citation outside of grad, jit and vmap`,
  );
}

/** A controller, and those that it stands round. */
function nested(controller: StepSizeController | undefined): readonly StepSizeController[] {
  if (controller === undefined) return [];
  const { controller: inner } = controller as { readonly controller?: StepSizeController };
  return [controller, ...nested(inner)];
}
