import { reshape } from "@diffrax-ts/array";
import { bandRowsOf, bandwidthOf } from "./band.ts";
import { inSpace, outSpace } from "./flat.ts";
import type { LinearOperator } from "./LinearOperator.ts";
import { bandedOperator } from "./operators/BandedLinearOperator.ts";
import { DiagonalLinearOperator } from "./operators/DiagonalLinearOperator.ts";
import { MatrixLinearOperator } from "./operators/MatrixLinearOperator.ts";
import { TaggedLinearOperator } from "./operators/TaggedLinearOperator.ts";
import { LINEAR_TAGS } from "./tags.ts";
import { sameSpace, unpacked } from "./vectors.ts";

/** `materialise` of operators that are known by their products. */
export function materialised(this: LinearOperator): LinearOperator {
  const [from, to] = [inSpace(this), outSpace(this)];
  const tags = LINEAR_TAGS.filter((tag) => this.has(tag));
  const bandwidth = bandwidthOf(this);
  const isVector = from.types.length === 1 && from.types[0]!.shape.length === 1;
  if (bandwidth !== null && sameSpace(from, to)) {
    const { lower, upper } = bandwidth;
    const rows = bandRowsOf(this.kind, this, bandwidth);
    if (lower + upper === 0) {
      const diagonal = DiagonalLinearOperator(unpacked(from, reshape(rows, [from.size])));
      const others = tags.filter((tag) => !diagonal.has(tag));
      return others.length === 0 ? diagonal : TaggedLinearOperator(diagonal, { tags: others });
    }
    if (isVector && from.structure.children.length === 0)
      return bandedOperator(rows, bandwidth, tags);
  }
  const [inStructure, outStructure] = [this.inStructure(), this.outStructure()];
  return MatrixLinearOperator<unknown, unknown>(this.asMatrix(), {
    tags,
    inStructure,
    outStructure,
  });
}
