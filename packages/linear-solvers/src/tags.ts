import { describeValue } from "@diffrax-ts/pytree";

/**
 * What an operator can be declared to be. It is taken as true: solvers choose and leave out work by it.
 *
 * `"diagonal"` implies `"tridiagonal"`, `"lowerTriangular"` and `"upperTriangular"`; it and both kinds of semidefinite imply `"symmetric"`.
 */
export const LINEAR_TAGS = [
  "symmetric",
  "diagonal",
  "tridiagonal",
  "unitDiagonal",
  "lowerTriangular",
  "upperTriangular",
  "positiveSemidefinite",
  "negativeSemidefinite",
] as const;

/** A property of a linear operator. */
export type LinearTag = (typeof LINEAR_TAGS)[number];

/** One tag, or several. */
export type LinearTags = LinearTag | readonly LinearTag[];

/** What follows from other tags: one of these is enough. */
const impliedBy: Readonly<Partial<Record<LinearTag, readonly LinearTag[]>>> = {
  symmetric: ["diagonal", "positiveSemidefinite", "negativeSemidefinite"],
  tridiagonal: ["diagonal"],
  lowerTriangular: ["diagonal"],
  upperTriangular: ["diagonal"],
};

/**
 * Tags as a list, each once, in one order: equal sets of tags are equal lists.
 *
 * @param name - Of the function that was given them, for errors.
 * @throws TypeError for a tag that there is not.
 *
 * @example
 * ```ts
 * import { tagList } from "@diffrax-ts/linear-solvers";
 *
 * tagList("MySolver", ["tridiagonal", "symmetric"]);
 * // → ["symmetric", "tridiagonal"]
 * ```
 */
export function tagList(name: string, tags: LinearTags): readonly LinearTag[] {
  if (typeof tags !== "string" && !Array.isArray(tags)) {
    throw new TypeError(
      `${name}: tags must be a tag or a list of them, got ${describeValue(tags)}`,
    );
  }
  const given: readonly string[] = typeof tags === "string" ? [tags] : tags;
  const unknown = given.find((tag) => !LINEAR_TAGS.includes(tag as LinearTag));
  if (unknown === undefined) return LINEAR_TAGS.filter((tag) => given.includes(tag));
  throw new TypeError(
    `${name}: there is no tag ${describeValue(unknown)}, only ${LINEAR_TAGS.join(", ")}`,
  );
}

/** Whether a property is among tags, or follows from them. */
export function tagsImply(tags: readonly LinearTag[], tag: LinearTag): boolean {
  return tags.includes(tag) || (impliedBy[tag] ?? []).some((other) => tags.includes(other));
}

/** The tag of the transposed operator. */
export function transposedTag(tag: LinearTag): LinearTag {
  if (tag === "lowerTriangular") return "upperTriangular";
  return tag === "upperTriangular" ? "lowerTriangular" : tag;
}

/**
 * The tags of the transposed operator.
 *
 * @example
 * ```ts
 * import { transposeTags } from "@diffrax-ts/linear-solvers";
 *
 * transposeTags(["lowerTriangular", "unitDiagonal"]);
 * // → ["unitDiagonal", "upperTriangular"]
 * ```
 */
export function transposeTags(tags: LinearTags): readonly LinearTag[] {
  const list = tagList("transposeTags", tags);
  return tagList("transposeTags", list.map(transposedTag));
}
