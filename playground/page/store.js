// What the page knows: one seat a person (their state, their place, their loaded messages), and what the page itself shows.

import { read, tell } from "./api.js";
import { setClock } from "./times.js";

export const seats = new Map(); // user id -> Seat
export const world = { people: [], clock: null, app: null, guide: null, faults: [], workspace: null, workspaces: [] };
export const ui = {
  me: null,
  other: null, // whose side is shown beside one's own
  tab: "guide",
  mobile: "seat", // "chats" | "seat" | "other" in one column
  drawer: false,
  guideOpen: true,
  menu: null,
  jump: null,
  playing: null, // { title, days } while a chapter is played
  landing: false,
  beside: false, // somebody's Home waits on the other side, not looked at yet
  lost: false,
  begun: false,
  gallery: null,
  traffic: [],
  notice: null,
  wide: true,
  double: false,
  narrow: false,
};

let redraw = () => {};
let asked = false;

export function whenChanged(drawing) {
  redraw = drawing;
}

export function changed() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    redraw();
  });
}

export function seatOf(id) {
  if (!seats.has(id)) {
    const place = { kind: "home", channel: null, thread: null };
    seats.set(id, { id, state: null, place, lists: new Map(), heard: 0, errors: {}, trouble: {}, pending: new Set(), flash: null });
  }
  return seats.get(id);
}

export const me = () => seatOf(ui.me);
export const person = (id) => world.people.find((each) => each.id === id) ?? null;
export const firstName = (id) => person(id)?.name.split(" ")[0] ?? "somebody";

// -- reading: at most one read a person at a time, and one more if something happened meanwhile -----------------

const reading = new Map();

export function reread(id) {
  const running = reading.get(id);
  if (running) {
    running.again = true;
    return running.done;
  }
  const job = { again: false };
  job.done = readState(id)
    .catch(() => {})
    .finally(() => {
      reading.delete(id);
      if (job.again) reread(id);
    });
  reading.set(id, job);
  return job.done;
}

async function readState(id) {
  const state = await read("state", { as: id });
  if (!state.you) return goneFromHere(id);
  if (ui.playing && !ui.landing && ui.me) return null;
  takeWorld(state);
  const seat = seatOf(state.you.id);
  const before = seat.state?.modals.at(-1)?.id;
  seat.state = state;
  const top = state.modals.at(-1)?.id;
  if (id === ui.me && top && top !== before) Object.assign(ui, { mobile: "seat", drawer: false }); // a modal is never missed
  forgetClosed(seat);
  changed();
  return state;
}

// A workspace that began again has other people: the page begins again too.
function goneFromHere(id) {
  seats.delete(id);
  if (id !== ui.me || ui.playing) return null;
  sessionStorage.removeItem("me");
  return location.replace(location.pathname);
}

// As somebody, or as whoever a chapter begins as; answers which chapter was opened.
export async function begin(id) {
  const first = (await readState(id)) ?? (await readState(null));
  const opened = first.guide?.opened;
  const wanted = first.you.id === id ? null : opened?.act_as;
  const state = wanted && wanted !== first.you.id ? ((await readState(wanted)) ?? first) : first;
  ui.me = state.you.id;
  sessionStorage.setItem("me", ui.me);
  return opened;
}

// Another world has other people: nothing known of the old ones holds.
export function forgetSeats() {
  seats.clear();
  drafts.clear();
  saveDrafts();
  sessionStorage.removeItem("me");
  Object.assign(ui, { me: null, other: null, unseen: 0, traffic: [] });
}

function takeWorld(state) {
  for (const name of ["people", "app", "guide", "faults", "workspace", "workspaces"]) world[name] = state[name] ?? world[name];
  world.clock = state.clock;
  world.playing = state.playing;
  setClock(state.clock.now);
}

// -- messages ----------------------------------------------------------------------------------------------------

const listKey = (channel, thread) => (thread ? `${channel}/${thread}` : channel);

export function appChannel(seat) {
  return seat.state?.conversations.find((each) => each.kind === "app")?.id ?? null;
}

export function placeChannel(seat) {
  if (seat.place.kind === "channel") return seat.place.channel;
  return seat.place.kind === "messages" ? appChannel(seat) : null;
}

export function listOf(seat) {
  const channel = placeChannel(seat);
  return channel ? seat.lists.get(listKey(channel, seat.place.thread)) : null;
}

