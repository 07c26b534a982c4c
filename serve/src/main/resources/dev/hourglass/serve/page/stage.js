// The images of the present drawing, from noise to picture, each in its place.

import { byId, calm, element } from "./dom.js";
import { canvas } from "./picture.js";

/** A tile that shows noise, then guesses under less and less of it, then the image. */
class Tile {
  constructor(width, height, index) {
    this.index = index;
    this.noise = canvas(Math.min(width, 96), Math.min(height, 96));
    this.noise.className = "noise";
    this.line = element("span", { className: "line" });
    this.box = element(
      "button",
      { type: "button", className: "tile", disabled: true, "aria-label": "An image that is being drawn" },
      this.noise,
      this.line,
    );
    this.box.style.aspectRatio = `${width} / ${height}`;
    this.still = false;
    this.scatter();
  }

  scatter() {
    const context = this.noise.getContext("2d");
    const grains = context.createImageData(this.noise.width, this.noise.height);
    for (let i = 0; i < grains.data.length; i++) {
      // The mean of two is nearer to the normal noise that models start from.
      grains.data[i] = i % 4 === 3 ? 255 : (Math.random() + Math.random()) * 128;
    }
    context.putImageData(grains, 0, 0);
  }

  step(share) {
    this.line.style.transform = `scaleX(${share})`;
    if (this.picture) {
      this.noise.style.opacity = String(0.6 * (1 - share) ** 2);
    }
  }

  async show(url, description) {
    const next = element("img", { className: "picture", src: url, alt: description ?? "" });
    await next.decode().catch(() => {});
    if (this.still && !description) {
      return; // A preview that was decoded after the image itself.
    }
    const last = this.picture;
    this.picture = next;
    this.box.insertBefore(next, this.noise);
    setTimeout(() => last?.remove(), 350);
  }

  async finish(url, description, open) {
    this.still = true;
    await this.show(url, description);
    this.box.disabled = false;
    this.box.setAttribute("aria-label", `${description}. Open`);
    this.box.onclick = open;
    this.box.classList.add("done");
  }
}

export class Stage {
  #tiles = new Map();
  #timer = null;

  /** Places for `count` images from index `first` on. */
  begin(count, first, width, height) {
    this.end();
    byId("empty").hidden = true;
    const box = byId("tiles");
    box.hidden = false;
    const columns = count === 1 ? 1 : count <= 4 ? 2 : count <= 9 ? 3 : count <= 16 ? 4 : count <= 36 ? 6 : 8;
    box.style.setProperty("--columns", columns);
    box.classList.toggle("one", count === 1);
    this.#tiles.clear();
    for (let i = first; i < first + count; i++) {
      this.#tiles.set(i, new Tile(width, height, i));
    }
    box.replaceChildren(...[...this.#tiles.values()].map((tile) => tile.box));
    if (!calm()) {
      this.#timer = setInterval(() => this.#unfinished().forEach((tile) => tile.scatter()), 120);
    }
  }

  step({ index, step, steps }) {
    this.#tiles.get(index)?.step(steps > 0 ? step / steps : 0.5);
  }

  preview({ index, step, steps, b64_png: png }) {
    const tile = this.#tiles.get(index);
    tile?.show(`data:image/png;base64,${png}`);
    tile?.step(steps > 0 ? step / steps : 0.5);
  }

  image(index, url, description, open) {
    return this.#tiles.get(index)?.finish(url, description, open);
  }

  /** The drawing is over; tiles without an image go. */
  end() {
    clearInterval(this.#timer);
    this.#timer = null;
    for (const tile of this.#unfinished()) {
      tile.box.remove();
      this.#tiles.delete(tile.index);
    }
    if (this.#tiles.size === 0) {
      byId("tiles").hidden = true;
      byId("empty").hidden = false;
    }
  }

  #unfinished() {
    return [...this.#tiles.values()].filter((tile) => !tile.still);
  }
}
