package dev.hourglass.bench;

import dev.hourglass.compute.Compute;
import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.config.cost.ModelCost;

/** What a case computes. */
public sealed interface Workload {

  /** The size of an image. */
  Size size();

  /** Multiply-accumulates of the forward pass of one image, counted as {@link ModelCost} does. */
  long macs();

  /** Numbers that an image goes in with: a batch of them must fit into a Java array. */
  long inputs();

  /** The work on a batch. */
  Task task(Pass pass, Compute compute, int batch);

  /** A whole model at its config's image size. */
  record WholeModel(Config config) implements Workload {

    /** The model at another size. */
    WholeModel at(Size size) {
      ModelConfig model = config.model().withInputSize(size);
      return new WholeModel(
          new Config(
              model,
              config.dataset(),
              config.optimizer(),
              config.lrSchedule(),
              config.emaSchedule()));
    }

    @Override
    public Size size() {
      return config.model().inputSize();
    }

    @Override
    public long macs() {
      return ModelCost.of(config.model(), size()).macs();
    }

    @Override
    public long inputs() {
      return config.model().inputChannels() * size().area();
    }

    @Override
    public Task task(Pass pass, Compute compute, int batch) {
      return switch (pass) {
        case FORWARD -> new DenoiseTask(config.model(), compute.ops(), batch);
        case TRAIN -> new TrainTask(config, compute, batch, false);
        case CHECKPOINTING -> new TrainTask(config, compute, batch, true);
      };
    }
  }

  /**
   * The attention of one layer of a model's only level: from q, k, v to the attended values, and
   * for training to the gradients of q, k, v and the temperatures.
   *
   * @param model of one level, with neighborhood attention
   */
  record Attention(ModelConfig model) implements Workload {

    @Override
    public Size size() {
      return model.inputSize();
    }

    @Override
    public long macs() {
      var level = ModelCost.of(model, size()).levels().getFirst();
      return level.attentionMacs() / level.layers();
    }

    @Override
    public long inputs() {
      return model.levels().getFirst().width() * model.grid(0, size()).area();
    }

    @Override
    public Task task(Pass pass, Compute compute, int batch) {
      return new AttentionTask(model, compute.ops(), batch, pass == Pass.TRAIN);
    }
  }
}
