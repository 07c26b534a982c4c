// The few things done with the document everywhere.

export const byId = (id) => document.getElementById(id);

/** An element with properties (or attributes, where their name has a hyphen or is `role`) and children. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") {
      made.setAttribute(key, value);
    } else {
      made[key] = value;
    }
  }
  made.append(...children);
  return made;
}

/** The value of the radio button that is chosen. */
export const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`)?.value;

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Into view, if it is not. */
export const reveal = (shown) => shown.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
