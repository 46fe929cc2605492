import { newReaction, type Reaction, savedReaction } from "./reaction.ts";
import { Trail } from "./Trail.ts";

/** Where the page keeps a reaction, to go on after it was loaded again. */
const key = "diffrax-ts/oregonator";

/** The end in seconds of the reaction: another one as #t1=…. */
const t1 = Number(new URLSearchParams(location.hash.slice(1)).get("t1") ?? 2e7);

const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const run = byId<HTMLButtonElement>("run");
const cancel = byId<HTMLButtonElement>("cancel");
const anew = byId<HTMLButtonElement>("anew");
const slider = byId<HTMLInputElement>("f");
const bar = byId<HTMLProgressElement>("progress");
const status = byId<HTMLOutputElement>("status");
const trail = new Trail(byId<HTMLCanvasElement>("trail"));

const saved = localStorage.getItem(key);
let reaction: Reaction = saved === null ? newReaction(t1) : savedReaction(saved);
/** Stops what is under way; `null` if it rests. */
let running: AbortController | null = null;

/** Runs until the end, or until somebody stops it. The page goes on in between. */
async function go(): Promise<void> {
  const now = reaction;
  const controller = new AbortController();
  running = controller;
  show("running");
  let state = "at its end";
  try {
    await now.advance({ signal: controller.signal, onProgress: look });
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    state = String(controller.signal.reason);
  }
  if (reaction !== now) return; // another one has taken its place
  running = null;
  keep();
  show(state);
}

/** After every burst. */
function look(progress: number): void {
  bar.value = progress;
  const { acid, catalyst } = reaction.y;
  trail.add(acid.item(), catalyst.item());
}

function keep(): void {
  localStorage.setItem(key, JSON.stringify(reaction));
}

function show(state: string): void {
  const isRunning = running !== null;
  run.textContent = isRunning ? "Pause" : "Go on";
  run.disabled = reaction.result !== null;
  cancel.disabled = !isRunning;
  status.dataset["state"] = state;
  status.value = `${state}, t = ${reaction.t.toFixed(1)} s, ${reaction.stats.numSteps} steps`;
  byId<HTMLOutputElement>("f-value").value = reaction.args.f.toFixed(2);
}

/** Once for each frame that is drawn. */
function frame(): void {
  if (running !== null) show("running");
  trail.draw();
  requestAnimationFrame(frame);
}

run.addEventListener("click", () => {
  if (running === null) void go();
  else running.abort("paused");
});
cancel.addEventListener("click", () => running?.abort("cancelled"));
anew.addEventListener("click", () => {
  running?.abort("left");
  running = null;
  reaction.close();
  reaction = newReaction(t1);
  reaction.args = { f: Number(slider.value) };
  bar.value = 0;
  trail.clear();
  keep();
  show("new");
});
slider.addEventListener("input", () => {
  if (reaction.result !== null) return;
  reaction.args = { f: Number(slider.value) };
  show(running === null ? "changed" : "running");
});
addEventListener("pagehide", keep);

slider.value = String(reaction.args.f);
bar.value = reaction.t / t1;
show(saved === null ? "new" : "taken up");
requestAnimationFrame(frame);
