// A person's open modal, drawn inside their own pane: focus goes in, stays in, and comes back; F6 steps out to the guide.

import { drawBlocks } from "./blocks.js";
import { focusable, h } from "./dom.js";
import { held, HOLDS } from "./elements.js";
import { changed, deed, spotOf, ui } from "./store.js";
import { withEmoji } from "./words.js";

const cameFrom = new Map(); // seat id -> the node focus returns to
const openIn = new Map(); // seat id -> view id that was open at the last drawing
const inside = new Set(); // seats whose modal held the focus before this drawing

export const topModal = (seat) => seat.state?.modals.at(-1) ?? null;

export function modal(seat, env, above) {
  const view = topModal(seat);
  if (!view) return null;
  const where = { view: view.id };
  const ctx = { seat, env, where, spot: spotOf(seat, where), values: view.state?.values, errors: seat.errors[view.id] };
  const busy = seat.pending.has(`${ctx.spot}/submit`);
  const close = (all) => deed(seat, { do: "close", view: view.id, all }, `${ctx.spot}/close`);
  const trouble = view.problem ?? seat.trouble[`${ctx.spot}/submit`] ?? seat.trouble[`${ctx.spot}/close`];
  const deep = seat.state.modals.length > 1;
  const submit = (event) => {
    event.preventDefault();
    send(ctx, view);
  };
  const props = {
    class: "modal",
    key: `modal-${view.id}`,
    role: "dialog",
    "aria-modal": ui.narrow ? "true" : null,
    "aria-labelledby": `${view.id}-title`,
    "aria-busy": busy ? "true" : null,
    "data-modal": view.id,
    "data-seat": seat.id,
    tabindex: "-1",
    onsubmit: submit,
    onkeydown: (event) => keys(event, () => close(false)),
    novalidate: true,
  };
  return h("div", { class: "veil", key: "veil" }, h("form", props,
    h("header", {},
      h("h2", { id: `${view.id}-title` }, withEmoji(view.title.text)),
      h("button", { type: "button", class: "button quiet", "aria-label": deep ? "Close all of this" : "Close", onclick: () => close(deep) }, "×"),
    ),
    ui.narrow && above,
    h("div", { class: "scroll inside" }, drawBlocks(view.blocks, ctx)),
    h("footer", {},
      trouble && h("p", { class: "error", role: "alert" }, trouble),
      h("div", { class: "row" },
        h("button", { type: "button", class: "button", onclick: () => close(false) }, view.close?.text ?? (view.submit ? "Cancel" : "Close")),
        view.submit && h("button", { class: "button primary", "data-submit": view.callback_id, "aria-disabled": busy ? "true" : null, disabled: view.submit_disabled }, busy ? "Sending" : view.submit.text),
      ),
    ),
  ));
}

// Every input's value, touched or not, as the person sees it.
export function typedIn(ctx, blocks) {
  const values = {};
  for (const block of blocks) {
    if (block.type === "input" && HOLDS[block.element.type]) values[block.block_id] = { [block.element.action_id]: held(ctx, block, block.element) };
  }
  return values;
}

async function send(ctx, view) {
  const { seat } = ctx;
  delete seat.errors[view.id];
  const answer = await deed(seat, { do: "submit", view: view.id, values: typedIn(ctx, view.blocks) }, `${ctx.spot}/submit`);
  if (answer.ok || !answer.errors) return;
  seat.errors[view.id] = answer.errors;
  changed();
  requestAnimationFrame(() => requestAnimationFrame(() => firstWrong(dialogOf(seat))?.focus()));
}

function firstWrong(dialog) {
  const wrong = dialog?.querySelector("[aria-invalid=true]");
  return wrong && (focusable(wrong)[0] ?? wrong);
}

const dialogOf = (seat) => document.querySelector(`[data-modal][data-seat="${CSS.escape(seat.id)}"]`);

function keys(event, close) {
  const dialog = event.currentTarget;
  if (event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    close();
  }
  if (event.key !== "Tab") return;
  const all = focusable(dialog);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement !== edge && document.activeElement !== dialog) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
}

// Called around every drawing of the page: remembers where focus was, gives it to a new modal, hands it back after the last.
export function noteFocus(seat) {
  const dialog = dialogOf(seat);
  if (!dialog) cameFrom.set(seat.id, document.activeElement);
  if (dialog?.contains(document.activeElement)) inside.add(seat.id);
  else inside.delete(seat.id);
}

export function moveFocus(seat, mine) {
  const dialog = dialogOf(seat);
  const view = dialog?.dataset.modal ?? null;
  const before = openIn.get(seat.id) ?? null;
  if (view) openIn.set(seat.id, view);
  else openIn.delete(seat.id);
  const lost = inside.has(seat.id) && document.activeElement === document.body;
  if (view && (lost || (mine && view !== before))) into(dialog, seat.state.modals.at(-1));
  else if (!view && lost) back(seat);
}

function into(dialog, view) {
  const wanted = view.blocks.find((block) => block.element?.focus_on_load)?.element.action_id;
  const marked = wanted && dialog.querySelector(`[data-action="${CSS.escape(wanted)}"]`);
  const first = marked ?? dialog.querySelector(".inside input,.inside textarea,.inside select") ?? dialog;
  first.focus({ preventScroll: first === dialog });
}

function back(seat) {
  const node = cameFrom.get(seat.id);
  if (node?.isConnected && node !== document.body) node.focus();
  else document.querySelector(`[data-pane="${CSS.escape(seat.id)}"]`)?.focus();
}

// A modal of the gallery: the same drawing, with nobody's seat behind it.
export function stillModal(view, ctx) {
  return h("div", { class: "modal still" },
    h("header", {}, h("h3", {}, withEmoji(view.title.text))),
    h("div", { class: "inside" }, drawBlocks(view.blocks, ctx)),
    h("footer", {}, h("div", { class: "row" },
      h("span", { class: "button" }, view.close?.text ?? (view.submit ? "Cancel" : "Close")),
      view.submit && h("span", { class: "button primary" }, view.submit.text),
    )),
  );
}
