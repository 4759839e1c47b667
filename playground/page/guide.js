// The guide: one sentence, one action, done by the real event and never by a Next button.

import { breakSomething } from "./breaking.js";
import { chapterList, openChapter } from "./chapters.js";
import { h } from "./dom.js";
import { HOLDS, hold } from "./elements.js";
import { empty, envOf } from "./panes.js";
import { become, showBeside } from "./places.js";
import { appChannel, change, changed, deed, firstName, keepDraft, me, notice, spotOf, ui, world } from "./store.js";
import { find, lead, showWhere } from "./targets.js";
import { inline } from "./words.js";

const path = (action) => deed(me(), { do: "guide", action }, `guide/${action}`);

export function guideCard({ compact = false, end = !compact } = {}) {
  const guide = world.guide;
  if (!guide) return compact ? null : empty("No guide came with this app.", "Everything here works all the same: open its Home, write a command, move the clock.", null);
  if (guide.done || !guide.step) return end ? finished(guide, compact) : null;
  const step = guide.step;
  const turn = step.act_as && step.act_as !== ui.me && !ANYBODY.has(step.target?.kind);
  const words = h("p", { class: "sentence" }, inline(step.sentence, envOf(me())));
  return h("section", { class: `guide ${compact ? "compact" : ""}`, "aria-label": "Guide", "data-step": step.key },
    countLine(`Step ${guide.index + 1} of ${guide.count}`, compact ? null : ` · ${step.chapter || guide.title}`, compact),
    guide.wandered && h("p", { class: "notice" }, guide.said_when_wandered || "You wandered off, good. Pick up here."),
    words,
    turn || guide.wandered ? pickUp(step, turn, guide.wandered) : deeds(step),
    compact ? null : h("p", { class: "row quiet-row" },
      guide.index > 0 && h("button", { type: "button", class: "quiet", onclick: () => path("back") }, "One step back"),
      h("button", { type: "button", class: "quiet", onclick: () => path("skip") }, "Skip this step"),
    ),
    compact ? null : chapterList(false),
  );
}

const countLine = (words, more, compact) => h("div", { class: "count-line" }, h("p", { class: "soft" }, words, more), compact && chapterList(true));

function pickUp(step, turn, wandered) {
  const label = turn ? `Be ${firstName(step.act_as)}` : "Pick up here";
  const act = async () => {
    if (turn) await become(step.act_as);
    if (wandered) await showWhere(step);
    else await lead(step);
  };
  return h("div", { class: "row" }, h("button", { type: "button", class: "button primary", "data-guide": "act", onclick: act }, wandered && turn ? `${label} and pick up here` : label));
}

function deeds(step) {
  const fill = Object.keys(step.fill ?? {}).length > 0;
  return h("div", { class: "row" },
    step.target && step.action && h("button", { type: "button", class: "button primary", "data-guide": "act", onclick: () => act(step) }, step.action),
    fill && h("button", { type: "button", class: "button", "data-guide": "fill", onclick: () => fillIn(step) }, "Fill it in for me"),
    step.beside && ui.narrow && ui.mobile !== "other" && h("button", { type: "button", class: "button", "data-guide": "beside", onclick: () => lookBeside(step) }, `See ${firstName(step.beside)}'s side`),
    step.target && !BY_ITSELF.has(step.target.kind) && h("button", { type: "button", class: "button", "data-guide": "where", onclick: () => showWhere(step) }, "Show me where"),
  );
}

// What anybody can do: who one is stays as it is.
const ANYBODY = new Set(["chapter", "until", "clock", "person"]);
// These have their button nowhere but on the card.
const BY_ITSELF = new Set(["chapter", "until"]);

async function lookBeside(step) {
  await showBeside(step.beside);
  Object.assign(ui, { mobile: "other", unseen: 0, beside: false });
  changed();
}

function finished(guide, compact) {
  return h("section", { class: `guide ${compact ? "compact" : ""}`, "aria-label": "Guide" },
    countLine(guide.title, null, compact),
    h("p", { class: "sentence" }, inline(guide.closing, envOf(me()))),
    h("div", { class: "row" },
      guide.ending.map(({ label, to }, index) => ending(label, to, index === 0)),
      h("button", { type: "button", class: "quiet", onclick: () => path("restart") }, "Walk it again"),
    ),
    compact ? null : chapterList(false),
  );
}

function ending(label, to, first) {
  const look = `button ${first ? "primary" : ""}`;
  if (to === "faults") return h("button", { type: "button", class: look, onclick: breakSomething }, label);
  if (to.startsWith("#")) return h("button", { type: "button", class: look, onclick: () => (location.hash = to) }, label);
  return h("a", { class: look, href: to, target: "_blank", rel: "noopener noreferrer" }, label);
}

// -- the one action: the real deed, done through the page as a person would do it ---------------------------------------

const byKey = (key) => world.people.find((each) => each.key === key || each.id === key)?.id;

async function act(step) {
  const { kind, ref } = step.target;
  if (kind === "person") return become(byKey(ref));
  if (kind === "clock") return change({ do: "next" });
  if (kind === "chapter") return openChapter(ref);
  if (kind === "until") return letDaysPass(step.target);
  if (kind === "command") return deed(me(), { do: "command", text: ref, channel: commandPlace() }, `say/${ui.me}/${commandPlace()}/`);
  const node = find(step.target) ?? (await showWhere(step));
  if (node && kind !== "field") node.click();
  return node?.focus();
}

async function letDaysPass({ who, ref, days }) {
  if (ui.jump?.running) return;
  const answer = await change({ do: "until", who, ref, days });
  if (answer.ok && !answer.found) notice(`${days} days went by and ${firstName(who)} wasn't asked. Next event goes on from here.`);
}

function commandPlace() {
  const seat = me();
  const here = seat.place.kind === "channel" ? seat.place.channel : appChannel(seat);
  return here ?? seat.state.conversations.find((each) => each.member)?.id;
}

// -- "Fill it in for me": the words go into the fields, and stay there to be changed -------------------------------------

export async function fillIn(step) {
  const seat = me();
  const view = seat.state.modals.at(-1) ?? seat.state.home;
  let missing = step.target?.kind === "command";
  if (missing) keepDraft(`say/${seat.id}/${commandPlace()}/`, step.fill.command ?? step.target.ref);
  for (const [name, words] of Object.entries(step.fill)) {
    const block = view?.blocks.find((each) => each.block_id === name && each.element);
    if (!block) missing = true;
    else hold({ seat, spot: spotOf(seat, { view: view.id }) }, block, block.element, fitting(block.element, words));
  }
  changed();
  await path("fill_shown");
  if (missing) await showWhere(step);
}

function fitting(element, words) {
  const name = HOLDS[element.type][2];
  const several = name.endsWith("s");
  const options = [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
  const match = (word) => {
    if (name.startsWith("user")) return byKey(word) ?? word;
    return options.find((each) => each.value === word || each.text.text === word)?.value ?? word;
  };
  if (several) return words.split(",").map((word) => match(word.trim()));
  return name === "date_time" ? Number(words) : match(words);
}
