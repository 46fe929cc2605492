// Every package has declarations, and they compile without `skipLibCheck`.
import type * as adjoints from "@diffrax-ts/adjoints";
import type * as array from "@diffrax-ts/array";
import type * as autodiff from "@diffrax-ts/autodiff";
import type * as brownian from "@diffrax-ts/brownian";
import type * as citation from "@diffrax-ts/citation";
import type * as compiler from "@diffrax-ts/compiler";
import type * as core from "@diffrax-ts/core";
import type * as ensemble from "@diffrax-ts/ensemble";
import type * as events from "@diffrax-ts/events";
import type * as integrate from "@diffrax-ts/integrate";
import type * as interpolation from "@diffrax-ts/interpolation";
import type * as linearSolvers from "@diffrax-ts/linear-solvers";
import type * as ndarray from "@diffrax-ts/ndarray";
import type * as nn from "@diffrax-ts/nn";
import type * as plain from "@diffrax-ts/plain";
import type * as program from "@diffrax-ts/program";
import type * as progressMeters from "@diffrax-ts/progress-meters";
import type * as protocol from "@diffrax-ts/protocol";
import type * as pytree from "@diffrax-ts/pytree";
import type * as random from "@diffrax-ts/random";
import type * as rootFinders from "@diffrax-ts/root-finders";
import type * as saveat from "@diffrax-ts/saveat";
import type * as solvers from "@diffrax-ts/solvers";
import type * as solversImplicit from "@diffrax-ts/solvers-implicit";
import type * as solversSde from "@diffrax-ts/solvers-sde";
import type * as stepSizeControllers from "@diffrax-ts/step-size-controllers";
import type * as terms from "@diffrax-ts/terms";
import { assert, type Equal } from "./assert.ts";

export type Packages = [
  typeof adjoints,
  typeof array,
  typeof autodiff,
  typeof brownian,
  typeof citation,
  typeof compiler,
  typeof core,
  typeof ensemble,
  typeof events,
  typeof integrate,
  typeof interpolation,
  typeof linearSolvers,
  typeof ndarray,
  typeof nn,
  typeof plain,
  typeof program,
  typeof progressMeters,
  typeof protocol,
  typeof pytree,
  typeof random,
  typeof rootFinders,
  typeof saveat,
  typeof solvers,
  typeof solversImplicit,
  typeof solversSde,
  typeof stepSizeControllers,
  typeof terms,
];

assert<Equal<Packages[1], typeof array>>();
// @ts-expect-error -- `assert` tells types apart
assert<Equal<{ readonly a: number }, { a: number }>>();
