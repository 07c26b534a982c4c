// The hourglass of pixels: noise above, a picture below, and how far it has run is the progress.

import { calm } from "./dom.js";

const COLUMNS = 25;
const ROWS = 32;
const MIDDLE = (COLUMNS - 1) / 2;
const NECK = (ROWS - 1) / 2;
const NOISE = ["#ff7a90", "#5fd0c5", "#ffd37a", "#8fa2ff", "#c58bf2", "#7fc8f8", "#3f4c9a", "#f4a957"];

// From the dune's crest down: what the sand settles into.
const SETTLED = ["#ffe3a0", "#fdd078", "#f8bb62", "#f2a557", "#e98f51", "#de7a50", "#cf6851"];

/** Half of the glass's width inside, in pixels: straight shoulders, then down to the neck. */
const half = (row) => Math.min(10, Math.max(0, Math.abs(row - NECK) * 1.05 - 1.2));

/** The pixels inside, above and below, in the order in which they leave and arrive; and those of the glass itself. */
const ABOVE = [];
const BELOW = [];
const WALL = [];
for (let row = 2; row < ROWS - 2; row++) {
  for (let column = 0; column < COLUMNS; column++) {
    const off = Math.abs(column - MIDDLE);
    if (off <= half(row)) {
      if (row < NECK - 1 && row > 4) {
        ABOVE.push({ row, column, order: row - 0.3 * off });
      } else if (row > NECK + 1) {
        BELOW.push({ row, column, order: -row + 0.45 * off });
      }
    } else if (off <= half(row) + 1) {
      WALL.push({ row, column });
    }
  }
}
ABOVE.sort((a, b) => a.order - b.order);
BELOW.sort((a, b) => a.order - b.order);

/** A number without a pattern for every grain and turn. */
const scattered = (row, column, turn) => {
  const mixed = Math.imul((row * 73856093) ^ (column * 19349663) ^ (turn * 83492791), 0x2c1b3c6d);
  return (mixed >>> 8) % NOISE.length;
};

export class Glass {
  #canvas;
  #progress = 0;
  #timer = null;
  #tick = 0;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#paint();
  }

  set progress(share) {
    this.#progress = Math.min(1, Math.max(0, share));
    this.#paint();
  }

  /** The grains fall while it runs, unless the visitor wants less motion. */
  run() {
    if (this.#timer === null && !calm()) {
      this.#timer = setInterval(() => {
        this.#tick++;
        if (!document.hidden) {
          this.#paint();
        }
      }, 140);
    }
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #paint() {
    const context = this.#canvas.getContext("2d");
    const size = Math.floor(Math.min(this.#canvas.width / COLUMNS, this.#canvas.height / ROWS));
    const left = Math.floor((this.#canvas.width - size * COLUMNS) / 2);
    const top = Math.floor((this.#canvas.height - size * ROWS) / 2);
    const dot = (column, row, colour) => {
      context.fillStyle = colour;
      context.fillRect(left + column * size, top + row * size, size, size);
    };
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    const frame = getComputedStyle(this.#canvas).color;
    for (let column = 0; column < COLUMNS; column++) {
      dot(column, 1, frame);
      dot(column, ROWS - 2, frame);
    }
    context.globalAlpha = 0.3;
    WALL.forEach((p) => dot(p.column, p.row, frame));
    context.globalAlpha = 1;
    ABOVE.slice(Math.round(this.#progress * ABOVE.length)).forEach((p) => {
      // Every grain changes now and then, not all at once.
      const turn = Math.floor((this.#tick + scattered(p.row, p.column, 99) * 2) / 9);
      dot(p.column, p.row, NOISE[scattered(p.row, p.column, turn)]);
    });
    BELOW.slice(0, Math.round(this.#progress * BELOW.length)).forEach((p) => {
      const depth = p.row - (ROWS - 12) + Math.round(Math.sin(p.column * 0.6) * 0.9);
      dot(p.column, p.row, SETTLED[Math.min(SETTLED.length - 1, Math.max(0, Math.floor(depth * 0.75)))]);
    });
    if (this.#progress < 1) {
      const ground = ROWS - 3 - Math.round(this.#progress * 9);
      for (let row = Math.ceil(NECK) - 1 + (this.#tick % 3); row < ground; row += 3) {
        dot(MIDDLE, row, SETTLED[1]);
      }
    }
  }
}
