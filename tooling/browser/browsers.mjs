import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";

/**
 * A browser that is started with nothing but a URL: where it may be, and what keeps it from doing anything else.
 *
 * @typedef {{
 *   readonly name: string,
 *   readonly variable: string,
 *   readonly debian: string,
 *   readonly commands: readonly string[],
 *   readonly places: readonly string[],
 *   readonly argsFor: (profile: string, url: string) => readonly string[],
 *   readonly preferences?: Readonly<Record<string, boolean | number | string>>,
 * }} Browser
 */

/** @type {Browser} */
export const chromium = {
  name: "Chromium",
  variable: "CHROME_PATH",
  debian: "chromium",
  commands: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
  places: [
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
    String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
  ],
  argsFor: (profile, url) => [
    "--headless",
    `--user-data-dir=${profile}`,
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    url,
  ],
};

/** @type {Browser} */
export const firefox = {
  name: "Firefox",
  variable: "FIREFOX_PATH",
  debian: "firefox-esr",
  commands: ["firefox", "firefox-esr"],
  places: [
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    String.raw`C:\Program Files\Mozilla Firefox\firefox.exe`,
  ],
  argsFor: (profile, url) => ["--headless", "--no-remote", "--profile", profile, url],
  preferences: {
    "app.normandy.enabled": false,
    "app.update.enabled": false,
    "browser.aboutwelcome.enabled": false,
    "browser.shell.checkDefaultBrowser": false,
    "datareporting.policy.dataSubmissionEnabled": false,
    "dom.max_script_run_time": 0, // nobody is there to say that a long test may go on
    "extensions.getAddons.cache.enabled": false,
    "extensions.systemAddon.update.enabled": false,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    "services.settings.server": "",
    "toolkit.telemetry.reportingpolicy.firstRun": false,
  },
};

/**
 * Where it is, or undefined: what its variable names, then PATH, then the usual places.
 *
 * @param {Browser} browser
 * @returns {string | undefined}
 */
export function find({ variable, commands, places }) {
  const chosen = process.env[variable];
  if (chosen !== undefined) return existsSync(chosen) ? chosen : undefined;
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/snap/bin"];
  const candidates = folders.flatMap((folder) => commands.map((name) => join(folder, name)));
  return [...candidates, ...places].find((path) => existsSync(path));
}

/**
 * @param {Browser} browser
 * @returns {string}
 */
export function howToGet({ name, variable, debian }) {
  const chosen = process.env[variable];
  const problem =
    chosen === undefined ? `No ${name} was found` : `${variable} is ${chosen}: there is none`;
  return `${problem}. Any of these will do:
  Debian:    apt-get install ${debian}
  elsewhere: install ${name} as its makers say
  or say where one is: ${variable}=/path/to/it npm run test:browser`;
}

/**
 * Starts it with a new profile.
 *
 * @param {Browser} browser
 * @param {string} path
 * @param {string} url
 * @returns {{ readonly left: Promise<string>, readonly stop: () => Promise<void> }} What it said last, once it has ended; ends it.
 */
export function launch({ argsFor, preferences = {} }, path, url) {
  const profile = mkdtempSync(join(tmpdir(), "diffrax-ts-browser-"));
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, "user.js"), lines.join(""));
  const child = spawn(path, argsFor(profile, url), { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said = (said + text).slice(-2000)));
  /** @type {Promise<string>} */
  const left = new Promise((resolve) => {
    child.on("error", (error) => resolve(String(error)));
    child.on("close", () => resolve(said));
  });
  const stop = async () => {
    child.kill();
    await left;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  return { left, stop };
}
