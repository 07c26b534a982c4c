// Small things remembered between visits. A browser may forbid storage: then they last as long as the page.

const unsaved = new Map();

export function recall(name, otherwise) {
  try {
    return localStorage.getItem(`hourglass.${name}`) ?? unsaved.get(name) ?? otherwise;
  } catch {
    return unsaved.get(name) ?? otherwise;
  }
}

export function remember(name, value) {
  unsaved.set(name, String(value));
  try {
    localStorage.setItem(`hourglass.${name}`, String(value));
  } catch {
    // Kept in `unsaved`.
  }
}
