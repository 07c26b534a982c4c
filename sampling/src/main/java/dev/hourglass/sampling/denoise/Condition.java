package dev.hourglass.sampling.denoise;

import java.util.List;

/**
 * What a network is told of one image besides its noise level.
 *
 * @param classes of a model without classes, any
 * @param vector of a vector-conditional model; else empty
 */
public record Condition(ClassMixture classes, List<Float> vector) {

  public Condition {
    vector = List.copyOf(vector);
  }

  /** The same without a class, in a model of {@code numClasses} classes. */
  Condition withoutClass(int numClasses) {
    return new Condition(ClassMixture.of(numClasses), vector);
  }
}
