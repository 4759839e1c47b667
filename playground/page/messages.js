// A conversation: its messages by day, threads, and what can be done with each message.

import { drawBlocks, drawWords } from "./blocks.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { face, nameOf } from "./faces.js";
import { menu } from "./menu.js";
import { deed, listOf, load, placeChannel, spotOf, world } from "./store.js";
import { dayNumber, hour, longDay } from "./times.js";

const TOGETHER = 5 * 60_000;

export function messageList(seat, env, actions) {
  const list = listOf(seat);
  const channel = placeChannel(seat);
  const thread = seat.place.thread;
  if (channel && !list) return h("p", { class: "soft pad" }, "Fetching what was said.");
  const shown = (list?.messages ?? []).filter((each) => thread || !each.thread_ts || each.thread_ts === each.ts);
  const rows = shown.flatMap((message, index) => [dayLine(message, shown[index - 1], env), row(seat, env, channel, message, shown[index - 1], actions)]);
  const earlier = () => load(seat, channel, { thread, before: shown[0]?.ts });
  return h("div", { class: "scroll said", "data-list": `${seat.id}/${channel}/${thread ?? ""}`, tabindex: "0", role: "log", "aria-live": "off", "aria-label": "Messages" },
    list?.more && h("div", { class: "row pad" }, h("button", { type: "button", class: "button", onclick: earlier }, "Earlier messages")),
    rows.length ? h("ol", { class: "messages" }, rows) : actions.empty(),
  );
}

function dayLine(message, before, env) {
  const date = new Date(message.at);
  if (before && dayNumber(date, env.zone) === dayNumber(new Date(before.at), env.zone)) return null;
  return h("li", { class: "day", key: `day-${message.ts}` }, h("span", {}, longDay(date, env.zone)));
}

function row(seat, env, channel, message, before, actions) {
  const date = new Date(message.at);
  const follows = before?.user === message.user && before.only_you === message.only_you && date - new Date(before.at) < TOGETHER && dayNumber(date, env.zone) === dayNumber(new Date(before.at), env.zone);
  const where = { message: { channel, ts: message.ts } };
  const ctx = { seat, env, where, spot: spotOf(seat, where), values: message.state?.[seat.id] };
  const time = h("time", { class: "soft", datetime: message.at }, hour(date, env.zone));
  const head = follows ? h("span", { class: "unseen" }, nameOf(message.user), " ", time) : h("p", { class: "by" }, h("strong", {}, nameOf(message.user)), " ", time, message.edited && h("span", { class: "soft" }, " (edited)"));
  return h("li", { class: `message ${follows ? "follows" : ""} ${message.only_you ? "only" : ""}`, key: message.ts, "data-ts": message.ts, tabindex: "-1" },
    follows ? h("span", { class: "gap" }) : face(message.user),
    h("div", { class: "body" },
      head,
      message.only_you && h("p", { class: "soft" }, "Only you can see this"),
      message.blocks?.length ? drawBlocks(message.blocks, ctx) : drawWords(message.text, env),
      message.attachments?.map((each) => attached(each, ctx)),
      message.files?.map((file) => h("p", { class: "stranger" }, `File: ${file.title || file.name}`)),
      Object.entries(message.reactions ?? {}).map(([name, count]) => h("span", { class: "chip" }, `${emoji(name)} ${count}`)),
      message.edited && follows && h("span", { class: "soft" }, "(edited)"),
      message.replies > 0 && !seat.place.thread && h("button", { type: "button", class: "quiet", onclick: () => actions.thread(message.ts) }, message.replies === 1 ? "1 reply" : `${message.replies} replies`),
    ),
    more(seat, channel, message, actions),
  );
}

function attached(part, ctx) {
  const words = [part.pretext, part.title, part.text ?? (part.blocks ? null : part.fallback)].filter(Boolean);
  return h("div", { class: "card" }, words.map((text) => drawWords(text, ctx.env)), part.blocks && drawBlocks(part.blocks, ctx));
}

function more(seat, channel, message, actions) {
  if (message.only_you || !actions.full) return null;
  const run = (shortcut) => () => deed(seat, { do: "shortcut", callback_id: shortcut.callback_id, channel, ts: message.ts }, `say/${seat.id}/${channel}/`);
  const shortcuts = (world.app.shortcuts ?? []).filter((each) => each.type === "message");
  const items = [
    !seat.place.thread && { words: "Reply in a thread", choose: () => actions.thread(message.thread_ts ?? message.ts) },
    ...shortcuts.map((each) => ({ words: each.name, note: each.description, choose: run(each) })),
  ].filter(Boolean);
  if (!items.length) return null;
  return menu({ key: `more/${seat.id}/${channel}/${message.ts}`, label: `More for this message from ${nameOf(message.user)}`, face: "⋯", className: "quiet", items });
}
