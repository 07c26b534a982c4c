// How far a drawing is: over all of its images, in steps and in time.

import { byId } from "./dom.js";
import { Glass } from "./glass.js";

const seconds = (s) =>
  s < 1 ? "less than a second" : s < 90 ? `${Math.round(s)} s` : `${Math.round(s / 60)} min`;

export const timeLeft = (s) => `about ${seconds(s)} left`.replace("about less", "less");

export const about = (s) => `Takes about ${seconds(s)}.`.replace("about less", "less");

export class Progress {
  #glass = new Glass(byId("progress-glass"));
  #images = 0;
  #shares = new Map();
  #began = null;
  #done = 0;
  #spoken = -1;

  begin(images) {
    this.#images = images;
    this.#shares.clear();
    this.#began = null;
    this.#done = 0;
    this.#spoken = -1;
    byId("progress").hidden = false;
    this.#glass.run();
    this.#show("Sending the request", 0);
  }

  queued(ahead) {
    this.#show(ahead > 0 ? `${ahead} ${ahead === 1 ? "image waits" : "images wait"} before this` : "Starting", 0);
  }

  step({ index, step, steps }) {
    this.#began ??= performance.now();
    // Samplers that choose their own steps do not say how many there will be.
    this.#shares.set(index, steps > 0 ? step / steps : 1 - 1 / (1 + step / 50));
    const share = this.#share();
    const of = steps > 0 ? `Step ${step} of ${steps}` : `Step ${step}`;
    const elapsed = (performance.now() - this.#began) / 1000;
    const left = share > 0.03 && elapsed > 0.3 ? ` · ${timeLeft((elapsed / share) * (1 - share))}` : "";
    const images = this.#images > 1 ? ` · ${this.#done} of ${this.#images} images done` : "";
    this.#show(of + images + left, share);
  }

  image(index) {
    this.#shares.set(index, 1);
    this.#done++;
  }

  end() {
    this.#glass.stop();
    byId("progress").hidden = true;
  }

  #share() {
    return [...this.#shares.values()].reduce((sum, share) => sum + share, 0) / this.#images;
  }

  #show(text, share) {
    const percent = Math.round(share * 100);
    byId("progress-text").textContent = text;
    byId("bar-fill").style.transform = `scaleX(${share})`;
    // Screen readers hear of every tenth only.
    const tenth = Math.floor(percent / 10);
    if (tenth !== this.#spoken) {
      this.#spoken = tenth;
      byId("bar").setAttribute("aria-valuenow", String(percent));
      byId("bar").setAttribute("aria-valuetext", text);
    }
    this.#glass.progress = share;
  }
}
