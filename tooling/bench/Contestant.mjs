import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import process from "node:process";

/**
 * @typedef {object} Answer
 * @property {number} ns For one solve.
 * @property {number} cpuNs The same without the time in which others had the processor.
 * @property {number} steps Rejected ones too, where they are counted.
 * @property {number} [rejected] Steps.
 * @property {number} [evaluations] Of the vector field.
 * @property {number} [factorisations] Of matrices.
 * @property {boolean} [failed] Whether it gave up.
 * @property {number[]} y The end.
 */

const folder = fileURLToPath(new URL("contestants", import.meta.url));

/** Somebody who solves one problem, in a process of its own, so that nobody shares caches or compiled code. */
export class Contestant {
  #process;
  #lines;

  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {string} [cwd]
   */
  constructor(command, args, cwd = folder) {
    this.#process = spawn(command, args, { cwd, stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /**
   * Solves for about so long; `null` from those who do not take this problem.
   *
   * @param {number} tol
   * @param {number} milliseconds
   * @returns {Promise<Answer | null>}
   */
  async ask(tol, milliseconds) {
    this.#process.stdin.write(`${tol} ${milliseconds}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.#process.spawnargs.join(" ")} ended without an answer`);
    return JSON.parse(value);
  }

  leave() {
    this.#process.stdin.end();
  }
}

/**
 * Everybody named who can take part on this machine.
 *
 * @param {string} problem
 * @param {Readonly<Record<string, Pick<import("./peers.mjs").Peer, "command">>>} who
 * @returns {Map<string, Contestant>}
 */
export function enter(problem, who) {
  const all = new Map();
  for (const [name, peer] of Object.entries(who)) {
    const command = peer.command(problem);
    if (command !== null)
      all.set(name, new Contestant(command[0] ?? process.execPath, command.slice(1)));
  }
  return all;
}
