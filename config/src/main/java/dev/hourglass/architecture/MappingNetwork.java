package dev.hourglass.architecture;

import dev.hourglass.architecture.part.norm.Rms;
import dev.hourglass.architecture.primitive.DropoutPlace;
import dev.hourglass.architecture.primitive.Ledger;
import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Shape;
import dev.hourglass.architecture.primitive.Start;
import java.util.Optional;

/**
 * Noise level, augmentation, class and vector to the one conditioning vector of every layer
 * (docs/model.md, 2).
 *
 * @param width channels of the vector
 * @param depth how many feed-forward blocks it has
 * @param firstBlock the first of them; the others differ in their dropout's random numbers
 * @param classes how many, 0 for none
 * @param vectorSize length of the vector condition, 0 for none
 */
public record MappingNetwork(
    int width, int depth, FeedForward firstBlock, int classes, int vectorSize) {

  /** Its norms are not conditioned: they make what conditions. */
  private static final Rms NORM = new Rms();

  /** Size of the augmentation vector (Karras et al. 2022, appendix F.2). */
  public static final int AUGMENTATION_SIZE = 9;

  /**
   * What goes in, for each image.
   *
   * @param noiseLevel {@code [1]}: {@code log(sigma) / 4}
   * @param augmentation {@code [9]}
   * @param classes the number of the class, or how many there are for "unconditional"
   * @param vector {@code [vectorSize]}
   */
  public record Inputs<T>(T noiseLevel, T augmentation, Optional<T> classes, Optional<T> vector) {}

  /**
   * The conditioning vector, {@code [width]}.
   *
   * @throws IllegalArgumentException if an input is absent that the model is conditioned on
   */
  public <T> T apply(Primitives<T> on, Inputs<T> inputs) {
    Primitives<T> mapping = on.in("mapping").slow();
    T x = NORM.apply(mapping.in("in_norm"), embed(on, inputs));
    for (int i = 0; i < depth; i++) {
      x = mapping.in("blocks." + i).block(block(i), x);
    }
    return NORM.apply(mapping.in("out_norm"), x);
  }

  /** The shapes of what goes in for one image, to walk the definition with a {@link Ledger}. */
  public Inputs<Shape> inputShapes() {
    return new Inputs<>(
        Shape.of(1),
        Shape.of(AUGMENTATION_SIZE),
        Optional.of(Shape.of()),
        Optional.of(Shape.of(vectorSize)));
  }

  /** The same with another number of blocks. */
  public MappingNetwork withDepth(int newDepth) {
    return new MappingNetwork(width, newDepth, firstBlock, classes, vectorSize);
  }

  private FeedForward block(int i) {
    DropoutPlace first = firstBlock.dropout();
    return firstBlock.withDropout(new DropoutPlace(first.rate(), first.number() + i));
  }

  private <T> T embed(Primitives<T> on, Inputs<T> inputs) {
    T sum =
        on.add(
            features(on, "time", inputs.noiseLevel()), features(on, "aug", inputs.augmentation()));
    if (classes > 0) {
      T table = on.parameter("class_emb.weight", new Start.Normal(1), classes + 1, width);
      sum = on.add(sum, on.embedding(required(inputs.classes(), "classes"), table));
    }
    if (vectorSize > 0) {
      T weight =
          on.parameter("mapping_cond_in_proj.weight", Start.linear(vectorSize), width, vectorSize);
      sum = on.add(sum, on.linear(required(inputs.vector(), "a vector"), weight));
    }
    return sum;
  }

  /** Random Fourier features of a few numbers, projected. */
  private <T> T features(Primitives<T> on, String name, T x) {
    T frequencies =
        on.parameter(name + "_emb.weight", new Start.Fourier(), width / 2, on.size(x, -1));
    T features = on.fourier(x, frequencies);
    return on.linear(
        features, on.parameter(name + "_in_proj.weight", Start.linear(width), width, width));
  }

  private static <T> T required(Optional<T> input, String what) {
    return input.orElseThrow(
        () -> new IllegalArgumentException("this model is conditioned on %s".formatted(what)));
  }
}
