// The images drawn so far with the requests that drew them, in IndexedDB: they outlive the page.

let opening = null;
const unsaved = new Map();
let lastUnsaved = 1e15; // Above any key that IndexedDB gives.

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("hourglass", 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore("images", { keyPath: "key", autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function change(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("images", mode);
    const request = work(transaction.objectStore("images"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/** All images, the newest first. */
export async function all() {
  let kept = [];
  try {
    kept = await change("readonly", (images) => images.getAll());
  } catch {
    // No storage: those of this page only.
  }
  return [...kept, ...unsaved.values()].reverse();
}

/** Keeps an image; the copy that comes back has a key, and `lost` if it lives only as long as the page. */
export async function add(image) {
  try {
    return { ...image, key: await change("readwrite", (images) => images.add(image)) };
  } catch {
    const held = { ...image, key: ++lastUnsaved, lost: true };
    unsaved.set(held.key, held);
    return held;
  }
}

export async function remove(key) {
  if (!unsaved.delete(key)) {
    await change("readwrite", (images) => images.delete(key));
  }
}

export async function clear() {
  unsaved.clear();
  try {
    await change("readwrite", (images) => images.clear());
  } catch {
    // Nothing was kept.
  }
}
