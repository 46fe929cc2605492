import {
  type ControllerStart,
  packedLike,
  type StepDecision,
  type StepSizeController,
  type StepTried,
  type Tree,
  unpackTree,
} from "@diffrax-ts/protocol";
import { part, type Scalar } from "@diffrax-ts/pytree";

/** What is round a controller in a solve whose state has its leaves put together. */
interface RoundTree extends StepSizeController {
  readonly controller: StepSizeController;
}

type Started = ReturnType<StepSizeController["init"]>;
type AfterCut = NonNullable<StepSizeController["afterCut"]>;

/** A controller that sees the state as it is, though its leaves are put together. */
export function roundTree(controller: StepSizeController): RoundTree {
  const { kind, isAdaptive, tolerances, mayJump } = controller;
  return part(kind, {
    controller,
    isAdaptive,
    tolerances,
    mayJump,
    check,
    wrap,
    init,
    ...(controller.resume === undefined ? {} : { resume }),
    ...(controller.afterCut === undefined ? {} : { afterCut }),
    adaptStepSize,
  });
}

function check(this: RoundTree, ...given: Parameters<StepSizeController["check"]>): void {
  this.controller.check(...given);
}

function wrap(this: RoundTree, direction: Scalar | 1 | -1): RoundTree {
  return roundTree(this.controller.wrap(direction));
}

function init(this: RoundTree, start: ControllerStart): Started {
  return this.controller.init(unpackedStart(start));
}

function resume(this: RoundTree, state: Tree, start: ControllerStart): Started {
  return this.controller.resume!(state, unpackedStart(start));
}

function unpackedStart({ y0, func, ...start }: ControllerStart): ControllerStart {
  return {
    ...start,
    y0: unpackTree(y0),
    func: (t, y) => unpackTree(func(t, packedLike(y, y0))),
  };
}

function afterCut(this: RoundTree, ...cut: Parameters<AfterCut>): ReturnType<AfterCut> {
  return this.controller.afterCut!(...cut);
}

function adaptStepSize(
  this: RoundTree,
  { y0, y1Candidate, yError, ...step }: StepTried<Tree>,
): StepDecision<Tree> {
  return this.controller.adaptStepSize({
    ...step,
    y0: unpackTree(y0),
    y1Candidate: unpackTree(y1Candidate),
    yError: unpackTree(yError),
  });
}
