// Runs before the page is shown, and so is no module: otherwise a dark page would flash light.
(() => {
  try {
    const theme = localStorage.getItem("hourglass.theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.dataset.theme = theme;
    }
  } catch {
    // Storage is off: as the system has it.
  }
})();
