// Every view the app can draw, side by side, with nobody behind them.

import { drawBlocks, drawWords } from "./blocks.js";
import { h } from "./dom.js";
import { face } from "./faces.js";
import { stillModal } from "./modals.js";
import { empty, envOf } from "./panes.js";
import { me, ui, world } from "./store.js";

const SURFACES = { message: "Message", modal: "Modal", home: "Home" };

export function gallery() {
  const back = h("a", { class: "button", href: "#/app/home" }, "← Back to the workspace");
  if (!ui.gallery) return h("main", { class: "gallery", key: "gallery" }, h("p", { class: "soft pad" }, "Fetching the views."));
  const all = ui.gallery.map((sample, index) => figure(sample, index));
  return h("main", { class: "gallery scroll", key: "gallery", "data-region": "gallery", tabindex: "-1" },
    h("div", { class: "head" }, back, h("h1", {}, `Every view, ${ui.gallery.length} of them`)),
    all.length ? h("div", { class: "samples" }, all) : empty("This app handed in no samples.", "A sample is a view with made-up facts; an app's own tests use the same ones.", null));
}

function figure(sample, index) {
  const ctx = { sample: true, seat: null, spot: `sample-${index}`, where: {}, env: envOf(me()), values: sample.payload.state?.values };
  return h("figure", { key: index, class: "sample" },
    h("figcaption", {}, h("strong", {}, sample.name), h("span", { class: "soft" }, ` ${SURFACES[sample.surface]}`)),
    DRAWINGS[sample.surface](sample.payload, ctx));
}

const DRAWINGS = {
  modal: (payload, ctx) => stillModal(payload, ctx),
  home: (payload, ctx) => h("div", { class: "card" }, drawBlocks(payload.blocks, ctx)),
  message: (payload, ctx) => h("div", { class: "card message" }, face(world.app.user_id), h("div", { class: "body" },
    h("p", { class: "by" }, h("strong", {}, world.app.name)),
    payload.blocks?.length ? drawBlocks(payload.blocks, ctx) : drawWords(payload.text, ctx.env),
    payload.blocks?.length && payload.text ? h("p", { class: "soft" }, `Notification: ${payload.text}`) : null)),
};
