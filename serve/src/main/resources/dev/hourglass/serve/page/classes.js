// The choice of a class: chips for a few, a list for many.

import { byId, chosen, element } from "./dom.js";

const MOST_CHIPS = 20;
const ALL = "all";

export class Classes {
  #names = null;

  /** Keeps the choice where the names are the same. */
  offer(names) {
    if (JSON.stringify(names) === JSON.stringify(this.#names)) {
      return;
    }
    this.#names = names;
    byId("class-field").hidden = names.length === 0;
    byId("class-select").hidden = names.length <= MOST_CHIPS;
    byId("class-chips").hidden = names.length > MOST_CHIPS;
    const choices = [[ALL, "All in turn"], ...names.map((name, number) => [String(number), name])];
    if (names.length > MOST_CHIPS) {
      byId("class-chips").replaceChildren();
      byId("class-select").replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
    } else {
      byId("class-chips").replaceChildren(...choices.map(([value, text]) => chip(value, text)));
    }
  }

  /** A number; undefined for all in turn. */
  get value() {
    const value = byId("class-select").hidden ? chosen("class") : byId("class-select").value;
    return value === undefined || value === ALL || this.#names.length === 0 ? undefined : Number(value);
  }

  set value(number) {
    const value = number === undefined ? ALL : String(number);
    byId("class-select").value = value;
    for (const radio of document.querySelectorAll('input[name="class"]')) {
      radio.checked = radio.value === value;
    }
  }
}

function chip(value, text) {
  const radio = element("input", { type: "radio", name: "class", value, checked: value === ALL });
  return element("label", { className: "chip" }, radio, element("span", {}, text));
}
