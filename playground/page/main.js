// Puts the page together and keeps it true: one stream of news in, one drawing out.

import { listen, read, tell } from "./api.js";
import { besideStep, invited, landed, play, playHeard, playingView } from "./chapters.js";
import { chats } from "./chats.js";
import { announce, draw, h } from "./dom.js";
import { nameOf } from "./faces.js";
import { gallery } from "./gallery.js";
import { fillIn, guideCard } from "./guide.js";
import { applyTheme, header, newsOf, workspaceName } from "./header.js";
import { jumped, moved, stepped, strip } from "./jumps.js";
import { moveFocus, noteFocus, topModal } from "./modals.js";
import { pane } from "./panes.js";
import { follow, go, showOther } from "./places.js";
import { otherSide, side } from "./side.js";
import { begin, change, changed, dropMessage, firstName, me, notice, placeChannel, putMessage, reread, rereadAll, saveDrafts, seatOf, seats, ui, whenChanged, world } from "./store.js";
import { lead, unmark } from "./targets.js";
import { moment, now, city } from "./times.js";
import { addTraffic } from "./traffic.js";
import { plain } from "./words.js";

const page = document.getElementById("page");

// -- the page --------------------------------------------------------------------------------------------------------------

function whole() {
  if (ui.playing) return [playingView()];
  if (location.hash === "#gallery") return [header(), gallery(), toast()];
  const middle = ui.narrow ? oneColumn() : columns();
  return [h("a", { class: "skip", href: "#", key: "skip", onclick: skip }, "Skip to the conversation"), header(), strip(), stopped(), middle, toast()];
}

function skip(event) {
  event.preventDefault();
  document.querySelector(`[data-pane="${CSS.escape(ui.me)}"]`)?.focus();
}

const centre = (above) => h("main", { class: "centre", key: "centre", "data-region": "centre", tabindex: "-1" }, pane(me(), { mine: true, above }));

function columns() {
  const beside = ui.double && h("div", { class: "beside", key: "beside", "data-region": "beside", tabindex: "-1" }, otherSide(true));
  const dock = !ui.wide && !ui.drawer && h("div", { class: "dock", key: "dock" }, guideCard({ compact: true }));
  return h("div", { class: `columns ${ui.double ? "double" : ""}`, key: "columns" }, chats(me()), centre(), dock, beside, (ui.wide || ui.drawer) && side());
}

function oneColumn() {
  const covered = ui.mobile === "seat" && topModal(me());
  const card = !covered && ui.guideOpen && (ui.mobile !== "other" || world.guide?.step?.beside === ui.other) ? guideCard({ compact: true, end: true }) : null;
  const shown = { chats: () => chats(me()), other: () => h("main", { class: "centre", key: "other" }, otherSide(true)), seat: () => centre(fillLine()) }[ui.mobile]();
  return h("div", { class: "one", key: "one" }, ui.drawer ? side() : shown, card && h("div", { class: "dock", key: "dock" }, card), !covered && bar());
}

// In a full-height sheet the guide's card is covered, so its one line and its help come along.
function fillLine() {
  const step = world.guide?.step;
  if (!step || world.guide.done || step.act_as !== ui.me) return null;
  const fill = Object.keys(step.fill ?? {}).length > 0;
  return h("div", { class: "sheet-guide" }, h("p", {}, step.sentence), fill && h("button", { type: "button", class: "button", "data-guide": "fill", onclick: () => fillIn(step) }, "Fill it in for me"));
}

function bar() {
  const news = world.people.reduce((sum, each) => sum + (each.id === ui.me ? 0 : newsOf(each.id)), 0);
  const unread = (me().state?.conversations ?? []).reduce((sum, each) => sum + (each.id === placeChannel(me()) ? 0 : each.unread), 0);
  const button = (words, current, act, count) => h("button", { type: "button", class: `bar-item ${current ? "current" : ""}`, "aria-current": current ? "page" : null, onclick: act }, words, count > 0 && h("span", { class: "count" }, h("i", { class: "dot", "aria-hidden": "true" }), `${count} new`));
  const show = (mobile) => () => {
    Object.assign(ui, { mobile, drawer: false, beside: ui.beside && mobile !== "other" });
    changed();
  };
  const home = () => {
    ui.drawer = false;
    go({ kind: world.app.home_tab ? "home" : "messages" });
  };
  const guide = () => {
    ui.guideOpen = !ui.guideOpen;
    changed();
  };
  const at = ui.mobile === "seat" ? (me().place.kind === "home" ? "home" : "chats") : ui.mobile;
  return h("nav", { class: "bar", key: "bar", "data-region": "bar", tabindex: "-1", "aria-label": "Places" },
    button("Chats", at === "chats", show("chats"), unread),
    button("Home", at === "home", home),
    h("button", { type: "button", class: "bar-item", "aria-pressed": String(ui.guideOpen), onclick: guide }, "Guide"),
    button("Other side", at === "other", show("other"), news || Number(ui.beside)));
}

