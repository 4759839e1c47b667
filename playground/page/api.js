// The wire between this page and its own server: plain reads, plain deeds, one stream of news.

const key = document.querySelector('meta[name="playground-key"]').content;
const local = `${document.querySelector('meta[name="playground-path"]').content}/local`; // each workspace has its own
const LOST = "The workspace on this computer did not answer. Your words are still here; try again when it is back.";

async function call(path, options = {}) {
  const headers = { "X-Playground-Key": key, ...(options.body ? { "Content-Type": "application/json" } : {}) };
  const answer = await fetch(path, { ...options, headers });
  if (answer.status === 403) reloadOnce();
  const body = await answer.json();
  if (!answer.ok && body.ok === undefined) throw new Error(body.error ?? `The workspace answered ${answer.status}.`);
  return body;
}

// A restarted workspace may have a new key; typed words wait in the session's storage.
function reloadOnce() {
  if (sessionStorage.getItem("reloaded") === key) return;
  sessionStorage.setItem("reloaded", key);
  location.reload();
}

function query(facts) {
  return new URLSearchParams(Object.entries(facts).filter(([, value]) => value !== undefined && value !== null && value !== ""));
}

export function read(path, facts = {}) {
  return call(`${local}/${path}?${query(facts)}`);
}

// Never throws: a deed's answer is {ok: true, ...} or {ok: false, error or errors}.
export async function tell(path, body, facts = {}) {
  try {
    return await call(`${local}/${path}?${query(facts)}`, { method: "POST", body: JSON.stringify(body) });
  } catch {
    return { ok: false, error: LOST, lost: true };
  }
}

export function listen({ opened, lost, told }) {
  const stream = new EventSource(`${local}/stream?${query({ key })}`);
  stream.onopen = opened;
  stream.onmessage = (event) => told(JSON.parse(event.data));
  stream.onerror = () => {
    lost();
    if (stream.readyState !== EventSource.CLOSED) return;
    read("traffic", { limit: 1 }).catch(() => {});
    setTimeout(() => listen({ opened, lost, told }), 1500);
  };
}
