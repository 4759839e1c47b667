// Opening a chapter: the story begins again and is played, by the real app, up to where the chapter begins.

import { ask } from "./dialogs.js";
import { announce, h } from "./dom.js";
import { jumped, strip } from "./jumps.js";
import { menu } from "./menu.js";
import { addressOf, follow, showBeside } from "./places.js";
import { begin, change, changed, firstName, forgetSeats, notice, ui, world } from "./store.js";
import { lead } from "./targets.js";

// -- the list on the guide's card -------------------------------------------------------------------------------------

export function chapterList(compact) {
  const all = world.guide.chapters;
  if (!all.length) return null;
  const choose = (each) => () => askFirst(each);
  if (compact) {
    const items = all.map((each) => ({ words: each.title, current: each.current, choose: choose(each) }));
    return menu({ key: "chapters", label: "Chapters", face: "Chapters ▾", items, className: "plain" });
  }
  const button = (each) => h("li", {}, h("button", { type: "button", class: `button ${each.current ? "current" : ""}`, "aria-current": each.current ? "step" : null, onclick: choose(each) }, each.title));
  return h("nav", { class: "chapters", "aria-label": "Chapters" }, h("h3", { class: "soft" }, "Chapters"), h("ul", {}, all.map(button)));
}

const NOT_BEGUN = new Set(["already_moving", "dispatch_failed", "unknown_chapter"]);

// -- opening one ----------------------------------------------------------------------------------------------------------

const titleOf = (name) => world.guide?.chapters.find((each) => each.name === name)?.title;

async function askFirst({ name, title }) {
  if (!world.guide.touched) return openChapter(name);
  const body = h("p", {}, "Opening the chapter begins the story again: what you have done here is forgotten, and it is played up to that point.");
  const yes = await ask({ title: `Open “${title}”?`, body, choices: [{ label: "Open the chapter", value: true, style: "primary" }, { label: "Keep my story", value: false }] });
  return yes ? openChapter(name) : null;
}

// `?chapter=` in the address: once, so that a reload does not play again.
export async function invited() {
  const name = new URLSearchParams(location.search).get("chapter");
  if (name === null) return null;
  history.replaceState(null, "", location.pathname + location.hash);
  if (ui.playing) return null;
  return titleOf(name) ? askFirst({ name, title: titleOf(name) }) : unknown(name);
}

async function unknown(name) {
  const all = world.guide?.chapters ?? [];
  if (!all.length) return notice("This app has no chapters; its story begins here.");
  const choices = [...all.map((each) => ({ label: each.title, value: each })), { label: "Stay here", value: null, style: "quiet" }];
  const chosen = await ask({ title: `No chapter is called “${name.slice(0, 40)}”`, body: h("p", {}, "These can be opened:"), choices, stack: true });
  return chosen && askFirst(chosen);
}

export async function openChapter(name) {
  if (ui.playing) return;
  play({ title: titleOf(name) ?? name, days: 0 });
  const answer = await change({ do: "chapter", name });
  await landed(answer.lost || NOT_BEGUN.has(answer.code));
  if (!answer.ok) notice(answer.error);
}

// -- while it is played ---------------------------------------------------------------------------------------------------

export function play({ title, days }) {
  if (!ui.playing) announce(`Playing up to the chapter ${title}.`);
  Object.assign(ui, { playing: { title, days }, jump: null, menu: null });
  changed();
}

export function playHeard(event) {
  if (event.type === "jump") return jumped(event);
  return event.state === "begin" ? play(event) : landed();
}

// `kept`: nothing was begun, so everything is as it was.
export async function landed(kept = false) {
  if (!ui.playing || ui.landing) return;
  ui.landing = true;
  if (!kept) forgetSeats();
  const opened = await begin(kept ? ui.me : null).catch(() => kept || location.reload());
  Object.assign(ui, { playing: null, landing: false, jump: null, drawer: false, mobile: "seat", tab: "guide", guideOpen: true });
  if (opened?.place && !kept) history.replaceState(null, "", location.pathname + addressOf({ kind: opened.place }));
  changed();
  await follow();
  await besideStep();
  lead();
  if (opened?.name) announce(`${titleOf(opened.name)} is open. You are ${firstName(ui.me)}.`);
}

export async function besideStep(step = world.guide?.step) {
  if (step?.beside && step.act_as === ui.me && !world.guide.wandered) await showBeside(step.beside, true);
}

export function playingView() {
  return h("main", { class: "playing", key: "playing" },
    h("h1", {}, "Playing up to this chapter…"),
    h("p", { class: "sentence" }, ui.playing.title),
    h("p", { class: "soft" }, "The real app lives through these days now: every press, message and answer. A few seconds."),
    strip(),
  );
}
