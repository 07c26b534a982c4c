package dev.hourglass.cli.evaluate;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.sampling.ModelFile;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Which class each image is drawn of: a function of its index. */
public sealed interface ClassPlan {

  /**
   * The class of an image.
   *
   * @return at least 0
   */
  int of(long index);

  /** In words, for the report. */
  String text();

  /** All classes in turn. */
  record InTurn(int classes) implements ClassPlan {

    @Override
    public int of(long index) {
      return (int) (index % classes);
    }

    @Override
    public String text() {
      return "uniform";
    }
  }

  /** Drawn at random, as frequent as in the data. */
  record AsInData(List<Long> counts, long seed) implements ClassPlan {

    public AsInData {
      counts = List.copyOf(counts);
    }

    @Override
    public int of(long index) {
      long total = counts.stream().mapToLong(Long::longValue).sum();
      double u = RandomStream.of(seed, Purpose.CLASS_CHOICE, index).nextDouble();
      long image = (long) (u * total);
      int label = 0;
      while (image >= counts.get(label)) {
        image -= counts.get(label);
        label++;
      }
      return label;
    }

    @Override
    public String text() {
      return "data";
    }
  }

  /** For a model without classes. */
  record None() implements ClassPlan {

    @Override
    public int of(long index) {
      return 0;
    }

    @Override
    public String text() {
      return "none";
    }
  }

  /** How to choose. */
  enum Kind {
    DATA,
    UNIFORM
  }

  /**
   * The plan for a model.
   *
   * @throws InputException if classes shall be those of the data, which has others
   */
  static ClassPlan of(Kind kind, ModelFile model, FittedImages data, long seed) {
    int classes = model.config().model().numClasses();
    if (classes == 0) {
      return new None();
    }
    if (kind == Kind.UNIFORM) {
      return new InTurn(classes);
    }
    List<String> found = data.classNames();
    List<String> known = model.classNames();
    boolean same =
        !found.isEmpty()
            && found.size() <= classes
            && IntStream.range(0, Math.min(found.size(), known.size()))
                .allMatch(i -> found.get(i).equals(known.get(i)));
    if (!same) {
      throw new InputException(
          "The model has %d classes, but the images in %s have %s; give --classes uniform to draw all classes in turn, or --data with the model's."
              .formatted(
                  classes,
                  data.location(),
                  found.isEmpty() ? "no labels" : "others (%d)".formatted(found.size())));
    }
    return new AsInData(LongStream.of(data.classCounts()).boxed().toList(), seed);
  }

  /** Of consecutive images, in the order that a request takes them in by index. */
  default List<Integer> forRequest(long firstIndex, int count) {
    int[] classes = new int[count];
    for (long index = firstIndex; index < firstIndex + count; index++) {
      classes[(int) (index % count)] = of(index);
    }
    return Arrays.stream(classes).boxed().toList();
  }
}
