let said: Set<string> | undefined;

/** A warning on the console that is said once for whatever `about` names. */
export function warnOnce(about: string, message: string): void {
  said ??= new Set();
  if (said.has(about)) return;
  said.add(about);
  console.warn(message);
}
