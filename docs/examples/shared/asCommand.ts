import process from "node:process";
import { InputError } from "./InputError.ts";

/** Runs a program that is a command: of a mistake in what the user typed, it prints the message alone. */
export async function asCommand(program: () => void | Promise<void>): Promise<void> {
  // Whoever reads the output may stop before its end, as in `npm start | head`.
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    process.exit(code === "EPIPE" ? 0 : 1);
  });
  try {
    await program();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
