// The right-hand column: the guide, what somebody else sees, and the wire.

import { h } from "./dom.js";
import { face, human, nameOf, standing } from "./faces.js";
import { guideCard } from "./guide.js";
import { menu } from "./menu.js";
import { empty, pane } from "./panes.js";
import { become, showOther } from "./places.js";
import { changed, firstName, person, seatOf, ui, world } from "./store.js";
import { trafficList } from "./traffic.js";

const NAMES = { guide: "Guide", other: "Other side", traffic: "Traffic" };

// An app without a guide is somebody's work: what crosses the wire comes first then.
export function tabsShown() {
  const tabs = world.guide ? ["guide", "other", "traffic"] : ["traffic", "other"];
  return ui.double ? tabs.filter((tab) => tab !== "other") : tabs;
}

export function side() {
  const shown = tabsShown();
  const current = shown.includes(ui.tab) ? ui.tab : shown[0];
  const pick = (tab) => {
    ui.tab = tab;
    changed();
  };
  const tabs = shown.map((tab) => h("button", { type: "button", role: "tab", id: `tab-${tab}`, class: "tab", "aria-selected": String(tab === current), "aria-controls": "side-panel", tabindex: tab === current ? "0" : "-1", onclick: () => pick(tab) }, NAMES[tab]));
  const arrows = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = shown.at((shown.indexOf(current) + step) % shown.length);
    pick(next);
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`tab-${next}`)?.focus()));
  };
  const shut = () => {
    ui.drawer = false;
    changed();
  };
  return h("aside", { class: `side ${ui.wide ? "" : "drawer"}`, key: "side", "data-region": "side", tabindex: "-1", "aria-label": "Guide, other side and traffic" },
    h("div", { class: "head" }, h("div", { class: "tabs", role: "tablist", "aria-label": "Beside the workspace", onkeydown: arrows }, tabs), !ui.wide && h("button", { type: "button", class: "button quiet", "aria-label": "Close", onclick: shut }, "×")),
    h("div", { class: `panel at-${current}`, id: "side-panel", key: `panel-${current}`, role: "tabpanel", "aria-labelledby": `tab-${current}` }, PANELS[current]()),
    current === "guide" ? null : guideCard({ compact: true }),
  );
}

const PANELS = {
  guide: () => h("div", { class: "scroll" }, guideCard()),
  other: () => otherSide(),
  traffic: () => h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Traffic" }, trafficList()),
};

// Somebody else's live pane: what they see, as they see it, and the way to become them.
export function otherSide(full = false) {
  const who = person(ui.other);
  if (!who) return nobody();
  const seat = seatOf(who.id);
  return h("div", { class: "other", key: `other-${who.id}` },
    h("div", { class: "head who" }, face(who.id), h("div", {}, h("h2", {}, `${firstName(who.id)}'s side`), h("p", { class: "soft" }, [standing(who), `${who.local.split(", ").pop()} there`].filter(Boolean).join(" · "))),
      h("button", { type: "button", class: "button primary", "data-be": who.key, onclick: () => become(who.id) }, `Be ${firstName(who.id)}`)),
    pane(seat, { mine: false, full }),
  );
}

function nobody() {
  const others = world.people.filter((each) => human(each) && each.id !== ui.me);
  const items = others.map((each) => ({ picture: face(each.id), words: nameOf(each.id), note: each.title, choose: () => showOther(each.id) }));
  return h("div", {},
    empty("Nobody else has been told anything yet.", "When something you do reaches another person, their side opens here, live.", null),
    h("div", { class: "row centred" }, menu({ key: "look-at", label: "Look at somebody's side", face: "Look at somebody's side", items })));
}
