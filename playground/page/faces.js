// How people and the app are shown wherever they are named.

import { h } from "./dom.js";
import { person, world } from "./store.js";

export function face(id) {
  if (id === world.app?.user_id) return h("span", { class: "face app", "aria-hidden": "true" }, h("i"), h("i"));
  const who = person(id);
  return h("span", { class: `face c${who?.colour ?? 0}`, "aria-hidden": "true" }, who?.initials ?? "?");
}

export function nameOf(id) {
  if (id === world.app?.user_id) return world.app.name;
  return person(id)?.name ?? "Somebody who left";
}

// What a reader should know of somebody beyond their title.
export function standing(who) {
  const facts = [who.deleted && "deactivated", who.stranger && "other organisation", who.guest && "guest", who.bot && "bot"];
  return [who.title, ...facts].filter(Boolean).join(", ");
}

export const human = (who) => !who.bot && !who.foreign && who.id !== world.app?.user_id;
