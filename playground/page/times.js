// World time in somebody's zone. The page never reads the computer's date: it counts on from what the server said.

const formats = new Map();
let base = { world: 0, ticks: 0 };

export function setClock(iso) {
  base = { world: Date.parse(iso), ticks: performance.now() };
}

export function now() {
  return new Date(base.world + performance.now() - base.ticks);
}

function parts(date, zone, options) {
  const id = zone + JSON.stringify(options);
  if (!formats.has(id)) formats.set(id, new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", ...options }));
  return Object.fromEntries(formats.get(id).formatToParts(date).map((part) => [part.type, part.value]));
}

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const SHORT = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit" };

export function hour(date, zone) {
  const { hour: hours, minute } = parts(date, zone, CLOCK);
  return `${hours}:${minute}`;
}

export function day(date, zone) {
  const { weekday, day: number, month } = parts(date, zone, SHORT);
  return `${weekday} ${number} ${month}`;
}

export function moment(date, zone) {
  return `${day(date, zone)}, ${hour(date, zone)}`;
}

export function longDay(date, zone) {
  const { weekday, day: number, month } = parts(date, zone, LONG);
  return `${weekday} ${number} ${month}`;
}

export function city(zone) {
  return zone.split("/").pop().replaceAll("_", " ");
}

export function dayNumber(date, zone) {
  const { year, month, day: number } = parts(date, zone, { year: "numeric", month: "numeric", day: "numeric" });
  return Date.UTC(year, month - 1, number) / 86_400_000;
}

function pretty(date, zone, otherwise) {
  const apart = dayNumber(date, zone) - dayNumber(now(), zone);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[apart] ?? otherwise;
}

function ago(date) {
  const minutes = Math.round((now() - date) / 60_000);
  const size = Math.abs(minutes);
  const [count, unit] = size < 60 ? [size, "minute"] : size < 1440 ? [Math.round(size / 60), "hour"] : [Math.round(size / 1440), "day"];
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return minutes < 0 ? `in ${words}` : `${words} ago`;
}

const TOKENS = {
  __proto__: null,
  date_num: (date, zone) => {
    const { year, month, day: number } = parts(date, zone, { year: "numeric", month: "2-digit", day: "2-digit" });
    return `${year}-${month}-${number}`;
  },
  date: (date, zone) => {
    const { year, month, day: number } = parts(date, zone, LONG);
    return `${number} ${month} ${year}`;
  },
  date_short: (date, zone) => {
    const { year, month, day: number } = parts(date, zone, SHORT);
    return `${number} ${month} ${year}`;
  },
  date_long: (date, zone) => `${longDay(date, zone)} ${parts(date, zone, LONG).year}`,
  time: hour,
  time_secs: (date, zone) => `${hour(date, zone)}:${parts(date, zone, CLOCK).second}`,
  ago,
};
for (const name of ["date", "date_short", "date_long"]) {
  TOKENS[`${name}_pretty`] = (date, zone) => pretty(date, zone, TOKENS[name](date, zone));
}

// "{date_short} at {time}" for a moment in seconds; null when it is no moment or names an unknown token.
export function dateTokens(seconds, format, zone) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  let known = true;
  const words = format.replace(/\{(\w+)\}/g, (all, name) => {
    if (TOKENS[name]) return TOKENS[name](date, zone);
    known = false;
    return all;
  });
  return known ? words : null;
}

const MINUTE = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };

// A moment as a date-and-time field shows it in this zone, and back again; summer time is found by looking twice.
export function localMinute(seconds, zone) {
  if (!seconds) return "";
  const { year, month, day: number, hour: hours, minute } = parts(new Date(seconds * 1000), zone, MINUTE);
  return `${year}-${month}-${number}T${hours}:${minute}`;
}

export function secondsOf(local, zone) {
  if (!local) return null;
  const wanted = Date.parse(`${local}Z`) / 1000;
  let found = wanted;
  for (let look = 0; look < 2; look += 1) found -= Date.parse(`${localMinute(found, zone)}Z`) / 1000 - wanted;
  return found;
}
