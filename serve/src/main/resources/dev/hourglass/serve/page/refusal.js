// What went wrong, beside the button that was pressed, and when to try again.

import { byId } from "./dom.js";

let timer = null;

export function clearRefusal() {
  clearInterval(timer);
  byId("problem").textContent = "";
  byId("again").hidden = true;
}

/** `again` is offered once the time has passed that the server asks for. */
export function showRefusal(problem, again) {
  clearRefusal();
  byId("problem").textContent = problem.message;
  if (!problem.retryAfter) {
    return;
  }
  const button = byId("again");
  button.hidden = false;
  button.onclick = again;
  let seconds = Math.ceil(problem.retryAfter);
  const show = () => {
    button.disabled = seconds > 0;
    button.textContent = seconds > 0 ? `Try again in ${seconds} s` : "Try again";
    if (seconds-- <= 0) {
      clearInterval(timer);
    }
  };
  show();
  timer = setInterval(show, 1000);
}