function stopped() {
  if (!ui.gone) return null;
  return h("p", { class: "banner", key: "stopped", role: "alert" }, "The bot has stopped. Your workspace is safe; start it again and carry on.");
}

function toast() {
  return ui.notice ? h("p", { class: "toast", key: "toast", role: "status" }, ui.notice) : null;
}

// -- drawing ------------------------------------------------------------------------------------------------------------------

const atEnd = (node) => node.scrollHeight - node.scrollTop - node.clientHeight < 40;

function redraw() {
  if (!ui.playing && (!ui.me || !me().state)) return;
  const lists = new Map([...page.querySelectorAll("[data-list]")].map((node) => [node, [node.dataset.list, atEnd(node)]]));
  const modals = [...seats.values()].filter((seat) => seat.state);
  modals.forEach(noteFocus);
  draw(page, whole().filter(Boolean));
  for (const node of page.querySelectorAll("[data-list]")) {
    const [key, ended] = lists.get(node) ?? [];
    if (key !== node.dataset.list || ended) node.scrollTop = node.scrollHeight;
  }
  modals.forEach((seat) => moveFocus(seat, seat.id === ui.me));
  if (ui.playing) return;
  flash(me());
  const title = `${firstName(ui.me)} · ${workspaceName()}`;
  if (document.title !== title) document.title = title;
}

function flash(seat) {
  const node = seat.flash && page.querySelector(`[data-pane="${CSS.escape(seat.id)}"] [data-ts="${CSS.escape(seat.flash)}"]`);
  if (!node) return;
  seat.flash = null;
  unmark();
  node.setAttribute("data-shown", "");
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
}

// -- news -----------------------------------------------------------------------------------------------------------------------

const concerned = (event) => [...seats.values()].filter((seat) => seat.state && (!event.for || event.for.includes(seat.id)));

function said(event) {
  for (const seat of concerned(event)) {
    const fresh = putMessage(seat, event.channel, event.message);
    if (seat.id === ui.me && fresh && event.channel === placeChannel(seat)) tell("do", { do: "read", channel: event.channel }, { as: ui.me });
    if (seat.id === ui.me && fresh && event.message.user !== ui.me) announce(`${nameOf(event.message.user)}: ${plain(event.message.text ?? "").slice(0, 200)}`);
    reread(seat.id);
  }
  const told = (event.for ?? []).filter((id) => id !== ui.me && id !== event.message.user && id !== world.app.user_id);
  if (told.length) reached(told.includes(ui.other) ? ui.other : told[0], event.channel);
  reread(ui.me);
}

// The path goes on: the page follows it, and a strip of days that was looked at is put away.
function onwards(before, guide) {
  unmark();
  ui.guideOpen = true;
  if (guide.done && !before?.done) ui.tab = "guide";
  if (ui.jump && !ui.jump.running && !["step", "message"].includes(before?.step?.did)) ui.jump = null;
  if (!guide.step?.beside && before?.step?.beside) Object.assign(ui, { tab: "guide", beside: false });
  besideStep();
  lead();
}

// Somebody else was told something: their side comes forward, unless the guide has somebody's Home stand there.
let waiting = null;

const besides = () => world.guide?.step?.beside && world.guide.step.act_as === ui.me && !world.guide.wandered;

function reached(id, channel) {
  if (ui.jump?.running) {
    waiting = [id, channel];
    return;
  }
  if (besides()) return;
  showOther(id, channel);
  ui.tab = "other";
  if (!ui.wide && !ui.drawer) ui.unseen = (ui.unseen ?? 0) + 1;
  announce(`${firstName(id)} was just told something.`);
}

