// Where a step's action is done: finding it, going there, marking it, and leading on by itself when a step is done.

import { addressOf, arrived, become, go } from "./places.js";
import { appChannel, changed, load, me, reread, seatOf, ui, world } from "./store.js";

export function find({ kind, ref }) {
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
  if (kind === "chapter" || kind === "until") return document.querySelector("[data-guide=act]");
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

// -- leading on: once a step is done the page goes by itself to where the next one is, unless somebody wandered off ----------

const OF_A_PANE = new Set(["action", "field", "submit", "command"]);
const TRIES = 25;
const PAUSE = 100;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));

// Still the open step, still its person, and nobody left the path.
function stillOpen(step) {
  const guide = world.guide;
  return guide?.step?.key === step.key && !guide.wandered && step.act_as === ui.me && !ui.jump?.running && !ui.playing;
}

export async function lead(step = world.guide?.step) {
  if (!step?.target || !OF_A_PANE.has(step.target.kind) || location.hash === "#gallery") return;
  await arrived();
  for (let left = TRIES; left > 0 && stillOpen(step); left -= 1) {
    const place = await whereIs(step.target);
    if (place && stillOpen(step)) return comeTo(step, place);
    await pause();
  }
}

// The place that surely holds the target now, null while there is none: an answer of the app may still be under way.
async function whereIs(target) {
  const seat = me();
  const holds = (thing) => JSON.stringify(thing ?? null).includes(JSON.stringify(target.ref));
  const top = seat.state.modals.at(-1);
  if (target.kind === "command") return seat.place.kind === "home" ? { kind: "channel", channel: firstChannel(seat) } : seat.place;
  if (target.kind === "submit") return top ? seat.place : null;
  if (top && holds(top.blocks)) return seat.place;
  if (top) return null;
  if (ui.mobile === "seat" && find(target)) return seat.place;
  if (holds(seat.state.home?.blocks)) return { kind: "home" };
  if (!world.app.messages_tab) return null;
  await load(seat, appChannel(seat));
  return holds(seat.lists.get(appChannel(seat))?.messages) ? { kind: "messages" } : null;
}

async function comeTo(step, place) {
  const moved = ui.mobile !== "seat" || ui.drawer;
  Object.assign(ui, { mobile: "seat", drawer: false });
  if (addressOf(place) !== addressOf(me().place)) go(place);
  else if (moved) changed();
  const node = await appears(step.target);
  if (node && stillOpen(step)) node.scrollIntoView({ block: "nearest" });
}
