package dev.hourglass.sampling;

import java.util.List;
import java.util.OptionalInt;

/**
 * An image to be measured by a model.
 *
 * @param index names its random numbers
 * @param pixels {@code [c, h, w]} in [-1, 1]
 * @param classNumber absent for "no class", which is also what a model without classes takes
 * @param vector of a vector-conditional model; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // A plain buffer, on its way to the device.
public record LabelledImage(
    long index, float[] pixels, OptionalInt classNumber, List<Float> vector) {

  public LabelledImage {
    vector = List.copyOf(vector);
  }
}
