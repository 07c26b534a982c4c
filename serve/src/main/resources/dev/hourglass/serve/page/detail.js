// One image, large, with everything that drew it and what can be done with it.

import { byId, element } from "./dom.js";
import { describe } from "./shelf.js";

/** What a setting is called; those that are missing here are shown by their own names. */
const NAMES = {
  class_name: "Class",
  seed: "Seed",
  index: "Index",
  steps: "Steps",
  sampler: "Sampler",
  sampler_options: "Sampler options",
  schedule: "Schedule",
  guidance: "Guidance",
  guidance_interval: "Guided at sigma",
  guide: "Guided by",
  size: "Height × width",
  strength: "Strength",
  upscale: "Enlarged",
  colorize: "Colorized",
  resample: "Each step",
  precision: "Precision",
  model: "Model's digest",
};

const fileName = (image) =>
  `${[image.model, image.class_name, `seed${image.seed}`, image.index]
    .filter((part) => part !== undefined)
    .join("-")
    .replace(/[^\w.]+/g, "-")
    .toLowerCase()}.png`;

export class Detail {
  #image = null;
  #shelf;

  /** `actions`: repeat, vary, variation, edit and use, each called with the image. */
  constructor(shelf, actions) {
    this.#shelf = shelf;
    for (const [name, act] of Object.entries(actions)) {
      byId(`detail-${name}`).onclick = () => {
        const image = this.#image;
        byId("detail").close();
        act(image);
      };
    }
    byId("detail-close").onclick = () => byId("detail").close();
    byId("detail-newer").onclick = () => this.#turn(-1);
    byId("detail-older").onclick = () => this.#turn(1);
    byId("detail-delete").onclick = async () => {
      const next = await shelf.remove(this.#image);
      if (next) {
        this.#show(next);
      } else {
        byId("detail").close();
      }
    };
    byId("detail").onclose = () => shelf.focus(this.#image);
    byId("detail").addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (way) {
        event.preventDefault();
        this.#turn(way);
      }
    });
  }

  open(image) {
    this.#show(image);
    byId("detail").showModal();
    byId("detail-title").focus();
  }

  /** While something is drawn nothing else can be. */
  set busy(busy) {
    byId("detail-repeat").disabled = byId("detail-vary").disabled = busy;
  }

  #turn(places) {
    const next = this.#shelf.beside(this.#image, places);
    if (next) {
      this.#show(next);
    }
  }

  #show(image) {
    this.#image = image;
    const url = this.#shelf.url(image);
    byId("detail-image").src = url;
    byId("detail-image").alt = describe(image);
    byId("detail-title").textContent = image.class_name ?? image.model;
    byId("detail-download").href = url;
    byId("detail-download").download = fileName(image);
    byId("detail-newer").disabled = !this.#shelf.beside(image, -1);
    byId("detail-older").disabled = !this.#shelf.beside(image, 1);
    const rows = [
      ["Drawn", new Date(image.created).toLocaleString()],
      ["By", image.model],
      ...(image.request.mask ? [["Inpainted", "where the mask was"]] : []),
      ...Object.entries(image.settings)
        .filter(([key, value]) => key !== "class" && value !== "" && value !== null)
        .sort(([a], [b]) => place(a) - place(b))
        .map(([key, value]) => [NAMES[key] ?? key, said(key, value)]),
    ];
    byId("detail-facts").replaceChildren(
      ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
    );
  }
}

function place(key) {
  const at = Object.keys(NAMES).indexOf(key);
  return at < 0 ? Object.keys(NAMES).length : at;
}

function said(key, value) {
  switch (key) {
    case "upscale":
      return `${value} times`;
    case "resample":
      return value === 1 ? "once" : `${value} times`;
    case "colorize":
      return value ? "yes" : "no";
    case "size":
      return String(value).replace("x", " × ");
    default:
      return Array.isArray(value) ? value.join(" to ") : typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}
