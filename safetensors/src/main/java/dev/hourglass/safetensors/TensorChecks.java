package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What holds for every tensor, in a file or on its way into one. */
final class TensorChecks {

  /** The key of the header that holds the metadata, and so cannot name a tensor. */
  static final String METADATA_KEY = "__metadata__";

  /**
   * The format sets no limit, but no framework has tensors of more dimensions than this, and a
   * hostile header could otherwise fill the memory with ones.
   */
  static final int MAX_DIMENSIONS = 64;

  private TensorChecks() {}

  static void checkName(String name) {
    if (name.equals(METADATA_KEY)) {
      throw new InputException(
          "A tensor cannot be named \"%s\", the key of the metadata; rename it."
              .formatted(METADATA_KEY));
    }
    if (!isUnicode(name)) {
      throw new InputException(
          "Tensor %s has half a surrogate pair in its name, which UTF-8 cannot hold; rename it."
              .formatted(TensorNames.quote(name)));
    }
  }

  /** Whether UTF-8 can hold the text: a surrogate without its partner has no encoding. */
  static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * The product of the dimensions; 1 for a scalar, whose shape is empty.
   *
   * @throws InputException if a dimension is negative, if there are too many, or if the product
   *     overflows 64 bits
   */
  static long elements(String name, List<Long> shape) {
    if (shape.size() > MAX_DIMENSIONS) {
      throw new InputException(
          "Tensor %s has %d dimensions, but at most %d are supported; reshape it."
              .formatted(TensorNames.quote(name), shape.size(), MAX_DIMENSIONS));
    }
    long elements = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new InputException(
            "Tensor %s has the negative dimension %d in its shape %s; correct the shape."
                .formatted(TensorNames.quote(name), dimension, shape));
      }
      try {
        elements = Math.multiplyExact(elements, dimension);
      } catch (ArithmeticException e) {
        throw tooLarge(name, shape, e);
      }
    }
    return elements;
  }

  /**
   * The bytes that a tensor of this shape and type takes.
   *
   * @throws InputException as {@link #elements} does, or if packed elements end within a byte
   */
  static long byteSize(String name, DType dtype, List<Long> shape) {
    long bits;
    try {
      bits = Math.multiplyExact(elements(name, shape), (long) dtype.bits());
    } catch (ArithmeticException e) {
      throw tooLarge(name, shape, e);
    }
    if (bits % Byte.SIZE != 0) {
      throw new InputException(
          "Tensor %s of shape %s and type %s takes %d bits, which are no whole bytes; correct the shape."
              .formatted(TensorNames.quote(name), shape, dtype, bits));
    }
    return bits / Byte.SIZE;
  }

  private static InputException tooLarge(String name, List<Long> shape, ArithmeticException e) {
    return new InputException(
        "Tensor %s has the shape %s, whose size overflows 64 bits; correct the shape."
            .formatted(TensorNames.quote(name), shape),
        e);
  }
}
