// How the page looks: light or dark, pixels as squares or smoothed.

import { byId } from "./dom.js";
import { recall, remember } from "./memory.js";

const THEMES = { auto: "light", light: "dark", dark: "auto" };
const TITLES = { auto: "Auto", light: "Light", dark: "Dark" };

export function appearance() {
  showTheme(recall("theme", "auto"));
  byId("theme").onclick = () => showTheme(THEMES[recall("theme", "auto")] ?? "auto");
  showPixels(recall("pixels", "true") === "true");
  byId("pixels").onclick = () => showPixels(byId("pixels").getAttribute("aria-pressed") !== "true");
}

function showTheme(theme) {
  remember("theme", theme);
  document.documentElement.dataset.theme = theme;
  byId("theme-label").textContent = TITLES[theme] ?? TITLES.auto;
  byId("theme").setAttribute("aria-label", `Theme: ${TITLES[theme] ?? TITLES.auto}`);
}

function showPixels(squares) {
  remember("pixels", squares);
  document.documentElement.dataset.pixels = squares ? "squares" : "smooth";
  byId("pixels").setAttribute("aria-pressed", String(squares));
  byId("pixels-label").textContent = squares ? "Pixels" : "Smooth";
  byId("pixels").setAttribute("aria-label", "Show pixels as squares");
}
