package dev.hourglass.config.cost;

/** One row of the cost table of a model: a level of the hourglass or another part of it. */
public sealed interface CostRow permits LevelCost, PartCost {

  /** The name for a table, such as {@code level 0} or {@code mapping}. */
  String name();

  /** Trained numbers. */
  long parameters();

  /** Multiply-accumulates of a forward pass of one image. */
  long macs();

  /** Bytes that autograd keeps for the backward pass of one image, see {@link ModelCost}. */
  long activationBytes();
}
