// A button that opens a list of choices: arrows move, Escape and a press elsewhere close it, focus goes back.

import { h } from "./dom.js";
import { changed, ui } from "./store.js";

export function menu({ key, label, face, items, heading, named = false, className = "", ...marks }) {
  const open = ui.menu === key;
  const toggle = () => {
    ui.menu = open ? null : key;
    changed();
  };
  const opener = h("button", { type: "button", class: `button ${className}`, "aria-haspopup": "menu", "aria-expanded": String(open), "aria-label": named ? null : label, onclick: toggle, ...marks }, face);
  return h("span", { class: "menu", key: marks.key }, opener, open && popup(key, label, heading, items));
}

function popup(key, label, heading, items) {
  const props = {
    class: "popup",
    popover: "auto",
    role: "menu",
    "aria-label": label,
    born: show,
    onkeydown: walk,
    ontoggle: (event) => event.newState === "closed" && ui.menu === key && closed(),
  };
  return h("div", props, heading, items.filter(Boolean).map(item));
}

function closed() {
  ui.menu = null;
  changed();
}

function item(choice) {
  if (choice.say) return h("p", { class: "soft" }, choice.say);
  const props = {
    type: "button",
    role: choice.current === undefined ? "menuitem" : "menuitemradio",
    "aria-checked": choice.current === undefined ? null : String(choice.current),
    class: `item ${choice.current ? "current" : ""}`,
    disabled: choice.disabled,
    onclick: (event) => {
      event.currentTarget.closest(".popup").hidePopover();
      choice.choose();
    },
  };
  const note = choice.note && h("span", { class: "soft" }, choice.note);
  return h("button", props, choice.picture, h("span", {}, choice.words, note), choice.count > 0 && h("span", { class: "count" }, `${choice.count} new`));
}

function show(node) {
  const opener = node.previousSibling.getBoundingClientRect();
  node.showPopover();
  const { width, height } = node.getBoundingClientRect();
  const below = opener.bottom + 4 + height <= innerHeight || opener.top < height;
  node.style.left = `${Math.max(8, Math.min(opener.left, innerWidth - width - 8))}px`;
  node.style.top = `${Math.max(8, below ? opener.bottom + 4 : opener.top - height - 4)}px`;
  node.querySelector("[aria-checked=true],button:not(:disabled)")?.focus();
}

function walk(event) {
  const all = [...event.currentTarget.querySelectorAll("button:not(:disabled)")];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all.at(to % all.length)?.focus();
}
