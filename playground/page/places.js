// Where a person is, and the addresses of it: #/app/home, #/app/messages, #/c/<id>, each with /<ts> for a thread; #gallery.

import { read } from "./api.js";
import { appChannel, changed, deed, load, me, person, placeChannel, reread, seatOf, ui, world } from "./store.js";

export function addressOf(place) {
  const thread = place.thread ? `/${place.thread}` : "";
  return place.kind === "channel" ? `#/c/${place.channel}${thread}` : `#/app/${place.kind}${thread}`;
}

export function placeOf(address) {
  const [, app, channel, thread] = address.match(/^#\/(?:app\/(home|messages)|c\/(\w+))(?:\/([\d.]+))?$/) ?? [];
  if (app) return { kind: app, thread: thread ?? null };
  return channel ? { kind: "channel", channel, thread: thread ?? null } : null;
}

export function go(place) {
  ui.mobile = "seat";
  const address = addressOf(place);
  if (location.hash === address) follow();
  else location.hash = address;
}

// Reads the address: everything that moves a person changes it, so links, Back and bookmarks all work.
export async function follow() {
  if (location.hash === "#gallery") {
    ui.gallery ??= (await read("gallery").catch(() => ({}))).samples ?? [];
    return changed();
  }
  const place = placeOf(location.hash) ?? { kind: world.app?.home_tab === false ? "messages" : "home" };
  return openPlace(me(), place);
}

export async function openPlace(seat, { kind, channel = null, thread = null, quiet = false }) {
  const direct = channel && channel === appChannel(seat);
  seat.place = { kind: direct ? "messages" : kind, channel: direct ? null : channel, thread };
  changed();
  if (!quiet) await look(seat);
  if (seat.place.kind !== "home") await load(seat, placeChannel(seat), { thread });
}

// Looking marks as read, and the app hears that its Home or its Messages were opened.
function look(seat) {
  const { kind } = seat.place;
  if (kind === "channel") return deed(seat, { do: "open", channel: seat.place.channel }, `look/${seat.place.channel}`);
  return deed(seat, { do: "open", channel: appChannel(seat) ?? "@app", tab: kind }, `look/${kind}`);
}

let underway = Promise.resolve();

// Resolves once whoever somebody has become stands at their place.
export const arrived = () => underway;

export function become(id, place) {
  underway = take(id, place);
  return underway;
}

async function take(id, place) {
  if (!person(id)) return;
  const from = ui.me;
  if (id !== from) {
    ui.me = id;
    if (from) ui.other = from;
    sessionStorage.setItem("me", id);
    await Promise.all([deed(seatOf(id), { do: "become" }, "become"), reread(id)]);
    if (from) reread(from);
  }
  const news = seatOf(id).state?.news?.[id] ?? 0;
  ui.mobile = "seat";
  go(place ?? (news && world.app.messages_tab ? { kind: "messages" } : { kind: "home" }));
  changed();
}

// Somebody's Home next to one's own; the app is asked to draw it as it is now.
export async function showBeside(id, forward = false) {
  if (!person(id)) return;
  const seat = seatOf(id);
  const fresh = ui.other !== id;
  ui.other = id;
  seat.place = { kind: "home", channel: null, thread: null };
  if (forward) Object.assign(ui, { tab: "other", beside: fresh || ui.beside });
  if (forward && fresh && !ui.wide) ui.unseen = (ui.unseen ?? 0) + 1;
  changed();
  await reread(id);
  await deed(seat, { do: "open", channel: appChannel(seat) ?? "@app", tab: "home", beside: true }, "beside");
}

// Shows the other person's side at the place something just happened.
export async function showOther(id, channel) {
  ui.other = id;
  const seat = seatOf(id);
  if (!seat.state) await reread(id);
  const app = channel === appChannel(seat) || !channel;
  return openPlace(seat, app ? { kind: "messages", quiet: true } : { kind: "channel", channel, quiet: true });
}
