// The page round a test file that runs in a module worker: what comes behind # in the URL of this script.

const worker = new Worker(new URL(import.meta.url).hash.slice(1), { type: "module" });
worker.addEventListener("message", () => location.assign("/next"));
worker.addEventListener("error", (event) => {
  const result = { title: "the worker starts", error: event.message || "it does not" };
  const report = { agent: navigator.userAgent, results: [result], violations: [] };
  void fetch("/report", { method: "POST", body: JSON.stringify(report) }).then(() =>
    location.assign("/next"),
  );
});
