// Text fields that hold numbers, and sliders that move them.

/** The field's number; throws one sentence if it holds none. */
export function number(field, name, whole = false) {
  const text = field.value.trim().replace(",", ".");
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
    throw new Error(`${name} must be a ${whole ? "whole " : ""}number.`);
  }
  field.removeAttribute("aria-invalid");
  return value;
}

export const optional = (field, name) => (field.value.trim() === "" ? null : number(field, name));

/** Arrow keys change the field: by `step`, with shift by ten of them. */
export function arrows(field, step, least, most) {
  field.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (way) {
      event.preventDefault();
      move(field, way * step * (event.shiftKey ? 10 : 1), least, most());
    }
  });
}

export function move(field, by, least, most) {
  const value = (Number(field.value) || 0) + by;
  field.value = String(Math.round(Math.min(most, Math.max(least, value)) * 100) / 100);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A slider beside a field: the field may go beyond the slider's ends. */
export function pair(field, slider) {
  slider.addEventListener("input", () => {
    field.value = slider.value;
    field.removeAttribute("aria-invalid");
  });
  field.addEventListener("input", () => (slider.value = field.value));
}
