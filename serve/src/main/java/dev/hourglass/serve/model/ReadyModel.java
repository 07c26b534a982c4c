package dev.hourglass.serve.model;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.serve.batch.BatchedModel;

/**
 * A model that draws.
 *
 * @param digest of its file
 * @param precision of its matrix products
 */
public record ReadyModel(
    String id, ModelFile file, BatchedModel batched, String digest, String precision) {

  public ModelConfig config() {
    return file.config().model();
  }
}
