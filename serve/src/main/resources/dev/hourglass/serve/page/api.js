// The server: every request, with the key where it wants one, and every refusal as a Problem.

import { events } from "./events.js";

/** What the server refuses, in its own sentence. `retryAfter` is in seconds. */
export class Problem extends Error {
  constructor(status, detail, retryAfter) {
    super(detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

let askForKey = async () => null;

/** `ask(refused)` shows that a key is wanted and gives it, or null. */
export function onKeyWanted(ask) {
  askForKey = ask;
}

let ownKey = null;

function key() {
  try {
    return sessionStorage.getItem("hourglass.key") ?? ownKey;
  } catch {
    return ownKey;
  }
}

function keep(value) {
  ownKey = value;
  try {
    sessionStorage.setItem("hourglass.key", value);
  } catch {
    // Kept by this page alone.
  }
}

async function problem(answer) {
  const retryAfter = Number(answer.headers.get("Retry-After")) || null;
  try {
    const { detail, title } = await answer.json();
    return new Problem(answer.status, detail ?? title, retryAfter);
  } catch {
    return new Problem(answer.status, `The server answered ${answer.status}.`, retryAfter);
  }
}

async function request(path, options) {
  for (;;) {
    const given = key();
    const headers = { ...options.headers, ...(given ? { Authorization: `Bearer ${given}` } : {}) };
    let answer;
    try {
      answer = await fetch(path, { ...options, headers, cache: "no-store" });
    } catch (e) {
      throw e.name === "AbortError" ? e : new Problem(0, "The server cannot be reached.", 2);
    }
    if (answer.ok) {
      return answer;
    }
    const refusal = await problem(answer);
    if (answer.status !== 401) {
      throw refusal;
    }
    // Another request may have got a key meanwhile.
    if (key() === given) {
      const fresh = await askForKey(given ? refusal.message : null);
      if (!fresh) {
        throw refusal;
      }
      keep(fresh);
    }
  }
}

export async function models() {
  return (await request("/v1/models", { headers: { Accept: "application/json" } })).json();
}

/**
 * Draws; `hears` has a function for each kind of event. Ends when the server is done, and throws a Problem if it refuses
 * or fails. Aborting `signal` closes the connection, which ends the work.
 */
export async function draw(body, hears, signal) {
  const answer = await request("/v1/samples", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  });
  try {
    for await (const { name, data } of events(answer.body)) {
      if (name === "error") {
        throw new Problem(data.status, data.detail, null);
      }
      await hears[name]?.(data);
      if (name === "done") {
        return;
      }
    }
  } catch (e) {
    if (e instanceof Problem || e.name === "AbortError" || signal.aborted) {
      throw e;
    }
    throw new Problem(0, "The connection broke while drawing.", 2);
  }
  throw new Problem(0, "The server ended before the drawing was done.", 2);
}
