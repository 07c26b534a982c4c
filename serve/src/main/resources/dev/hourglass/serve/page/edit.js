// Images from an image: the one to start from, what to do with it, and the parts of the request that say so.

import { byId, chosen, reveal } from "./dom.js";
import { Mask } from "./mask.js";
import { bitmap, fit, pngOf } from "./picture.js";

const NOTES = {
  variation: "Low strengths stay near this image, high ones keep only its colours and layout.",
  mask: "Paint over what should be drawn anew. The rest is kept to the bit.",
  upscale: "The image is given small, and the details are drawn.",
  colorize: "Its gray values are kept, the colours are drawn.",
};

const LABELS = { variation: "Vary", mask: "Inpaint", upscale: "Enlarge", colorize: "Colorize" };

export class Editor {
  #settings;
  #changed;
  #image = null;
  #drawn = "";
  #mask;

  constructor(settings, changed) {
    this.#settings = settings;
    this.#changed = changed;
    this.#mask = new Mask(byId("mask"), byId("brush"), () => this.#tellMask());
    byId("edit-close").onclick = () => this.close();
    for (const event of ["input", "change"]) {
      byId("edit").addEventListener(event, () => this.refresh());
    }
    byId("brush-size").oninput = () => (this.#mask.size = Number(byId("brush-size").value));
    byId("mask-erase").onclick = () => {
      this.#mask.erasing = !this.#mask.erasing;
      this.#tellMask();
    };
    byId("mask-invert").onclick = () => this.#mask.invert();
    byId("mask-clear").onclick = () => this.#mask.clear();
    byId("mask-undo").onclick = () => this.#mask.undo();
  }

  get active() {
    return this.#image !== null;
  }

  get mode() {
    return chosen("mode");
  }

  set mode(mode) {
    document.querySelector(`input[name="mode"][value="${mode}"]`).checked = true;
  }

  /** What the button that draws says. */
  get label() {
    return this.active ? LABELS[this.mode] : "Draw";
  }

  /** Starts from an image file; throws one sentence if it is none. */
  async open(blob, mode) {
    this.#image = await bitmap(blob);
    this.#drawn = "";
    byId("edit").hidden = false;
    if (mode) {
      this.mode = mode;
    }
    this.refresh();
    reveal(byId("edit"));
    document.querySelector('input[name="mode"]:checked').focus({ preventScroll: true, focusVisible: false });
  }

  close() {
    this.#image = null;
    byId("edit").hidden = true;
    this.#changed();
    byId("pick").focus({ focusVisible: false });
  }

  /** The parts of a request that say what to do with the image. */
  request() {
    if (!this.active) {
      return {};
    }
    if (this.#settings.classWanted) {
      throw new Error("Choose the class of the image first.");
    }
    const body = { init_image: pngOf(byId("source")) };
    if (this.mode === "variation") {
      return { ...body, strength: Number(byId("strength").value) };
    }
    const resample = Number(byId("resample").value);
    if (resample > 1) {
      body.resample = resample;
    }
    if (this.mode === "mask") {
      if (this.#mask.share === 0) {
        throw new Error("Paint over what should be drawn anew first.");
      }
      return { ...body, mask: this.#mask.png() };
    }
    return this.mode === "upscale" ? { ...body, upscale: this.#factor } : { ...body, colorize: true };
  }

  /** Shows what the choices ask for, and the image as it will be sent. */
  refresh() {
    const { model } = this.#settings;
    if (this.active && model) {
      this.#offer(model);
      const { mode } = this;
      byId("mode-note").textContent = NOTES[mode];
      byId("strength-field").hidden = mode !== "variation";
      byId("strength-out").textContent = Number(byId("strength").value).toFixed(2);
      byId("mask").hidden = byId("mask-tools").hidden = byId("brush-field").hidden = mode !== "mask";
      byId("factor-field").hidden = mode !== "upscale";
      byId("resample-field").hidden = mode === "variation";
      const resample = byId("resample").value;
      byId("resample-out").textContent = resample === "1" ? "once" : `${resample} times`;
      byId("source").classList.toggle("gray", mode === "colorize");
      this.#draw();
    }
    this.#changed();
  }

  get #factor() {
    return Number(byId("factor").value);
  }

  /** The ways that this model's size and colours allow. */
  #offer(model) {
    const [height, width] = this.#settings.size;
    const factors = [2, 4, 8, 16].filter((n) => height % n === 0 && width % n === 0 && Math.min(height, width) / n >= 4);
    const present = byId("factor").value || "4";
    byId("factor").replaceChildren(...factors.map((n) => new Option(`${n} times`, n)));
    byId("factor").value = factors.includes(Number(present)) ? present : String(factors.at(-1) ?? "");
    const allow = (mode, allowed) => {
      document.querySelector(`input[name="mode"][value="${mode}"]`).disabled = !allowed;
      if (!allowed && this.mode === mode) {
        this.mode = "variation";
      }
    };
    allow("upscale", factors.length > 0);
    allow("colorize", model.channels === 3);
  }

  #draw() {
    const [height, width] = this.#settings.size;
    const factor = this.mode === "upscale" ? this.#factor : 1;
    const how = chosen("fit");
    const image = this.#image;
    byId("fit").hidden = image.width * height === image.height * width;
    byId("factor-out").textContent = `from ${width / factor} × ${height / factor}`;
    const wanted = `${height} ${width} ${factor} ${how}`;
    if (wanted !== this.#drawn) {
      const fresh = this.#drawn === "";
      this.#drawn = wanted;
      const source = byId("source");
      source.width = width / factor;
      source.height = height / factor;
      byId("easel").style.aspectRatio = `${width} / ${height}`;
      fit(image, source, how);
      this.#mask.resize(width, height, fresh);
    }
  }

  #tellMask() {
    const mask = this.#mask;
    byId("mask-erase").setAttribute("aria-pressed", String(mask.erasing));
    byId("mask-undo").disabled = !mask.undoable;
    byId("brush-size").value = mask.size;
    byId("brush-size-out").textContent = `${Math.round(mask.diameter)} px`;
    const [x, y] = mask.position;
    byId("mask-state").textContent = `Brush at ${x}, ${y}; ${Math.round(100 * mask.share)} % is drawn anew.`;
    this.#changed();
  }
}
