package dev.hourglass.bench;

import dev.hourglass.core.InputException;
import java.util.Optional;
import java.util.Set;

/**
 * Something to measure.
 *
 * @param name as {@code --cases} gives it
 * @param batch images at once
 * @param passes that make sense for it
 * @param base what it is measured against, in turns; it has the same passes
 */
public record BenchCase(
    String name, Workload workload, int batch, Set<Pass> passes, Optional<BenchCase> base) {

  /** Copies the set. */
  public BenchCase {
    if (batch < 1) {
      throw new InputException("The batch must have at least 1 image, not %d.".formatted(batch));
    }
    if (workload.inputs() > Integer.MAX_VALUE / batch) {
      throw new InputException(
          "A batch of %d images of %s is too large; choose a smaller one."
              .formatted(batch, workload.size()));
    }
    passes = Set.copyOf(passes);
  }

  /** One that is measured by itself. */
  public BenchCase(String name, Workload workload, int batch, Set<Pass> passes) {
    this(name, workload, batch, passes, Optional.empty());
  }

  /** The same with another batch, and its base with that, too. */
  public BenchCase withBatch(int newBatch) {
    return new BenchCase(
        name, workload, newBatch, passes, base.map(other -> other.withBatch(newBatch)));
  }
}
