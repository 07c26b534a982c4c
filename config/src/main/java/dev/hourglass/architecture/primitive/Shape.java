package dev.hourglass.architecture.primitive;

import java.util.Arrays;
import java.util.List;

/** The shape of what flows for one image, or of a parameter. */
public record Shape(List<Long> sizes) {

  public static Shape of(long... sizes) {
    return new Shape(Arrays.stream(sizes).boxed().toList());
  }

  /** Size of an axis; -1 is the last. */
  long size(int axis) {
    return sizes.get(axis < 0 ? sizes.size() + axis : axis);
  }

  long elements() {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  /** The same with another last axis. */
  Shape withLast(long size) {
    long[] changed = sizes.stream().mapToLong(Long::longValue).toArray();
    changed[changed.length - 1] = size;
    return of(changed);
  }
}
