// Questions that stop everything else until answered: Escape and "no" are always an ordinary answer.

import { draw, h } from "./dom.js";
import { textOf } from "./words.js";

// Resolves to the pressed choice's value, or null when it was dismissed.
export function ask({ title, body, choices, stack = false }) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "question";
    dialog.setAttribute("aria-labelledby", "question");
    const press = (choice) => () => {
      dialog.returnValue = "chosen";
      resolve(choice.value);
      dialog.close();
    };
    const buttons = choices.map((choice) => h("button", { type: "button", class: `button ${choice.style ?? ""}`, onclick: press(choice) }, choice.label));
    draw(dialog, [h("h2", { id: "question" }, title), h("div", { class: "words" }, body), h("div", { class: `row ${stack ? "stack" : ""}` }, buttons)]);
    dialog.onclose = () => {
      dialog.remove();
      resolve(null);
    };
    document.body.append(dialog);
    dialog.showModal();
  });
}

export async function confirmed(confirm, env) {
  const yes = { label: confirm.confirm.text, value: true, style: confirm.style === "danger" ? "danger" : "primary" };
  const no = { label: confirm.deny.text, value: false };
  return (await ask({ title: confirm.title.text, body: textOf(confirm.text, env), choices: [yes, no] })) === true;
}
