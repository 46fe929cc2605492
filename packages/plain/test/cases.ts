// What is read, construct by construct: functions whose value is known from calling them.
import type { Case } from "./cases/Case.ts";
import { aliases } from "./cases/aliases.ts";
import { collections } from "./cases/collections.ts";
import { control } from "./cases/control.ts";
import { natives } from "./cases/natives.ts";
import { numbers } from "./cases/numbers.ts";

export const cases: Readonly<Record<string, Case>> = {
  ...numbers,
  ...collections,
  ...control,
  ...aliases,
  ...natives,
};
