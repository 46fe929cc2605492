let said: Set<string> | undefined;

/**
 * A warning on the console that is said once for whatever `about` names.
 *
 * @example
 * ```ts
 * import { warnOnce } from "@diffrax-ts/protocol";
 *
 * warnOnce("my-package steps", "my-package: steps are long");
 * warnOnce("my-package steps", "my-package: steps are long"); // says nothing
 * ```
 */
export function warnOnce(about: string, message: string): void {
  said ??= new Set();
  if (said.has(about)) return;
  said.add(about);
  console.warn(message);
}
