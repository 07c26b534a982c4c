package dev.hourglass.sampling;

import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorData;
import dev.hourglass.safetensors.TensorFile;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Noise that images are drawn from, and how: what {@code sample --invert} writes.
 *
 * @param shape {@code [n, c, h, w]}
 * @param values noise of about unit variance, {@code [n, c, h, w]}
 * @param description what determines the images drawn from it, in the words of the options
 */
@SuppressWarnings("ArrayRecordComponent") // A plain buffer, on its way to a file or the device.
public record Latents(List<Long> shape, float[] values, Description description) implements Origin {

  private static final String TENSOR = "latents";
  private static final String KEY = "hourglass";
  private static final JsonMapper JSON = new JsonMapper();

  public Latents {
    shape = List.copyOf(shape);
  }

  /**
   * With which model and settings the noise belongs to its images.
   *
   * @param model its digest
   * @param checkpoint the name of its file
   * @param names of the images
   * @param classes of the images by number; empty for a model without
   */
  public record Description(
      String model,
      String checkpoint,
      String sampler,
      String schedule,
      int steps,
      double guidance,
      List<String> names,
      List<Integer> classes) {

    public Description {
      names = List.copyOf(names);
      classes = List.copyOf(classes);
    }
  }

  /** How many images. */
  public int count() {
    return Math.toIntExact(shape.getFirst());
  }

  @Override
  public Tensor noise(DrawnBatch batch) {
    int each = values.length / count();
    float[] noise = new float[Math.multiplyExact(batch.count(), each)];
    for (int i = 0; i < batch.count(); i++) {
      System.arraycopy(values, batch.place(i) * each, noise, i * each, each);
    }
    long[] image = batch.shape();
    return Tensors.ofFloats(noise, batch.count(), image[0], image[1], image[2]);
  }

  /** Writes a safetensors file, atomically. */
  public void write(Path file) {
    long[] dimensions = shape.stream().mapToLong(Long::longValue).toArray();
    SafetensorsWriter.write(
        file,
        List.of(TensorData.ofFloats(TENSOR, dimensions, values)),
        Map.of(KEY, JSON.writeValueAsString(description)));
  }

  /**
   * Reads such a file.
   *
   * @throws InputException if it is another one, or its numbers are not finite
   */
  public static Latents read(Path file) {
    try (TensorFile tensors = SafetensorsFile.open(file)) {
      String text = tensors.metadata().get(KEY);
      if (text == null || !tensors.names().contains(TENSOR)) {
        throw new InputException(
            "%s holds no latents; give a file that sample --invert has written.".formatted(file));
      }
      TensorData data = tensors.read(TENSOR);
      Description description = JSON.readValue(text, Description.class);
      requireWhole(file, data, description);
      return new Latents(data.shape(), data.floats(), description);
    } catch (JacksonException e) {
      throw new InputException(
          "%s: what it says of its latents is damaged; write it again with sample --invert."
              .formatted(file),
          e);
    }
  }

  private static void requireWhole(Path file, TensorData data, Description description) {
    boolean whole =
        data.dtype() == DType.F32
            && data.shape().size() == 4
            && data.shape().getFirst() >= 1
            && data.shape().getFirst() <= Integer.MAX_VALUE;
    int classes = description.classes().size();
    if (!whole || (classes > 0 && classes != data.shape().getFirst())) {
      throw new InputException(
          "%s: its latents are %s of shape %s with %d classes, not F32 of [n, c, h, w] with a class each; write it again with sample --invert."
              .formatted(file, data.dtype(), data.shape(), classes));
    }
    for (float value : data.floats()) {
      if (!Float.isFinite(value)) {
        throw new InputException(
            "%s: some of its numbers are NaN or infinite; write it again with sample --invert."
                .formatted(file));
      }
    }
  }

  /**
   * Checks that images of a model can be drawn from it.
   *
   * @throws InputException if it belongs to another model, or has another shape than its images
   */
  public void requireOf(Path file, ModelFile model, List<Long> imageShape) {
    if (!description.model().equals(model.digest())) {
      throw new InputException(
          "%s belongs to the model %s (%s), not to %s; give that checkpoint."
              .formatted(file, description.model(), description.checkpoint(), model.path()));
    }
    if (!shape.subList(1, 4).equals(imageShape)) {
      throw new InputException(
          "%s holds noise for images of %s, but the model's are %s; leave --size out."
              .formatted(file, shape.subList(1, 4), imageShape));
    }
  }
}