const HEARD = {
  __proto__: null,
  message: said,
  message_changed: said,
  message_deleted: (event) => concerned(event).forEach((seat) => dropMessage(seat, event.channel, event.ts)),
  home: (event) => concerned(event).forEach((seat) => reread(seat.id)),
  modals: (event) => concerned(event).forEach((seat) => reread(seat.id)),
  conversations: (event) => concerned(event).forEach((seat) => reread(seat.id)),
  news: () => reread(ui.me),
  clock: (event) => {
    moved(event.now);
    if (!ui.jump?.running) reread(ui.me);
  },
  step: stepped,
  jump: (event) => {
    jumped(event);
    if (event.state !== "end") return;
    rereadAll();
    if (waiting) reached(...waiting);
    waiting = null;
    besideStep();
    lead();
  },
  connection: (event) => {
    world.app.connected = event.connected;
    reread(ui.me);
    connectionSeen();
  },
  traffic: (event) => addTraffic([event.entry]),
  guide: (event) => {
    const before = world.guide;
    world.guide = event;
    if (event.step?.key !== before?.step?.key) onwards(before, event);
    reread(ui.me); // a read that was under way may still bring the step before
  },
  notice: (event) => notice(event.text),
  play: playHeard,
};

// Of a world in the making only its time is shown.
const WHILE_PLAYING = { __proto__: null, play: playHeard, jump: playHeard, clock: (event) => moved(event.now), step: stepped };

function told(event) {
  if (ui.playing) {
    WHILE_PLAYING[event.type]?.(event);
    return changed();
  }
  if (!ui.me) return;
  HEARD[event.type]?.(event);
  changed();
}

// A bot that restarts is away for a moment: only a longer silence is called a stop.
let patience = 0;

function connectionSeen() {
  const well = world.app.connected && !ui.lost;
  if (well) {
    clearTimeout(patience);
    [patience, ui.gone] = [0, false];
  } else patience ||= setTimeout(() => ((ui.gone = true), changed()), 1500);
  changed();
}

function lost() {
  ui.lost = true;
  connectionSeen();
}

async function opened() {
  ui.lost = false;
  if (ui.playing) return missedTheEnd();
  rereadAll();
  await reread(ui.me);
  connectionSeen();
  ui.traffic = [];
  addTraffic((await read("traffic", { limit: 200 }).catch(() => ({}))).entries ?? []);
  return changed();
}

// A page that came, or came back, while a chapter was played may not hear that it is over.
async function missedTheEnd() {
  const { playing } = await read("state").catch(() => ({ playing: true }));
  return playing ? null : landed();
}

// -- keys and sizes ---------------------------------------------------------------------------------------------------------------

addEventListener("keydown", (event) => {
  if (event.key !== "F6") return;
  event.preventDefault();
  const parts = [...page.querySelectorAll("[data-region]")].filter((node) => node.offsetParent !== null);
  const at = parts.findIndex((node) => node.contains(document.activeElement));
  const next = parts.at((at + (event.shiftKey ? -1 : 1)) % parts.length);
  (next.querySelector("[role=dialog]") ?? next.querySelector("[data-pane]") ?? next).focus();
});

function watchSize(name, query) {
  const media = matchMedia(query);
  const take = () => {
    ui[name] = media.matches;
    if (ui.wide) ui.drawer = false;
    changed();
  };
  media.addEventListener("change", take);
  take();
}

// -- beginning ------------------------------------------------------------------------------------------------------------------------

async function start() {
  applyTheme();
  watchSize("narrow", "(max-width: 759px)");
  watchSize("wide", "(min-width: 1280px)");
  watchSize("double", "(min-width: 1600px)");
  whenChanged(redraw);
  const asked = new URLSearchParams(location.search).get("as");
  const first = asked ?? sessionStorage.getItem("me");
  await begin(first);
  listen({ opened, lost, told });
  if (world.playing) return play({ title: world.playing, days: 0 });
  await follow();
  besideStep();
  connectionSeen();
  return invited();
}

addEventListener("hashchange", follow);
addEventListener("pagehide", saveDrafts);
setInterval(() => {
  for (const node of page.querySelectorAll("[data-now]")) {
    const zone = world.clock.home_zone;
    const words = ui.narrow ? moment(now(), zone) : `${moment(now(), zone)}, ${city(zone)}`;
    if (node.textContent !== words) changed();
  }
}, 1000);
start().catch((problem) => draw(page, [h("p", { class: "banner", role: "alert" }, `This page could not read the workspace: ${problem.message} Reload it to try again.`)]));
