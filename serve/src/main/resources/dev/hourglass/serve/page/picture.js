// Images in the browser: read, fitted to a size, written as PNG, compared.

export async function bitmap(blob) {
  try {
    // Pixels as the file has them: converting colours would change what is kept "to the bit".
    return await createImageBitmap(blob, { colorSpaceConversion: "none" });
  } catch {
    throw new Error("This browser cannot read that file as an image.");
  }
}

export function canvas(width, height) {
  const made = document.createElement("canvas");
  made.width = width;
  made.height = height;
  return made;
}

/** Onto `target`'s size: "cover" crops the middle, "contain" leaves white borders. Transparent parts become white. */
export function fit(image, target, how) {
  const context = target.getContext("2d", { willReadFrequently: true });
  const ratios = [target.width / image.width, target.height / image.height];
  const scale = how === "cover" ? Math.max(...ratios) : Math.min(...ratios);
  context.fillStyle = "white";
  context.fillRect(0, 0, target.width, target.height);
  const small = scale < 1 ? shrunk(image, scale) : image;
  const [width, height] = [image.width * scale, image.height * scale].map(Math.round);
  context.imageSmoothingEnabled = scale !== 1;
  context.imageSmoothingQuality = "high";
  const [x, y] = [(target.width - width) / 2, (target.height - height) / 2].map(Math.round);
  context.drawImage(small, x, y, width, height);
}

/** Halved until the last step is less than a half: browsers skip pixels when they shrink by more. */
function shrunk(image, scale) {
  let present = image;
  while (present.width > 2 * image.width * scale && present.height > 2 * image.height * scale) {
    const half = canvas(Math.ceil(present.width / 2), Math.ceil(present.height / 2));
    const context = half.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(present, 0, 0, half.width, half.height);
    present = half;
  }
  return present;
}

export function pngOf(source) {
  return source.toDataURL("image/png").split(",")[1];
}

export function pngBlob(base64) {
  return new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: "image/png" });
}

/** The largest difference of any colour of any pixel; 255 for images of different sizes. */
export async function difference(first, second) {
  const [a, b] = await Promise.all([first, second].map(pixels));
  if (a.length !== b.length) {
    return 255;
  }
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    worst = Math.max(worst, Math.abs(a[i] - b[i]));
  }
  return worst;
}

async function pixels(blob) {
  const image = await bitmap(blob);
  const context = canvas(image.width, image.height).getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height).data;
}
