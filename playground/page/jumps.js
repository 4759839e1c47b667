// A jump in time as a thin strip of days, and each message that landed on the way.

import { h } from "./dom.js";
import { become } from "./places.js";
import { changed, seatOf, ui, world } from "./store.js";
import { moment, setClock } from "./times.js";

const CELLS = 31;
const DAY = 86_400_000;
const MOMENT = 600_000;
const LATEST = 6; // lines of a chapter being played

export function jumped(event) {
  if (ui.playing) return played(event);
  if (event.state === "begin") ui.jump = { from: event.from, to: event.to, at: event.from, lines: [], running: true };
  else if (ui.jump) Object.assign(ui.jump, { running: false, at: event.to ?? ui.jump.at, to: event.to ?? ui.jump.to });
}

// A chapter's many jumps are one strip.
function played(event) {
  const days = ui.playing.days * DAY;
  ui.jump ??= { from: event.from, to: new Date(Date.parse(event.from) + days).toISOString(), at: event.from, lines: [], running: true };
  if (Date.parse(event.to) > Date.parse(ui.jump.to)) ui.jump.to = event.to;
}

export function stepped(event) {
  ui.jump ??= { from: event.at, to: event.at, lines: [], running: true };
  ui.jump.lines.push(event);
  moved(event.at);
}

export function moved(at) {
  setClock(at);
  if (ui.jump?.running) ui.jump.at = at;
}

export function strip() {
  const jump = ui.jump;
  if (!jump) return null;
  const zone = world.clock.home_zone;
  const landed = jump.lines.length;
  const count = landed ? `${landed} ${landed === 1 ? "message" : "messages"}` : jump.running ? "nothing yet" : "nothing was due";
  const close = () => {
    ui.jump = null;
    changed();
  };
  return h("section", { class: "strip", key: "strip", "data-region": "strip", tabindex: "-1", "aria-label": "Time jump" },
    h("div", { class: "days", role: "img", "aria-label": `${moment(new Date(jump.from), zone)} to ${moment(new Date(jump.at), zone)}` }, cells(jump)),
    h("div", { class: "row" },
      h("p", { class: "soft" }, `${moment(new Date(jump.from), zone)} → ${moment(new Date(jump.running ? jump.at : (jump.to ?? jump.at)), zone)}: ${count}`),
      !jump.running && h("button", { type: "button", class: "quiet", onclick: close }, "Close")),
    landed ? h("ol", { class: "landed", "data-list": `strip/${jump.from}`, tabindex: "0" }, shown(jump).map((line) => h("li", { key: line.ts ?? line.at }, landing(line)))) : null,
  );
}

const shown = (jump) => (ui.playing ? jump.lines.slice(-LATEST) : jump.lines);

// The clock goes on while it is moved: what it took is no day more.
function cells(jump) {
  const [from, to, at] = [jump.from, jump.to ?? jump.at, jump.at].map((iso) => Date.parse(iso));
  const count = Math.min(CELLS, Math.max(7, Math.ceil((to - from - MOMENT) / DAY)));
  const filled = jump.running ? Math.floor((count * (at - from)) / Math.max(1, to - from)) : count;
  return Array.from({ length: count }, (_, index) => h("i", { class: index < filled ? "on" : null }));
}

function landing(line) {
  const words = `Day ${line.day}, ${line.hour}${line.name ? ` → ${line.name}` : ""}: ${line.line}`;
  if (!line.channel || ui.playing) return h("span", {}, words);
  return h("button", { type: "button", class: "quiet", onclick: () => open(line) }, words);
}

async function open(line) {
  const to = line.to ?? ui.me;
  seatOf(to).flash = line.ts ?? null;
  await become(to, { kind: "channel", channel: line.channel });
}
