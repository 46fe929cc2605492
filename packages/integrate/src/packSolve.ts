import { holdsPacked, isList, packTree, type Tree } from "@diffrax-ts/protocol";
import { packTerms } from "@diffrax-ts/terms";
import { roundTree } from "./roundTree.ts";
import type { SolveConfig } from "./SolveConfig.ts";

/**
 * A solve whose state has many leaves that are alike, as one with few and larger leaves: what works on the state element by element works
 * on vectors, and is as long for 5000 numbers as for one. The functions of the user, and parts that do not say that they work so, see the
 * state as it is; a solver or an event that does not leaves all as it is.
 */
export function packSolve(config: SolveConfig): SolveConfig {
  const { solver, event, terms, controller } = config;
  if (solver.isElementwise !== true || (event !== null && event.isElementwise !== true))
    return config;
  // Of several terms each changes a part of the state.
  const y0 = isList(terms)
    ? (config.y0 as readonly Tree[]).map((one) => packTree(one))
    : packTree(config.y0);
  if (!holdsPacked(y0)) return config;
  return {
    ...config,
    y0,
    terms: packTerms(terms, y0),
    controller: controller.isElementwise === true ? controller : roundTree(controller),
  };
}
