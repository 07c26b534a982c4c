// The form: what to draw, as the body of a request, and back.

import { byId, element } from "./dom.js";
import { Classes } from "./classes.js";
import { trouble } from "./models.js";
import { arrows, move, number, optional, pair } from "./numbers.js";

const EVALUATIONS = {
  heun: 2,
  "dpm-2": 2,
  "dpm-2-ancestral": 2,
  "dpmpp-2s-ancestral": 2,
  "dpmpp-sde": 2,
};

const field = byId;

/** Seven digits: enough never to meet again, and still to be read aloud. */
export const newSeed = () => Math.floor(Math.random() * 1e7);

export class Settings {
  #list = null;
  #shown = null;
  #classes = new Classes();
  #changed;
  #pace = 1; // Real seconds by those that the evaluations alone would take.

  /** `changed` is called whenever a value may have changed. */
  constructor(changed) {
    this.#changed = changed;
    const most = () => this.#list?.limits;
    arrows(field("seed"), 1, 0, () => Number.MAX_SAFE_INTEGER);
    arrows(field("count"), 1, 1, () => most()?.images ?? 1);
    arrows(field("steps"), 1, 1, () => most()?.steps ?? 1);
    arrows(field("guidance"), 0.1, 0, () => 100);
    pair(field("steps"), field("steps-range"));
    pair(field("guidance"), field("guidance-range"));
    field("fewer").onclick = () => move(field("count"), -1, 1, most()?.images ?? 1);
    field("more").onclick = () => move(field("count"), 1, 1, most()?.images ?? 1);
    field("die").onclick = () => this.roll();
    field("lock").onclick = () => (this.locked = !this.locked);
    field("seed").addEventListener("input", () => (this.locked = true));
    for (const event of ["input", "change"]) {
      field("settings").addEventListener(event, () => {
        this.#follow();
        this.#changed();
      });
    }
    this.roll();
  }

  /** The answer of /v1/models. */
  set models(list) {
    const first = this.#list === null;
    this.#list = list;
    const present = field("model").value;
    field("model").replaceChildren(
      ...list.data.map((model) => {
        const state = { loading: " (loading …)", failed: " (failed)" }[model.status] ?? "";
        const option = new Option(model.id + state, model.id);
        option.disabled = model.status !== "ready";
        return option;
      }),
    );
    const ready = list.data.filter((model) => model.status === "ready");
    field("model").value = ready.some((model) => model.id === present) ? present : (ready[0]?.id ?? "");
    field("model-states").replaceChildren(
      ...list.data.flatMap((model) => (trouble(model) ? element("li", { className: model.status }, trouble(model)) : [])),
    );
    if (first) {
      field("sampler").replaceChildren(...list.samplers.map((name) => new Option(name, name)));
      field("schedule").replaceChildren(...list.schedules.map((name) => new Option(name.split(":")[0], name)));
      field("sampler").value = list.defaults.sampler;
      field("schedule").value = list.defaults.schedule;
      field("steps").value = list.defaults.steps;
      field("steps-range").min = 1;
      field("steps-range").max = Math.min(list.limits.steps, 100);
      field("steps-range").value = list.defaults.steps;
    }
    this.#follow();
    this.#changed();
  }

  get model() {
    return this.#list?.data.find((model) => model.id === field("model").value && model.status === "ready");
  }

  modelNamed(id) {
    return this.#list?.data.find((model) => model.id === id && model.status === "ready");
  }

  get locked() {
    return field("lock").getAttribute("aria-pressed") === "true";
  }

  set locked(locked) {
    field("lock").setAttribute("aria-pressed", String(locked));
    field("seed-note").textContent = locked
      ? "This seed is kept: the same settings draw the same images."
      : "A new seed for every drawing.";
  }

  roll() {
    field("seed").value = String(newSeed());
  }

  /** Height and width of what is drawn; the model's own where a field is empty or wrong. */
  get size() {
    const side = (id, own) => {
      const value = Number(field(id).value);
      return Number.isInteger(value) && value > 0 && value ** 2 <= 64 * this.#list.limits.pixels ? value : own;
    };
    return this.model && [side("height", this.model.height), side("width", this.model.width)];
  }

  /** The body of the request for what the form says. */
  request() {
    const { model } = this;
    if (!model) {
      throw new Error("No model is ready to draw.");
    }
    const [height, width] = [number(field("height"), "Height", true), number(field("width"), "Width", true)];
    const body = {
      model: model.id,
      class: this.#classes.value,
      n: number(field("count"), "The number of images", true),
      seed: number(field("seed"), "The seed", true),
      steps: number(field("steps"), "Steps", true),
      sampler: field("sampler").value,
      schedule: this.#schedule(),
      guidance: field("guidance-field").hidden ? 1 : number(field("guidance"), "Guidance"),
      sampler_options: field("sampler-options").value.trim() || undefined,
      guide: field("guide-field").hidden ? undefined : field("guide").value || undefined,
      guidance_interval: this.#interval(),
      size: height === model.height && width === model.width ? undefined : `${height}x${width}`,
      vector: this.#vector(model),
    };
    body.previews = Math.max(1, Math.round(body.steps / 16));
    return body;
  }

