package dev.hourglass.config.cost;

import dev.hourglass.architecture.primitive.Cost;

/**
 * The cost of a part between or around the levels.
 *
 * @param name {@code patch_in}, {@code mapping}, {@code merges.0}, {@code splits.0}, {@code
 *     patch_out} (with its norm)
 */
public record PartCost(String name, long parameters, long macs, long activationBytes)
    implements CostRow {

  static PartCost of(String name, Cost cost) {
    return new PartCost(name, cost.parameters(), cost.macs(), cost.activationBytes());
  }
}
