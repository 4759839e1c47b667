// Text as the workspace writes it, turned into nodes: *bold*, _italic_, <links>, mentions, dates, :emoji:, quotes, lists.
// Nothing here makes markup from text: the result is descriptions for dom.js, and only http, https and mailto become links.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { dateTokens } from "./times.js";

const ENTITY = { amp: "&", lt: "<", gt: ">" };
const TOKEN = new RegExp(
  [
    "`([^`\\n]+)`",
    "<([^<>\\n]+)>",
    ":([a-z0-9_+'-]+):",
    "(?<![\\p{L}\\p{N}*_~])([*_~])(?!\\s|\\4)((?:(?!\\4)[^\\n]|\\4(?=[\\p{L}\\p{N}]))*?[^\\s])\\4(?![\\p{L}\\p{N}])",
    "(https?://[^\\s<>|`]+)",
    "(?<![\\p{L}\\p{N}])(@(?:here|channel|everyone))\\b",
  ].join("|"),
  "gu",
);
const STYLES = { "*": "strong", _: "em", "~": "s" };

export function plain(text) {
  return text.replace(/&(amp|lt|gt);/g, (all, name) => ENTITY[name]);
}

export function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return ["http:", "https:", "mailto:"].includes(parsed.protocol) ? parsed : null;
  } catch {
    return null;
  }
}

// A label that itself looks like an address says where the link really goes.
export function link(url, label, env, key) {
  const parsed = safeUrl(url);
  if (!parsed) return label;
  const claims = typeof label === "string" && /^(https?:\/\/|www\.)?[\w-]+(\.[\w-]+)+(\/|$)/i.test(label) && label !== url;
  const host = parsed.hostname || parsed.pathname;
  const honest = claims && !label.includes(host) ? ` (${host})` : "";
  return h("a", { key, href: parsed.href, target: "_blank", rel: "noopener noreferrer", title: parsed.href }, label, honest);
}

export function mention(env, id, fallback) {
  const person = env.people.get(id);
  const own = id === env.reader ? " own" : "";
  return h("span", { class: `mention${own}` }, `@${person?.name ?? fallback ?? id}`);
}

export function channelName(env, id, fallback) {
  const place = env.places.get(id);
  const words = `#${place?.name ?? fallback ?? id}`;
  return place ? h("a", { class: "mention", href: `#/c/${id}` }, words) : h("span", { class: "mention" }, words);
}

function control(inside, env) {
  const bar = inside.indexOf("|");
  const [head, label] = bar < 0 ? [inside, null] : [inside.slice(0, bar), plain(inside.slice(bar + 1))];
  if (/^@[UW]/.test(head)) return mention(env, head.slice(1), label);
  if (/^#[CG]/.test(head)) return channelName(env, head.slice(1), label);
  if (head.startsWith("!date^")) return dateOf(head, label, env);
  if (/^!(here|channel|everyone)$/.test(head)) return h("span", { class: "mention own" }, `@${head.slice(1)}`);
  if (head.startsWith("!subteam^")) return h("span", { class: "mention" }, label ?? head.slice(9));
  const url = plain(head);
  return safeUrl(url) ? link(url, label ?? url.replace(/^mailto:/, ""), env) : plain(`<${inside}>`);
}

function dateOf(head, label, env) {
  const [, seconds, format = "", url] = head.split("^");
  const words = dateTokens(seconds, plain(format), env.zone) ?? label ?? "";
  const shown = h("time", { datetime: isoOf(seconds) }, words);
  return url ? link(plain(url), [shown], env) : shown;
}

function isoOf(seconds) {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

export function inline(text, env, formatted = true) {
  const found = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    const node = token(match, env, formatted);
    if (node === null) continue;
    if (match.index > last) found.push(plain(text.slice(last, match.index)));
    found.push(node);
    last = match.index + match[0].length;
  }
  if (last < text.length) found.push(plain(text.slice(last)));
  return found;
}

function token([, code, inside, name, style, styled, url, everyone], env, formatted) {
  if (inside !== undefined) return control(inside, env);
  if (!formatted) return null;
  if (code !== undefined) return h("code", {}, inline(code, env, false));
  if (name !== undefined) return emoji(name);
  if (style) return h(STYLES[style], {}, inline(styled, env));
  if (env.verbatim) return null;
  if (everyone) return h("span", { class: "mention own" }, everyone);
  const [, address, rest] = plain(url).match(/^(.*?)([.,;:!?)]*)$/);
  return [link(address, address, env), rest];
}

const QUOTE = /^(?:&gt;|>)\s?/;
const ITEM = /^\s*[•◦▪-]\s+/;

export function mrkdwn(text, env) {
  return text.split(/```([\s\S]+?)```/).flatMap((piece, index) => {
    if (index % 2) return h("pre", { tabindex: "0" }, inline(piece.replace(/^\n|\n$/g, ""), env, false));
    return lines(piece.replace(index ? /^\n/ : /^$/, ""), env);
  });
}

function lines(text, env) {
  const groups = [];
  let rest = false;
  for (let line of text.split("\n")) {
    if (/^(&gt;|>){3}/.test(line)) [rest, line] = [true, line.replace(/^(&gt;|>){3}\s?/, "> ")];
    const kind = rest || QUOTE.test(line) ? "quote" : ITEM.test(line) ? "list" : "text";
    if (groups.at(-1)?.kind === kind) groups.at(-1).lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.map((group) => DRAWN[group.kind](group.lines, env));
}

function broken(all, env) {
  return all.flatMap((line, index) => [index ? h("br") : null, ...inline(line, env)]);
}

const DRAWN = {
  quote: (all, env) => h("blockquote", {}, broken(all.map((line) => line.replace(QUOTE, "")), env)),
  list: (all, env) => h("ul", {}, all.map((line) => h("li", {}, inline(line.replace(ITEM, ""), env)))),
  text: (all, env) => (all.join("").trim() ? h("p", {}, broken(trimmed(all), env)) : null),
};

function trimmed(all) {
  return all.join("\n").replace(/^\n+|\n+$/g, "").split("\n");
}

// A text object: plain_text reads emoji only, mrkdwn everything.
export function textOf(object, env) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, { ...env, verbatim: object.verbatim === true });
  return withEmoji(object.text, object.emoji !== false);
}

export function withEmoji(text, wanted = true) {
  if (!wanted) return [text];
  return text.split(/:([a-z0-9_+'-]+):/).map((piece, index) => (index % 2 ? emoji(piece) : piece));
}
