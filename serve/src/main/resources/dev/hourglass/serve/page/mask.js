// The mask: what is painted is drawn anew, everything else is kept to the bit. Mouse, pen, finger and keyboard paint.

import { canvas as newCanvas, pngOf } from "./picture.js";

const TINT = [255, 46, 120, 150];
const MOST_UNDONE_BYTES = 64e6;

export class Mask {
  #canvas;
  #ring;
  #changed;
  #marked = new Uint8Array(0);
  #past = [];
  #x = 0;
  #y = 0;
  #painting = false;
  #size = 25;
  erasing = false;

  /** `ring` shows the brush; `changed` is called with the mask. */
  constructor(canvas, ring, changed) {
    this.#canvas = canvas;
    this.#ring = ring;
    this.#changed = changed;
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => (this.#painting = false));
    }
    canvas.addEventListener("pointerleave", () => (this.#ring.hidden = !canvas.matches(":focus-visible")));
    canvas.addEventListener("focus", () => this.#showRing());
    canvas.addEventListener("blur", () => (this.#ring.hidden = true));
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Empty if it is for a `fresh` image or had another size. */
  resize(width, height, fresh) {
    if (fresh || this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
      this.#marked = new Uint8Array(width * height);
      this.#past = [];
      [this.#x, this.#y] = [width / 2, height / 2];
      this.#show();
    }
  }

  /** Of the shorter side, in percent of six tenths. */
  set size(percent) {
    this.#size = Math.min(100, Math.max(1, percent));
    this.#showRing(!this.#ring.hidden);
  }

  get size() {
    return this.#size;
  }

  get diameter() {
    return Math.max(1, (this.#size / 100) * 0.6 * Math.min(this.#canvas.width, this.#canvas.height));
  }

  /** The share that is drawn anew. */
  get share() {
    return this.#marked.reduce((sum, mark) => sum + mark, 0) / this.#marked.length;
  }

  get undoable() {
    return this.#past.length > 0;
  }

  get position() {
    return [Math.floor(this.#x), Math.floor(this.#y)];
  }

  clear() {
    this.#keep();
    this.#marked.fill(0);
    this.#show();
  }

  invert() {
    this.#keep();
    this.#marked = this.#marked.map((mark) => 1 - mark);
    this.#show();
  }

  undo() {
    if (this.undoable) {
      this.#marked = this.#past.pop();
      this.#show();
    }
  }

  /** White where it is drawn anew. */
  png() {
    const image = newCanvas(this.#canvas.width, this.#canvas.height);
    const context = image.getContext("2d");
    const pixels = context.createImageData(image.width, image.height);
    this.#marked.forEach((mark, i) => pixels.data.set([255 * mark, 255 * mark, 255 * mark, 255], 4 * i));
    context.putImageData(pixels, 0, 0);
    return pngOf(image);
  }

  #press(event) {
    if (event.button === 0) {
      event.preventDefault();
      this.#canvas.focus({ focusVisible: false });
      this.#canvas.setPointerCapture(event.pointerId);
      this.#painting = true;
      this.#keep();
      [this.#x, this.#y] = this.#place(event);
      this.#stroke(this.#x, this.#y);
    }
  }

  #drag(event) {
    const [x, y] = this.#place(event);
    if (this.#painting) {
      this.#stroke(x, y);
    } else {
      [this.#x, this.#y] = [x, y];
    }
    this.#showRing();
  }

  /** From where the brush is to there. */
  #stroke(x, y) {
    const length = Math.hypot(x - this.#x, y - this.#y);
    const dabs = Math.max(1, Math.ceil(length));
    for (let i = 1; i <= dabs; i++) {
      this.#dab(this.#x + ((x - this.#x) * i) / dabs, this.#y + ((y - this.#y) * i) / dabs);
    }
    [this.#x, this.#y] = [x, y];
    this.#show();
  }

  #dab(x, y) {
    const { width, height } = this.#canvas;
    const radius = this.diameter / 2;
    for (let row = Math.max(0, Math.floor(y - radius)); row < Math.min(height, y + radius); row++) {
      for (let column = Math.max(0, Math.floor(x - radius)); column < Math.min(width, x + radius); column++) {
        const inside = Math.hypot(column + 0.5 - x, row + 0.5 - y) <= Math.max(radius, 0.71);
        if (inside) {
          this.#marked[row * width + column] = this.erasing ? 0 : 1;
        }
      }
    }
  }

  #place(event) {
    const box = this.#canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * this.#canvas.width,
      ((event.clientY - box.top) / box.height) * this.#canvas.height,
    ];
  }

  #key(event) {
    const { width, height } = this.#canvas;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const command = event.ctrlKey || event.metaKey;
    if (way && !command && !event.altKey) {
      const far = Math.max(1, this.diameter / 3);
      const x = Math.min(width, Math.max(0, this.#x + way[0] * far));
      const y = Math.min(height, Math.max(0, this.#y + way[1] * far));
      if (event.shiftKey) {
        this.#keep();
        this.#stroke(x, y);
      } else {
        [this.#x, this.#y] = [x, y];
        this.#changed(this);
      }
    } else if (event.key === " ") {
      this.#keep();
      this.#stroke(this.#x, this.#y);
    } else if (event.key === "[" || event.key === "]") {
      this.size = this.#size + (event.key === "[" ? -5 : 5);
      this.#changed(this);
    } else if (event.key.toLowerCase() === "e" && !command) {
      this.erasing = !this.erasing;
      this.#changed(this);
    } else if (event.key.toLowerCase() === "i" && !command) {
      this.invert();
    } else if (event.key.toLowerCase() === "z" && command) {
      this.undo();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.#showRing();
  }

  #keep() {
    this.#past.push(this.#marked.slice());
    const most = Math.max(1, Math.min(50, Math.floor(MOST_UNDONE_BYTES / this.#marked.length)));
    this.#past.splice(0, this.#past.length - most);
  }

  #show() {
    const context = this.#canvas.getContext("2d");
    const pixels = context.createImageData(this.#canvas.width, this.#canvas.height);
    this.#marked.forEach((mark, i) => mark && pixels.data.set(TINT, 4 * i));
    context.putImageData(pixels, 0, 0);
    this.#changed(this);
  }

  #showRing(visible = true) {
    const box = this.#canvas.getBoundingClientRect();
    const around = this.#ring.parentElement.getBoundingClientRect();
    const scale = box.width / this.#canvas.width;
    const style = this.#ring.style;
    style.width = style.height = `${this.diameter * scale}px`;
    style.left = `${box.left - around.left + (this.#x - this.diameter / 2) * scale}px`;
    style.top = `${box.top - around.top + (this.#y - this.diameter / 2) * scale}px`;
    this.#ring.hidden = !visible;
  }
}
