// Asks for the API key, once for all requests that wait for it.

import { byId } from "./dom.js";

let asking = null;

export function askForKey(refused) {
  asking ??= ask(refused).finally(() => (asking = null));
  return asking;
}

function ask(refused) {
  const dialog = byId("key-dialog");
  byId("key-problem").textContent = refused ?? "";
  byId("key").value = "";
  dialog.showModal();
  byId("key").focus();
  return new Promise((resolve) => {
    let key = null;
    byId("key-form").onsubmit = () => (key = byId("key").value.trim() || null);
    byId("key-cancel").onclick = () => dialog.close();
    dialog.onclose = () => resolve(key);
  });
}
