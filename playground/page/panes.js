// One person's pane: the app's Home, a conversation or a thread, with their open modal on top.

import { drawBlocks } from "./blocks.js";
import { composer } from "./composer.js";
import { h } from "./dom.js";
import { face, human, nameOf, standing } from "./faces.js";
import { messageList } from "./messages.js";
import { modal, topModal } from "./modals.js";
import { go, openPlace } from "./places.js";
import { appChannel, deed, firstName, person, placeChannel, spotOf, ui, world } from "./store.js";

export function envOf(seat) {
  const conversations = seat.state?.conversations ?? [];
  return {
    people: new Map(world.people.map((each) => [each.id, each])),
    everybody: world.people.filter(human),
    places: new Map(conversations.map((each) => [each.id, each])),
    conversations,
    zone: person(seat.id)?.tz ?? world.clock.home_zone,
    reader: seat.id,
  };
}

// `mine`: the pane of the person one is; the other one is steered by its own tabs and never by the address.
export function pane(seat, { mine, above, full = mine }) {
  const env = envOf(seat);
  const move = (place) => (mine ? go(place) : openPlace(seat, { ...place, quiet: true }));
  const covered = Boolean(topModal(seat));
  const props = { class: "pane", "data-pane": seat.id, key: `pane-${seat.id}`, tabindex: "-1", role: "region", "aria-label": `${firstName(seat.id)}'s side` };
  if (!seat.state) return h("section", props, h("p", { class: "soft pad" }, "Opening."));
  const [head, body] = (VIEWS[seat.place.kind] ?? VIEWS.home)(seat, env, move, full);
  return h("section", props, h("div", { class: "under", inert: covered }, head, body), modal(seat, env, above));
}

function appHead(seat, move) {
  const tab = (kind, words) => {
    const on = seat.place.kind === kind;
    return h("button", { type: "button", role: "tab", class: "tab", "aria-selected": String(on), "data-tab": kind, onclick: () => move({ kind }) }, words);
  };
  const tabs = [world.app.home_tab && tab("home", "Home"), world.app.messages_tab && tab("messages", "Messages")];
  return h("div", { class: "head" }, face(world.app.user_id), h("h2", {}, world.app.name), h("div", { class: "tabs", role: "tablist", "aria-label": world.app.name }, tabs));
}

function home(seat, env, move) {
  const view = seat.state.home;
  const where = { view: view?.id };
  const ctx = view && { seat, env, where, spot: spotOf(seat, where), values: view.state?.values, errors: seat.errors[view.id] };
  const inside = view ? h("div", { class: "home" }, drawBlocks(view.blocks, ctx)) : emptyHome(seat);
  return [appHead(seat, move), h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": `${world.app.name}'s Home` }, inside)];
}

function emptyHome(seat) {
  const ask = () => deed(seat, { do: "open", channel: appChannel(seat) ?? "@app", tab: "home" }, "home");
  return empty(`${world.app.name} hasn't drawn a Home for ${firstName(seat.id)} yet.`, "An app draws it when somebody opens it. If the bot is running, asking again is enough.", "Ask again", ask);
}

export function empty(fact, why, label, act) {
  return h("div", { class: "empty" }, h("h3", {}, fact), h("p", {}, why), label && h("button", { type: "button", class: "button", onclick: act }, label));
}

function emptyMessages(move) {
  const fact = `Nothing from ${world.app.name} yet.`;
  if (!world.app.home_tab) return empty(fact, "It writes here when something needs you. You can write to it below, or run one of its commands.", null);
  return empty(fact, "It writes here when something needs you. What you can do by yourself is on its Home.", "Open its Home", () => move({ kind: "home" }));
}

function messages(seat, env, move, full) {
  const { thread } = seat.place;
  const actions = {
    full,
    thread: (ts) => move({ kind: "messages", thread: ts }),
    empty: () => emptyMessages(move),
  };
  const channel = appChannel(seat) ?? "@app";
  const write = !full ? null : world.app.can_write
    ? composer(seat, { channel, thread, label: `Message to ${world.app.name}` })
    : h("p", { class: "soft pad" }, `${world.app.name} takes buttons here, not messages. Its commands work in any channel.`);
  return [thread ? threadHead(() => move({ kind: "messages" }), world.app.name) : appHead(seat, move), [messageList(seat, env, actions), write]];
}

function threadHead(back, name) {
  return h("div", { class: "head" }, h("button", { type: "button", class: "button", onclick: back }, "← Back"), h("h2", {}, `Thread in ${name}`));
}

function channel(seat, env, move, full) {
  const { channel: id, thread } = seat.place;
  const place = env.places.get(id);
  if (!place) {
    const fact = `${firstName(seat.id)} can't see that conversation.`;
    return [h("div", { class: "head" }, h("h2", {}, "Not here")), empty(fact, "It belongs to somebody else, or it is gone.", `Open ${world.app.name}`, () => move({ kind: "home" }))];
  }
  const name = placeName(place);
  const actions = {
    full,
    thread: (ts) => move({ kind: "channel", channel: id, thread: ts }),
    empty: () => empty(thread ? "No replies yet." : `Nobody has written in ${name} yet.`, "Whatever is said here stays on this computer.", place.member && "Write the first line", () => document.getElementById(`say-${seat.id}`)?.focus()),
  };
  const write = !full ? null : place.archived ? h("p", { class: "soft pad" }, "This channel is archived: it can be read, and nothing new is said.") : place.member ? composer(seat, { channel: id, thread, label: `Message to ${name}` }) : join(seat, id, name);
  return [thread ? threadHead(() => move({ kind: "channel", channel: id }), name) : placeHead(place, name), [messageList(seat, env, actions), write]];
}

function join(seat, id, name) {
  const act = () => deed(seat, { do: "join", channel: id }, `join/${id}`);
  return h("div", { class: "row pad" }, h("span", { class: "soft" }, `You aren't in ${name}.`), h("button", { type: "button", class: "button", onclick: act }, "Join it"),
    seat.trouble[`join/${id}`] && h("p", { class: "error", role: "alert" }, seat.trouble[`join/${id}`]));
}

function placeHead(place, name) {
  const other = place.kind === "dm" && person(place.with?.find((id) => id !== ui.me) ?? place.with?.[0]);
  const count = place.kind === "group" || place.kind === "channel" ? `${place.with.length + Number(place.member)} people${place.private ? ", private" : ""}` : "";
  return h("div", { class: "head" }, other && face(other.id), h("h2", {}, name), h("span", { class: "soft" }, other ? `${standing(other)}, ${other.local}` : count));
}

// A channel by its sign, people by their names.
export function placeName(place) {
  if (place.kind === "channel") return `# ${place.name}`;
  if (place.kind === "group") return place.with.map((id) => nameOf(id).split(" ")[0]).join(", ");
  return place.name;
}

const VIEWS = { __proto__: null, home, messages, channel };

export const shownPlace = (seat) => seat.place.kind === "channel" && placeChannel(seat);
