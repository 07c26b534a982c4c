// Images that come from outside: dropped anywhere, pasted, or picked.

import { byId } from "./dom.js";

/** `take` is called with the first image file. */
export function drops(take) {
  const first = (files) => [...files].find((file) => file.type.startsWith("image/")) ?? files[0];
  const offer = (files) => files.length > 0 && take(first(files));
  let depth = 0;
  const show = (change) => {
    depth = Math.max(0, depth + change);
    byId("dropping").hidden = depth === 0;
  };
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  addEventListener("dragenter", (event) => carriesFiles(event) && show(1));
  addEventListener("dragleave", (event) => carriesFiles(event) && show(-1));
  addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    show(-depth);
    if (carriesFiles(event)) {
      event.preventDefault();
      offer(event.dataTransfer.files);
    }
  });
  addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length > 0) {
      event.preventDefault();
      offer(event.clipboardData.files);
    }
  });
  byId("pick").onclick = byId("empty-pick").onclick = () => byId("file").click();
  byId("file").onchange = () => {
    offer(byId("file").files);
    byId("file").value = ""; // So that the same file can be picked again.
  };
}
