package dev.hourglass.architecture.primitive;

import java.util.List;

/**
 * One tensor of the state dict: its name and shape in checkpoints, how it starts, and how it trains
 * (HDiT, appendix B).
 *
 * @param start the initial values
 * @param decayed whether weight decay applies
 * @param slow whether it trains at a third of the learning rate, as all that processes the
 *     conditioning vector does
 */
public record ParameterSpec(
    String name, List<Long> shape, Start start, boolean decayed, boolean slow) {

  /** A third of the learning rate for the mapping network and the conditioned norms. */
  public static final double SLOW_FACTOR = 1.0 / 3;

  /** Whether the optimiser trains it; the rest are constants that checkpoints carry. */
  public boolean trained() {
    return !start.fixed();
  }

  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
