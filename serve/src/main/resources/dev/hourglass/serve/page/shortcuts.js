// Keys that work wherever the focus is, but for single letters, which belong to a field that is being typed into.

/** `keys`: what "Ctrl+Enter", "Escape" and single characters do. */
export function shortcuts(keys) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) {
      return;
    }
    const command = event.ctrlKey || event.metaKey;
    const name = command && event.key === "Enter" ? "Ctrl+Enter" : event.key.toLowerCase();
    const typed = name.length === 1;
    const typing = event.target.matches?.('input:not([type="radio"], [type="range"]), select, textarea');
    if (keys[name] && !(typed && (typing || command || event.altKey))) {
      event.preventDefault();
      keys[name]();
    }
  });
}
