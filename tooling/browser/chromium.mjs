import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/**
 * Where a Chromium is, or undefined: CHROME_PATH, then PATH, then the usual places.
 *
 * @returns {string | undefined}
 */
export function findChromium() {
  const chosen = process.env["CHROME_PATH"];
  if (chosen !== undefined) return existsSync(chosen) ? chosen : undefined;
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/snap/bin"];
  const candidates = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
    String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
  ];
  return candidates.find((path) => existsSync(path));
}

export const howToGetOne = `No Chromium was found. Any of these will do:
  Debian, Ubuntu: apt-get install chromium
  elsewhere:      install Google Chrome or Chromium
  or say where one is: CHROME_PATH=/path/to/chrome npm run test:browser`;
