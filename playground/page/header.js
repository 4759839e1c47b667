// The top line: where this runs, who one is, whether the app is there, and the clock.

import { breakSomething, startOver } from "./breaking.js";
import { h } from "./dom.js";
import { face, human, standing } from "./faces.js";
import { menu } from "./menu.js";
import { become } from "./places.js";
import { change, changed, firstName, me, person, setting, ui, world } from "./store.js";
import { city, moment, now } from "./times.js";

export function header() {
  return h("header", { class: "top", key: "top", "data-region": "top", tabindex: "-1" },
    !ui.narrow && h("div", { class: "brand" }, h("strong", {}, workspaceName()), h("span", { class: "soft" }, "Runs on this computer. Nothing leaves it.")),
    people(),
    ui.wide && h("span", { class: `link soft ${world.app.connected && !ui.lost ? "on" : ""}` }, connection()),
    ui.wide ? clockLine() : clockMenu(),
    !ui.wide && !ui.narrow && drawerButton(),
    more(),
  );
}

export function connection() {
  if (ui.lost) return "The workspace has stopped";
  if (!world.app.installed) return `${world.app.name} isn't installed here`;
  return world.app.connected ? `${world.app.name} is connected` : `${world.app.name} isn't connected`;
}

// One of several goes by its own name.
export const workspaceName = () => (world.workspaces.length > 1 ? world.workspace.name : "Local workspace");

function people() {
  const who = person(ui.me);
  const news = world.people.reduce((sum, each) => sum + (each.id === ui.me ? 0 : newsOf(each.id)), 0);
  const items = world.people.filter(human).map((each) => ({
    picture: face(each.id),
    words: each.name,
    note: [standing(each), each.local].filter(Boolean).join(" · "),
    count: each.id === ui.me ? 0 : newsOf(each.id),
    current: each.id === ui.me,
    choose: () => become(each.id),
  }));
  const name = h("span", { class: "two" }, h("span", {}, ui.narrow ? "" : "You are ", h("strong", {}, firstName(who.id), h("span", { "aria-hidden": "true" }, " ▾"))), h("span", { class: "soft" }, standing(who)));
  const rest = `. Be somebody else${news ? `; ${news} new for others` : ""}`;
  const label = "Be somebody else";
  return menu({ key: "people", label, named: true, face: [face(who.id), name, h("span", { class: "unseen" }, rest)], items, className: "plain", "data-people": "" });
}

export const newsOf = (id) => me().state?.news?.[id] ?? 0;

// -- the clock -------------------------------------------------------------------------------------------------------------

const JUMPS = [["+1 hour", { hours: 1 }], ["+1 day", { days: 1 }], ["+1 week", { days: 7 }]];
const busy = () => Boolean(ui.jump?.running);

const move = (body) => busy() || change(body);

function words() {
  const zone = world.clock.home_zone;
  return `${moment(now(), zone)}, ${city(zone)}`;
}

function nextWords() {
  if (busy()) return "Moving the clock";
  if (!world.clock.can_step) return "The app keeps real time";
  return world.clock.next_due ? `Next: ${moment(new Date(world.clock.next_due), world.clock.home_zone)}` : "Nothing is planned";
}

function clockLine() {
  const step = (label, jump) => h("button", { type: "button", class: "button", "aria-disabled": busy() ? "true" : null, onclick: () => move({ do: "jump", ...jump }) }, label);
  return h("div", { class: "clock", role: "group", "aria-label": "Clock" },
    h("span", { class: "two" }, h("time", { "data-now": "" }, words()), h("span", { class: "soft" }, nextWords())),
    world.clock.can_step && h("button", { type: "button", class: "button primary", "data-next": "", "aria-disabled": busy() ? "true" : null, onclick: () => move({ do: "next" }) }, "Next event"),
    h("span", { class: "joined" }, JUMPS.map(([label, jump]) => step(label, jump))),
  );
}

function clockMenu() {
  const steps = JUMPS.map(([label, jump]) => ({ words: label, disabled: busy(), choose: () => change({ do: "jump", ...jump }) }));
  const next = world.clock.can_step && { words: "Next event", note: nextWords(), disabled: busy(), choose: () => change({ do: "next" }) };
  const items = [next || { say: nextWords() }, ...steps, { say: connection() }];
  const shown = h("time", { "data-now": "" }, ui.narrow ? words().replace(/,[^,]*$/, "") : words());
  return menu({ key: "clock", label: `Clock: ${words()}. Move it`, face: [shown, " ▾"], items, className: "plain", "data-clock": "" });
}

function drawerButton() {
  const flip = () => {
    Object.assign(ui, { drawer: !ui.drawer, unseen: 0 });
    changed();
  };
  return h("button", { type: "button", class: "button", "aria-expanded": String(ui.drawer), onclick: flip }, world.guide ? "Guide" : "Traffic", ui.unseen ? h("span", { class: "count" }, `${ui.unseen} new`) : null);
}

// -- the rest ----------------------------------------------------------------------------------------------------------------

const THEMES = { auto: "Light or dark as the computer", light: "Light", dark: "Dark" };

export function applyTheme() {
  document.documentElement.dataset.theme = setting("theme") ?? "auto";
}

function more() {
  const theme = (name) => () => {
    setting("theme", name);
    applyTheme();
    changed();
  };
  const traffic = () => {
    Object.assign(ui, { tab: "traffic", drawer: true });
    changed();
  };
  const items = [
    ...world.workspaces.filter((each) => !each.current).map((each) => ({ words: `Go to ${each.name}`, note: "Another workspace of the same app", choose: () => location.assign(each.url) })),
    { words: "Break something", note: "Lost answers, cut connections, people who leave", choose: breakSomething },
    { words: "See every view", note: "Each message, modal and Home the app can draw", choose: () => (location.hash = "#gallery") },
    !ui.wide && { words: "Traffic", note: "What crosses the wire", choose: traffic },
    ...Object.entries(THEMES).map(([name, label]) => ({ words: label, current: (setting("theme") ?? "auto") === name, choose: theme(name) })),
    { words: "Start over", note: "An empty workspace; it asks first", choose: startOver },
    { say: "F6 moves between the parts of this page. Escape closes what is open." },
  ];
  return menu({ key: "more", label: "More", face: "⋯", items, className: "plain more" });
}
