import { describeValue } from "@diffrax-ts/pytree";

/** What a member of a record has to be. */
export interface Member {
  readonly words: string;
  readonly isRight: (value: unknown) => boolean;
}

/** A record whose members are not known yet. */
export type Unchecked = Readonly<Record<string, unknown>>;

/** Whether something has members. */
export function isRecord(value: unknown): value is Unchecked {
  return typeof value === "object" && value !== null;
}

/** What is wrong with the first member that is missing or wrong, in words; `null` if all are right. */
export function wrongMember(
  record: Unchecked,
  kind: string,
  members: Readonly<Record<string, Member>>,
): string | null {
  // Without a list of names: it stands inside calls that take microseconds.
  for (const name in members) {
    if (!Object.hasOwn(members, name)) continue;
    const { words, isRight } = members[name]!;
    const found = record[name];
    if (isRight(found)) continue;
    return found === undefined
      ? `${kind} has no member ${name}, which is ${words}`
      : `the member ${name} of ${kind} must be ${words}, got ${describeValue(found)}`;
  }
  return null;
}
