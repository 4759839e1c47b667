// Where a person writes: plain messages, and commands with their hints. What did not get through stays in the box.

import { h } from "./dom.js";
import { menu } from "./menu.js";
import { changed, deed, draftOf, keepDraft, load, world } from "./store.js";

const picked = new Map(); // spot -> which suggestion is marked

export function composer(seat, { channel, thread, label }) {
  const spot = `say/${seat.id}/${channel}/${thread ?? ""}`;
  const text = draftOf(spot) ?? "";
  const offers = suggestions(text);
  const at = Math.min(picked.get(spot) ?? 0, Math.max(offers.length - 1, 0));
  const id = `say-${seat.id}`;
  const write = (words) => {
    keepDraft(spot, words || undefined);
    picked.delete(spot);
    changed();
  };
  const take = (command) => {
    write(`${command.command} `);
    document.getElementById(id)?.focus();
  };
  const send = (event) => {
    event?.preventDefault();
    post(seat, { spot, channel, thread, text: draftOf(spot) ?? "" }, write);
  };
  const keys = (event) => {
    if (event.isComposing) return;
    const open = offers.length > 0;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (open && step) picked.set(spot, (at + step + offers.length) % offers.length);
    else if (open && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey) take(offers[at]);
    else if (event.key === "Enter" && !event.shiftKey) send();
    else return;
    event.preventDefault();
    changed();
  };
  const trouble = seat.trouble[spot];
  const box = h("textarea", {
    id,
    "data-composer": seat.id,
    rows: Math.min(6, Math.max(1, text.split("\n").length)),
    value: text,
    placeholder: label,
    "aria-label": label,
    "aria-controls": offers.length ? `${id}-list` : null,
    "aria-activedescendant": offers.length ? `${id}-list-${at}` : null,
    "aria-describedby": `${id}-hint`,
    oninput: (event) => write(event.target.value),
    onkeydown: keys,
  });
  return h("form", { class: "composer", onsubmit: send },
    offers.length ? offerList(`${id}-list`, offers, at, take) : null,
    h("div", { class: "line" }, shortcuts(seat, channel, spot), box, h("button", { class: "button primary", disabled: !text.trim() || seat.pending.has(spot) }, "Send")),
    h("p", { id: `${id}-hint`, class: trouble ? "error" : "soft", role: trouble ? "alert" : null }, trouble ?? hint(text, offers.length)),
  );
}

function suggestions(text) {
  if (!/^\/\S*$/.test(text)) return [];
  return (world.app.commands ?? []).filter((each) => each.command.startsWith(text.toLowerCase()));
}

function offerList(id, offers, at, take) {
  const rows = offers.map((each, index) => {
    const props = { id: `${id}-${index}`, class: "item", role: "option", "aria-selected": String(index === at), onpointerdown: (event) => (event.preventDefault(), take(each)) };
    return h("li", props, h("strong", {}, each.command), " ", h("span", { class: "soft" }, [each.usage_hint, each.description].filter(Boolean).join(" · ")));
  });
  return h("ul", { class: "list above", role: "listbox", id, "aria-label": "Commands" }, rows);
}

function hint(text, offers) {
  if (offers) return `${offers} ${offers === 1 ? "command" : "commands"}. Arrows choose, Enter takes it.`;
  const command = (world.app.commands ?? []).find((each) => text.startsWith(`${each.command} `));
  if (command?.usage_hint) return `${command.command} ${command.usage_hint}`;
  return text ? "Enter sends, Shift and Enter begins a new line." : (world.app.commands?.length ? "Type / for commands." : "");
}

function shortcuts(seat, channel, spot) {
  const all = (world.app.shortcuts ?? []).filter((each) => each.type === "global");
  if (!all.length) return null;
  const items = all.map((each) => ({ words: each.name, note: each.description, choose: () => deed(seat, { do: "shortcut", callback_id: each.callback_id }, spot) }));
  return menu({ key: `shortcuts/${spot}`, label: "Shortcuts", face: "+", items });
}

async function post(seat, { spot, channel, thread, text }, write) {
  if (!text.trim()) return;
  const command = text.startsWith("/");
  const body = command ? { do: "command", text: text.trim(), channel } : { do: "say", channel, text, ...(thread ? { thread_ts: thread } : {}) };
  const answer = await deed(seat, body, spot);
  if (!answer.ok) return;
  if ((draftOf(spot) ?? "") === text) write("");
  if (document.activeElement === document.body) document.getElementById(`say-${seat.id}`)?.focus();
  if (!command) load(seat, channel, { thread });
}
