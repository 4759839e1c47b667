// The guide: one sentence, one action, done by the real event and never by a Next button.

import { h } from "./dom.js";
import { HOLDS, hold } from "./elements.js";
import { empty, envOf } from "./panes.js";
import { addressOf, become, go } from "./places.js";
import { appChannel, change, changed, deed, firstName, keepDraft, me, seatOf, spotOf, ui, world } from "./store.js";
import { inline } from "./words.js";

const path = (action) => deed(me(), { do: "guide", action }, `guide/${action}`);

export function guideCard({ compact = false, end = !compact } = {}) {
  const guide = world.guide;
  if (!guide) return compact ? null : empty("No guide came with this app.", "Everything here works all the same: open its Home, write a command, move the clock.", null);
  if (guide.done || !guide.step) return end ? finished(guide, compact) : null;
  const step = guide.step;
  const turn = step.act_as && step.act_as !== ui.me;
  const words = h("p", { class: "sentence" }, inline(step.sentence, envOf(me())));
  return h("section", { class: `guide ${compact ? "compact" : ""}`, "aria-label": "Guide", "data-step": step.key },
    h("p", { class: "soft count-line" }, `Step ${guide.index + 1} of ${guide.count}`, compact ? null : ` · ${step.chapter || guide.title}`),
    guide.wandered && h("p", { class: "notice" }, guide.said_when_wandered || "You wandered off, good. Pick up here."),
    words,
    turn || guide.wandered ? pickUp(step, turn, guide.wandered) : deeds(step),
    compact ? null : h("p", { class: "row quiet-row" },
      guide.index > 0 && h("button", { type: "button", class: "quiet", onclick: () => path("back") }, "One step back"),
      h("button", { type: "button", class: "quiet", onclick: () => path("skip") }, "Skip this step"),
    ),
  );
}

function pickUp(step, turn, wandered) {
  const label = turn ? `Be ${firstName(step.act_as)}` : "Pick up here";
  const act = async () => {
    if (turn) await become(step.act_as);
    if (wandered) await showWhere(step);
  };
  return h("div", { class: "row" }, h("button", { type: "button", class: "button primary", "data-guide": "act", onclick: act }, wandered && turn ? `${label} and pick up here` : label));
}

function deeds(step) {
  const fill = Object.keys(step.fill ?? {}).length > 0;
  return h("div", { class: "row" },
    step.target && step.action && h("button", { type: "button", class: "button primary", "data-guide": "act", onclick: () => act(step) }, step.action),
    fill && h("button", { type: "button", class: "button", "data-guide": "fill", onclick: () => fillIn(step) }, "Fill it in for me"),
    step.target && h("button", { type: "button", class: "button", "data-guide": "where", onclick: () => showWhere(step) }, "Show me where"),
  );
}

function finished(guide, compact) {
  return h("section", { class: `guide ${compact ? "compact" : ""}`, "aria-label": "Guide" },
    h("p", { class: "soft" }, guide.title),
    h("p", { class: "sentence" }, "That was the whole path. The workspace is yours now."),
    h("div", { class: "row" },
      h("button", { type: "button", class: "button", onclick: () => (location.hash = "#gallery") }, "See every view"),
      h("button", { type: "button", class: "button", onclick: () => path("restart") }, "Walk it again"),
    ),
  );
}

// -- the one action: the real deed, done through the page as a person would do it ---------------------------------------

const byKey = (key) => world.people.find((each) => each.key === key || each.id === key)?.id;

async function act(step) {
  const { kind, ref } = step.target;
  if (kind === "person") return become(byKey(ref));
  if (kind === "clock") return change({ do: "next" });
  if (kind === "command") return deed(me(), { do: "command", text: ref, channel: commandPlace() }, `say/${ui.me}/${commandPlace()}/`);
  const node = find(step.target) ?? (await showWhere(step));
  if (node && kind !== "field") node.click();
  return node?.focus();
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

// -- "Show me where": go there, mark it, put the focus on it ---------------------------------------------------------------

function find({ kind, ref }) {
  const quoted = CSS.escape(ref ?? "");
  const pane = `[data-pane="${CSS.escape(ui.me)}"]`;
  const inModal = `${pane} .modal`;
  const selector = {
    action: `[data-action="${quoted}"]`,
    field: `[data-block="${quoted}"]`,
    submit: "[data-submit]",
    command: `[data-composer="${CSS.escape(ui.me)}"]`,
  }[kind];
  if (kind === "person") return document.querySelector("[data-people]");
  if (kind === "clock") return document.querySelector("[data-next]") ?? document.querySelector("[data-clock]");
  return document.querySelector(`${inModal} ${selector}`) ?? [...document.querySelectorAll(`${pane} ${selector}`)].at(-1) ?? null;
}

export async function showWhere(step) {
  if (!step.target) return null;
  if (step.act_as && step.act_as !== ui.me) await become(step.act_as);
  ui.drawer = false;
  if (ui.mobile !== "seat") ui.mobile = "seat";
  changed();
  if (!find(step.target)) await approach(step.target);
  const node = await appears(step.target);
  unmark();
  if (!node) return null;
  node.setAttribute("data-shown", "");
  node.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  node.focus({ preventScroll: true });
  return node;
}

// An action lives on Home or in a message; a command is written in a channel.
function approach({ kind, ref }) {
  const seat = seatOf(ui.me);
  if (kind === "command") return go(seat.place.kind === "home" ? { kind: "channel", channel: firstChannel(seat) } : seat.place);
  if (kind !== "action") return null;
  const there = JSON.stringify(seat.state.home ?? {}).includes(JSON.stringify(ref)) ? { kind: "home" } : { kind: "messages" };
  return addressOf(seat.place) === addressOf(there) ? null : go(there);
}

const firstChannel = (seat) => seat.state.conversations.find((each) => each.kind === "channel" && each.member)?.id;

function appears(target) {
  return new Promise((resolve) => {
    const look = (left) => {
      const node = find(target);
      if (node || left === 0) resolve(node);
      else requestAnimationFrame(() => look(left - 1));
    };
    look(90);
  });
}

export function unmark() {
  for (const node of document.querySelectorAll("[data-shown]")) node.removeAttribute("data-shown");
}
