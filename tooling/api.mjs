// Holds the API reports, packages/*/*.api.md, against the built declarations; with --update it
// writes them. (One process for all packages: to load the extractor takes longer than to run it.)
//
//   node tooling/api.mjs [--update]
import { join } from "node:path";
import process from "node:process";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { packageFolders, root } from "./files.mjs";

const update = process.argv.includes("--update");
let passed = 0;
let failed = 0;

for (const name of packageFolders()) {
  const config = ExtractorConfig.loadFileAndPrepare(
    join(root, "packages", name, "api-extractor.json"),
  );
  /** @type {string[]} */
  const complaints = [];
  const { succeeded, apiReportChanged } = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: (message) => {
      message.handled = true;
      const { logLevel, text, sourceFilePath, sourceFileLine } = message;
      if (logLevel !== ExtractorLogLevel.Error && logLevel !== ExtractorLogLevel.Warning) return;
      const place = sourceFilePath === undefined ? "" : `${sourceFilePath}:${sourceFileLine}: `;
      complaints.push(`  ${place}${text}`);
    },
  });
  if (apiReportChanged)
    console.log(update ? `${name}: written` : `${name}: ${name}.api.md differs`);
  if (succeeded || (update && apiReportChanged)) passed++;
  else failed++;
  if (!succeeded) console.log(`${name}: failed\n${complaints.join("\n")}`);
}
if (failed > 0) console.log("If the change is meant: npm run update:api, and commit the *.api.md");
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