  /** Puts the settings of a drawn image into the form. */
  use(request) {
    if (this.modelNamed(request.model)) {
      field("model").value = request.model;
    }
    this.#follow();
    const [schedule, value] = request.schedule.split(":");
    const named = [...field("schedule").options].find((option) => option.text === schedule);
    field("schedule").value = named?.value ?? field("schedule").value;
    field("schedule-value").value = value ?? "1";
    field("seed").value = request.seed;
    field("count").value = 1;
    field("steps").value = field("steps-range").value = request.steps;
    field("guidance").value = field("guidance-range").value = request.guidance;
    field("sampler").value = request.sampler;
    field("sampler-options").value = request.sampler_options ?? "";
    field("guide").value = request.guide ?? "";
    [field("interval-low").value, field("interval-high").value] = request.guidance_interval ?? ["", ""];
    field("vector").value = (request.vector ?? []).join(", ");
    if (request.size) {
      [field("height").value, field("width").value] = request.size.split("x");
    }
    this.#classes.value = request.class;
    this.locked = true;
    this.#follow();
    this.#changed();
  }

  chooseClass(id, number) {
    if (this.modelNamed(id)) {
      field("model").value = id;
      this.#follow();
      this.#classes.value = number;
      this.#changed();
    }
  }

  /** Yes where the model has classes and none is chosen: an image that is edited is of one. */
  get classWanted() {
    return this.model.classes.length > 0 && this.#classes.value === undefined;
  }

  /** Drawing took so many times what was estimated: noise, images and the wire take time too. */
  learn(times) {
    this.#pace *= Math.min(4, Math.max(0.25, times)) ** 0.7;
  }

  /** Seconds that drawing may take; null where the server cannot tell. */
  get estimate() {
    const each = this.model?.seconds_per_evaluation;
    if (!each) {
      return null;
    }
    const evaluations = (EVALUATIONS[field("sampler").value] ?? 1) * Number(field("steps").value);
    const [height, width] = this.size;
    const larger = (height * width) / (this.model.height * this.model.width);
    const guided = !field("guidance-field").hidden && Number(field("guidance").value) !== 1 ? 2 : 1;
    return this.#pace * each * evaluations * guided * larger * Number(field("count").value) || null;
  }

  /** Shows the fields that model and choices ask for. */
  #follow() {
    const { model } = this;
    if (model && this.#shown !== model.id) {
      this.#shown = model.id;
      this.#classes.offer(model.classes);
      field("width").value = model.width;
      field("height").value = model.height;
      // A scale of 1 is off. With classes images are plainly better with 2, which is what the server's other paths take.
      const guidance = this.#list.defaults.guidance;
      field("guidance").value = guidance === 1 && model.classes.length > 0 ? 2 : guidance;
      field("guidance-range").value = field("guidance").value;
      field("vector-field").hidden = model.vector === 0;
      field("vector").placeholder = `${model.vector} numbers, with commas`;
    }
    if (model) {
      this.#guides(model);
      field("guidance-field").hidden = model.classes.length === 0 && field("guide").value === "";
    }
    const [, name] = field("schedule").value.split(":");
    field("schedule-value-field").hidden = name === undefined;
    field("schedule-value-label").textContent = name ? name[0] + name.slice(1).toLowerCase() : "";
  }

  #guides(model) {
    const others = this.#list.data.filter(
      (other) =>
        other.status === "ready" && other.id !== model.id && ["height", "width", "channels"].every((k) => other[k] === model[k]),
    );
    const present = field("guide").value;
    const weaker = model.classes.length > 0 ? "the model without its class" : "nothing";
    field("guide").replaceChildren(new Option(weaker, ""), ...others.map((other) => new Option(other.id, other.id)));
    field("guide").value = others.some((other) => other.id === present) ? present : "";
    field("guide-field").hidden = others.length === 0;
  }

  #schedule() {
    const [name, value] = field("schedule").value.split(":");
    return value === undefined ? name : `${name}:${number(field("schedule-value"), "The schedule's value")}`;
  }

  #interval() {
    const low = optional(field("interval-low"), "The lower end of the guidance");
    const high = optional(field("interval-high"), "The upper end of the guidance");
    return low === null && high === null ? undefined : [low ?? 0, high ?? 1e6];
  }

  #vector(model) {
    return model.vector === 0 ? undefined : field("vector").value.split(/[\s,;]+/).filter(Boolean).map(Number);
  }
}
