// Breaking things on purpose, and beginning again.

import { ask } from "./dialogs.js";
import { h } from "./dom.js";
import { human } from "./faces.js";
import { change, notice, person, reread, seats, ui, world } from "./store.js";

export async function breakSomething() {
  const faults = (world.faults ?? []).map((fault) => ({ label: fault.armed ? `${fault.label ?? fault.name} (waiting to happen)` : (fault.label ?? fault.name), value: { do: "fault", name: fault.name } }));
  const people = { label: "Somebody leaves, or comes back", value: "people" };
  const body = h("p", {}, "Choose what goes wrong next. The app has to cope, and you see how in Traffic.");
  const chosen = await ask({ title: "Break something", body, choices: [...faults, people, { label: "Nothing, thanks", value: null, style: "quiet" }], stack: true });
  if (chosen === "people") return somebodyLeaves();
  if (!chosen) return null;
  const answer = await change(chosen);
  if (answer.ok) notice("Armed. It happens at the next chance.");
  return reread(ui.me);
}

async function somebodyLeaves() {
  const choices = world.people.filter(human).map((who) => ({ label: who.deleted ? `Bring back ${who.name}` : `Deactivate ${who.name}`, value: { do: who.deleted ? "restore" : "deactivate", user: who.id } }));
  const chosen = await ask({ title: "Somebody leaves, or comes back", body: h("p", {}, "The workspace tells the app, as it would when an account is closed."), choices: [...choices, { label: "Nobody, thanks", value: null, style: "quiet" }], stack: true });
  if (!chosen) return;
  const answer = await change(chosen);
  if (answer.ok) notice(`${person(chosen.user)?.name ?? "They"} ${chosen.do === "restore" ? "is back" : "has left"}.`);
  reread(ui.me);
}

export async function startOver() {
  const body = h("p", {}, "Every message, pair and date here is forgotten and the first morning begins again. Nothing outside this workspace is touched.");
  const yes = await ask({ title: "Start over?", body, choices: [{ label: "Start over", value: true, style: "danger" }, { label: "Keep it", value: false }] });
  if (!yes) return;
  const answer = await change({ do: "start_over" });
  if (!answer.ok) return;
  for (const name of ["drafts", "me"]) sessionStorage.removeItem(name);
  seats.clear();
  location.replace(location.pathname);
}