export async function load(seat, channel, { thread = null, before = null, fresh = false } = {}) {
  if (!channel) return;
  const { heard } = seat;
  const answer = await read("messages", { as: seat.id, channel, thread, before, limit: 50 }).catch(() => null);
  if (!answer?.messages) return;
  const key = listKey(channel, thread);
  const had = seat.lists.get(key);
  const kept = fresh ? [] : (had?.messages ?? []).filter((each) => before || each.ts < answer.messages[0]?.ts);
  const more = before || !kept.length ? answer.more : had.more;
  seat.lists.set(key, { messages: merged(answer.messages, kept), more, thread, channel });
  changed();
  if (seat.heard !== heard && !before) await load(seat, channel, { thread }); // something was said meanwhile
}

function merged(one, two) {
  const all = new Map([...one, ...two].map((each) => [each.ts, each]));
  return [...all.values()].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

export function putMessage(seat, channel, message) {
  seat.heard += 1;
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  const list = seat.lists.get(listKey(channel, reply ? message.thread_ts : null));
  const fresh = list && !list.messages.some((each) => each.ts === message.ts);
  if (list) list.messages = merged(list.messages, [message]);
  const thread = seat.lists.get(listKey(channel, message.ts));
  if (thread) thread.messages = merged(thread.messages, [message]);
  if (reply) load(seat, channel);
  changed();
  return fresh;
}

export function dropMessage(seat, channel, ts) {
  seat.heard += 1;
  for (const list of seat.lists.values()) {
    if (list.channel === channel) list.messages = list.messages.filter((each) => each.ts !== ts);
  }
  changed();
}

// After a gap in the stream everything that is shown is read again.
export function rereadAll() {
  for (const seat of seats.values()) {
    reread(seat.id);
    const [shown, channel] = [listKey(placeChannel(seat), seat.place.thread), placeChannel(seat)];
    for (const key of [...seat.lists.keys()]) if (key !== shown) seat.lists.delete(key);
    load(seat, channel, { thread: seat.place.thread, fresh: true });
  }
}

// -- deeds -------------------------------------------------------------------------------------------------------

// Does something as this person; `spot` names where trouble is shown and keeps a second press from doubling the first.
export async function deed(seat, body, spot = body.do) {
  if (seat.pending.has(spot)) return { ok: false, twice: true };
  seat.pending.add(spot);
  delete seat.trouble[spot];
  changed();
  const answer = await tell("do", body, { as: seat.id });
  seat.pending.delete(spot);
  if (!answer.ok && answer.error) seat.trouble[spot] = answer.error;
  changed();
  reread(seat.id);
  return answer;
}

export async function change(body) {
  const answer = await tell("world", body);
  if (!answer.ok) notice(answer.error ?? "That didn't work.");
  return answer;
}

let noticeTimer = 0;

export function notice(text) {
  ui.notice = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => {
    ui.notice = null;
    changed();
  }, 8000);
  changed();
}

// -- drafts: everything typed and not yet sent, kept through redraws, updates, reloads and a stopped workspace ------

const drafts = new Map(Object.entries(JSON.parse(sessionStorage.getItem("drafts") ?? "{}")));
let saving = 0;

export const draftOf = (key) => drafts.get(key);

export function keepDraft(key, value) {
  if (value === undefined) drafts.delete(key);
  else drafts.set(key, value);
  clearTimeout(saving);
  saving = setTimeout(saveDrafts, 150);
}

export function saveDrafts() {
  sessionStorage.setItem("drafts", JSON.stringify(Object.fromEntries(drafts)));
}

export const spotOf = (seat, where) => `${seat.id}/${where.view ?? `${where.message.channel}/${where.message.ts}`}`;

function forgetClosed(seat) {
  const open = new Set([...seat.state.modals.map((view) => view.id), seat.state.home?.id]);
  for (const key of drafts.keys()) {
    const [kind, user, view] = key.split("/");
    if (kind === "field" && user === seat.id && view.startsWith("V") && !open.has(view)) keepDraft(key, undefined);
  }
  for (const id of Object.keys(seat.errors)) if (!open.has(id)) delete seat.errors[id];
}

// -- the page's own settings ---------------------------------------------------------------------------------------

export function setting(name, value) {
  if (value === undefined) return localStorage.getItem(`playground.${name}`);
  localStorage.setItem(`playground.${name}`, value);
  return value;
}
