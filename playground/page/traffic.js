// Everything that crossed the wire, newest first, each line folding open to its JSON.

import { h } from "./dom.js";
import { empty } from "./panes.js";
import { go } from "./places.js";
import { changed, ui, world } from "./store.js";
import { hour } from "./times.js";

const KEPT = 400;
const unfolded = new Set();
const KINDS = { api: "API", socket: "socket", hook: "hook", person: "person", clock: "clock", http: "HTTP" };

export function addTraffic(entries) {
  const fresh = entries.filter((entry) => entry.n > (ui.traffic[0]?.n ?? 0)).reverse();
  ui.traffic = [...fresh, ...ui.traffic].slice(0, KEPT);
}

export function trafficList() {
  if (!ui.traffic.length) {
    return empty("Nothing has crossed the wire yet.", "Everything the app and this workspace say to each other is written down here, word for word.", `Open ${world.app.name}'s Home`, () => go({ kind: "home" }));
  }
  return h("ol", { class: "traffic" }, ui.traffic.map(row));
}

function row(entry) {
  const open = unfolded.has(entry.n);
  const toggle = (event) => {
    if (event.currentTarget.open === unfolded.has(entry.n)) return;
    if (event.currentTarget.open) unfolded.add(entry.n);
    else unfolded.delete(entry.n);
    changed();
  };
  const time = h("span", { class: "soft" }, hour(new Date(entry.at), world.clock.home_zone), " ", KINDS[entry.kind] ?? entry.kind);
  const status = entry.status === "ok" ? null : h("strong", { class: "bad" }, ` ${entry.status}`);
  return h("li", { key: entry.n }, h("details", { ontoggle: toggle },
    h("summary", {}, time, status, h("span", { class: "title" }, entry.title)),
    open && h("pre", { tabindex: "0" }, JSON.stringify(entry.detail, null, 2)),
  ));
}
