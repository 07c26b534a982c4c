// The page: its parts put together, and the one thing they share, the drawing that is under way.

import * as api from "./api.js";
import { appearance } from "./appearance.js";
import { Detail } from "./detail.js";
import { byId, reveal } from "./dom.js";
import { drops } from "./drops.js";
import { Editor } from "./edit.js";
import { Glass } from "./glass.js";
import { askForKey } from "./key.js";
import { follow } from "./models.js";
import { difference, pngBlob } from "./picture.js";
import { Progress, about } from "./progress.js";
import { clearRefusal, showRefusal } from "./refusal.js";
import { newSeed, Settings } from "./settings.js";
import { describe, Shelf } from "./shelf.js";
import { shortcuts } from "./shortcuts.js";
import { Stage } from "./stage.js";

let drawing = null; // The AbortController of the drawing that is under way.

const stage = new Stage();
const progress = new Progress();
const settings = new Settings(() => editor.refresh());
const editor = new Editor(settings, () => showChoices());
const shelf = new Shelf((image) => detail.open(image));
const detail = new Detail(shelf, {
  repeat: (image) => draw(image.request, image),
  vary: (image) => draw({ ...image.request, seed: newSeed(), first_index: 0 }),
  variation: (image) => edit(image, "variation"),
  edit: (image) => edit(image, "mask"),
  use: (image) => settings.use(image.request),
});

/** What depends on more than one part. */
function showChoices() {
  byId("draw").disabled = !settings.model || drawing !== null;
  byId("draw-label").textContent = editor.label;
  const seconds = settings.estimate;
  byId("estimate").textContent = seconds && !editor.active ? about(seconds) : "";
}

function drawForm() {
  if (drawing || !settings.model) {
    return;
  }
  if (!settings.locked) {
    settings.roll();
  }
  let body;
  try {
    body = { ...settings.request(), ...editor.request() };
  } catch (e) {
    showRefusal(e);
    return;
  }
  draw(body, undefined, editor.active ? null : settings.estimate);
}

/** Draws; `original` is the image that should come out the same, `estimate` the seconds that it should take. */
async function draw(body, original, estimate) {
  if (drawing) {
    return;
  }
  const model = settings.modelNamed(body.model);
  if (!model) {
    showRefusal(new Error(`The model ${body.model} is not ready on this server.`));
    return;
  }
  const [height, width] = body.size?.split("x").map(Number) ?? [model.height, model.width];
  const first = body.first_index ?? 0;
  busy(new AbortController());
  clearRefusal();
  byId("caption").textContent = "";
  let caption = "";
  let waited = false;
  try {
    progress.begin(body.n);
    const hears = {
      queued: ({ images, ahead }) => {
        // Not before: where the server refuses, the images of the last drawing stay.
        stage.begin(images, first, width, height);
        progress.queued(ahead);
        waited = ahead > 0;
        reveal(byId("tiles").parentElement);
      },
      progress: (step) => {
        progress.step(step);
        stage.step(step);
      },
      preview: (guess) => stage.preview(guess),
      image: async (image) => {
        progress.image(image.index);
        const kept = await keep(body, image);
        const url = shelf.url(kept);
        stage.image(image.index, url, describe(kept), () => detail.open(kept));
        if (original) {
          caption = sameness(await difference(original.blob, kept.blob));
        }
      },
      done: ({ seconds, seed }) => {
        const images = body.n === 1 ? "One image" : `${body.n} images`;
        if (estimate && !waited) {
          settings.learn(seconds / estimate);
        }
        caption ||= `${images} in ${seconds.toFixed(1)} s, seed ${seed}.`;
      },
    };
    await api.draw(body, hears, drawing.signal);
  } catch (e) {
    if (drawing.signal.aborted) {
      caption = "Cancelled.";
    } else {
      showRefusal(e, () => draw(body, original, estimate));
    }
  } finally {
    progress.end();
    stage.end();
    byId("caption").textContent = caption;
    busy(null);
  }
}

/** Into the gallery, with the request that draws this image alone. */
function keep(body, image) {
  const { b64_png: png, ...rest } = image;
  const alone = { ...body, n: 1, first_index: image.index, seed: image.seed, class: image.class };
  return shelf.add({ ...rest, created: Date.now(), model: body.model, blob: pngBlob(png), request: alone });
}

function sameness(difference) {
  return difference === 0
    ? "The same image, to the last bit."
    : `The same settings; no colour is off by more than ${difference} of 255.`;
}

async function edit(image, mode) {
  settings.chooseClass(image.model, image.class);
  await take(image.blob, mode);
}

async function take(blob, mode) {
  clearRefusal();
  try {
    await editor.open(blob, mode);
  } catch (e) {
    showRefusal(e);
  }
}

function busy(controller) {
  const focused = document.activeElement;
  drawing = controller;
  const running = controller !== null;
  document.body.classList.toggle("drawing", running);
  byId("cancel").hidden = !running;
  byId("draw").hidden = running;
  detail.busy = running;
  showChoices();
  // The focus stays at the same place when one button takes the other's.
  if (focused === byId("draw") || focused === byId("cancel") || focused === byId("again")) {
    byId(running ? "cancel" : "draw").focus();
  }
}

const cancel = () => drawing?.abort();

function readModels() {
  clearRefusal();
  follow(
    (list) => (settings.models = list),
    (problem) => showRefusal({ message: problem.message, retryAfter: problem.retryAfter ?? 1 }, readModels),
  );
}

function help() {
  byId("help").showModal();
}

appearance();
api.onKeyWanted(askForKey);
drops(take);
shortcuts({
  "Ctrl+Enter": drawForm,
  escape: cancel,
  "?": help,
  r: () => settings.roll(),
  l: () => (settings.locked = !settings.locked),
  g: () => shelf.focus(),
  p: () => byId("pixels").click(),
});
byId("settings").onsubmit = (event) => {
  event.preventDefault();
  drawForm();
};
byId("cancel").onclick = cancel;
byId("help-open").onclick = help;
byId("help-close").onclick = () => byId("help").close();
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("pointerdown", (event) => {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (event.target === dialog && !inside) {
      dialog.close();
    }
  });
}
const empty = new Glass(byId("empty-glass"));
empty.progress = 0.45;
empty.run();
shelf.load();
readModels();
