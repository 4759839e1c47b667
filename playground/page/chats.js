// The conversations of the person one is, and whom they could write to.

import { h } from "./dom.js";
import { face, human, nameOf, standing } from "./faces.js";
import { menu } from "./menu.js";
import { placeName } from "./panes.js";
import { addressOf, go } from "./places.js";
import { deed, ui, world } from "./store.js";

export function chats(seat) {
  const all = seat.state?.conversations ?? [];
  const app = all.find((each) => each.kind === "app");
  const here = seat.place;
  const appHere = here.kind !== "channel";
  const home = { kind: world.app.home_tab ? "home" : "messages" };
  const rows = (kinds) => all.filter((each) => kinds.includes(each.kind)).map((each) => row(seat, each));
  const talks = rows(["dm", "group"]);
  return h("nav", { class: "chats", key: "chats", "data-region": "chats", tabindex: "-1", "aria-label": "Conversations" },
    h("div", { class: "scroll" },
      h("h2", { class: "label" }, "App"),
      h("ul", {}, entry({ address: addressOf(app?.unread && world.app.messages_tab ? { kind: "messages" } : home), current: appHere, picture: face(world.app.user_id), name: world.app.name, unread: appHere && here.kind === "messages" ? 0 : (app?.unread ?? 0) })),
      h("h2", { class: "label" }, "Channels"),
      h("ul", {}, rows(["channel"])),
      h("h2", { class: "label" }, "People"),
      talks.length ? h("ul", {}, talks) : h("p", { class: "soft pad" }, `${nameOf(seat.id).split(" ")[0]} has written to nobody.`),
      h("div", { class: "pad" }, writeTo(seat)),
    ),
  );
}

function row(seat, place) {
  const current = seat.place.kind === "channel" && seat.place.channel === place.id;
  const other = place.kind === "dm" && place.with?.find((id) => id !== seat.id);
  const picture = other ? face(other) : h("span", { class: "face sign", "aria-hidden": "true" }, place.kind === "group" ? "··" : place.private ? "◇" : "#");
  const name = place.kind === "channel" ? place.name : placeName(place);
  const notes = [place.private && place.kind === "channel" && "private", place.member === false && "not joined"].filter(Boolean).join(", ");
  return entry({ key: place.id, address: addressOf({ kind: "channel", channel: place.id }), current, picture, name, note: notes, unread: current ? 0 : place.unread });
}

function entry({ key, address, current, picture, name, note, unread }) {
  const props = { href: address, class: `entry ${current ? "current" : ""} ${unread ? "unread" : ""}`, "aria-current": current ? "page" : null, onclick: () => (ui.mobile = "seat") };
  return h("li", { key }, h("a", props, picture, h("span", {}, name, note && h("span", { class: "soft" }, ` ${note}`)), unread > 0 && h("span", { class: "count" }, `${unread} new`)));
}

function writeTo(seat) {
  const start = async (user) => {
    const answer = await deed(seat, { do: "open_dm", user }, "open_dm");
    if (answer.ok && answer.channel) go({ kind: "channel", channel: answer.channel });
  };
  const items = world.people.filter((each) => human(each) && each.id !== seat.id && !each.deleted).map((each) => ({ picture: face(each.id), words: each.name, note: standing(each), choose: () => start(each.id) }));
  return menu({ key: "write-to", label: "Write to somebody", face: "Write to somebody", items });
}
