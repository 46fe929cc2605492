import process from "node:process";

/** What this thread has used of a processor, if Node can tell; else the whole process. */
export function cpuMilliseconds() {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}
