// The images drawn so far, as small pictures that open the detail view.

import { byId, element } from "./dom.js";
import * as gallery from "./gallery.js";

const PAGE = 60;

export function describe(image) {
  const what = image.class_name ?? image.model;
  return `${what}, seed ${image.seed}${image.index > 0 ? `, image ${image.index}` : ""}`;
}

export class Shelf {
  #images = [];
  #urls = new Map();
  #shown = PAGE;
  #open;

  /** `open` is called with an image that was chosen. */
  constructor(open) {
    this.#open = open;
    byId("shelf-more").onclick = () => {
      this.#shown += PAGE;
      this.#show();
    };
    byId("thumbs").addEventListener("keydown", (event) => this.#key(event));
    byId("shelf-clear").onclick = () => this.#askToClear();
    byId("sure-no").onclick = () => byId("sure").close();
    byId("sure-yes").onclick = async () => {
      byId("sure").close();
      await gallery.clear();
      this.#urls.forEach((url) => URL.revokeObjectURL(url));
      this.#urls.clear();
      this.#images = [];
      this.#show();
    };
  }

  async load() {
    this.#images = await gallery.all();
    this.#show();
  }

  async add(image) {
    const kept = await gallery.add(image);
    this.#images.unshift(kept);
    byId("thumbs").prepend(this.#thumb(kept));
    this.#count();
    return kept;
  }

  /** Gives the image that comes in its place, if any. */
  async remove(image) {
    await gallery.remove(image.key);
    const place = this.#images.findIndex((other) => other.key === image.key);
    this.#images.splice(place, 1);
    URL.revokeObjectURL(this.#urls.get(image.key));
    this.#urls.delete(image.key);
    this.#show();
    return this.#images[Math.min(place, this.#images.length - 1)];
  }

  url(image) {
    if (!this.#urls.has(image.key)) {
      this.#urls.set(image.key, URL.createObjectURL(image.blob));
    }
    return this.#urls.get(image.key);
  }

  /** The image so many places older. */
  beside(image, places) {
    return this.#images[this.#images.findIndex((other) => other.key === image.key) + places];
  }

  focus(image = this.#images[0]) {
    document.getElementById(`thumb-${image?.key}`)?.focus();
  }

  #show() {
    byId("thumbs").replaceChildren(...this.#images.slice(0, this.#shown).map((image) => this.#thumb(image)));
    this.#count();
  }

  #count() {
    const count = this.#images.length;
    byId("shelf-count").textContent = count > 0 ? String(count) : "";
    byId("shelf-empty").hidden = count > 0;
    byId("shelf-clear").hidden = count === 0;
    byId("shelf-more").hidden = count <= byId("thumbs").childElementCount;
    byId("shelf-note").textContent = this.#images.some((image) => image.lost)
      ? "This browser lets the page keep nothing: images are gone when it is closed."
      : "";
    this.#reach(byId("thumbs").querySelector('button[tabindex="0"]') ?? byId("thumbs").querySelector("button"));
  }

  #thumb(image) {
    const picture = element("img", { className: "picture", src: this.url(image), alt: "", loading: "lazy" });
    const button = element(
      "button",
      { type: "button", id: `thumb-${image.key}`, tabIndex: -1, "aria-label": describe(image), title: describe(image) },
      picture,
    );
    button.onclick = () => this.#open(image);
    button.onfocus = () => this.#reach(button);
    button.dataset.key = image.key;
    return element("li", {}, button);
  }

  /** One of them is reached by Tab, the others by arrows. */
  #reach(button) {
    for (const other of byId("thumbs").querySelectorAll('button[tabindex="0"]')) {
      other.tabIndex = -1;
    }
    if (button) {
      button.tabIndex = 0;
    }
  }

  #key(event) {
    const buttons = [...byId("thumbs").querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const first = buttons[0]?.getBoundingClientRect().top;
    const columns = buttons.filter((button) => button.getBoundingClientRect().top === first).length;
    const ways = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -at, End: buttons.length - 1 - at };
    if (at >= 0 && event.key in ways) {
      event.preventDefault();
      buttons[at + ways[event.key]]?.focus();
    } else if (at >= 0 && event.key === "Delete") {
      event.preventDefault();
      this.remove(this.#images[at]).then((next) => this.focus(next));
    }
  }

  #askToClear() {
    const count = this.#images.length;
    byId("sure-text").textContent = `${count === 1 ? "One image is" : `${count} images are`} kept on this device only.`;
    byId("sure").showModal();
    byId("sure-no").focus();
  }
}
