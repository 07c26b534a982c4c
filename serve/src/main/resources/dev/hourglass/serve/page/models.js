// The models that the server has, asked for again while one of them loads.

import * as api from "./api.js";

/** `hear` gets the list each time it was read; `failed` gets a Problem, and the asking ends until the next call. */
export async function follow(hear, failed) {
  for (;;) {
    let list;
    try {
      list = await api.models();
    } catch (problem) {
      failed(problem);
      return;
    }
    hear(list);
    if (!list.data.some((model) => model.status === "loading")) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
}

/** What to say of a model that cannot draw; null if it can. */
export function trouble(model) {
  switch (model.status) {
    case "loading":
      return `${model.id} is loading.`;
    case "failed":
      return `${model.id} could not be loaded: ${model.detail}`;
    default:
      return null;
  }
}
