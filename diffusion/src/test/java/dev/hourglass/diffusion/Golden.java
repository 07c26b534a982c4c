package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The golden tensors, computed by the authors' code, and how results are compared with them. */
public final class Golden implements AutoCloseable {

  private final SafetensorsFile file;

  private Golden(SafetensorsFile file) {
    this.file = file;
  }

  public static Golden open(String name) {
    String folder = System.getProperty("hourglass.conformance");
    assertThat(folder).as("the system property hourglass.conformance").isNotNull();
    return new Golden(SafetensorsFile.open(Path.of(folder, name)));
  }

  /** The keys that begin with a prefix, without it. */
  public List<String> keys(String prefix) {
    return file.tensors().keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()))
        .sorted()
        .toList();
  }

  public double[] doubles(String key) {
    return file.doubles(key);
  }

  /** A tensor of doubles, whatever type the file has. */
  public Tensor tensor(String key) {
    long[] shape = file.tensor(key).shape().stream().mapToLong(Long::longValue).toArray();
    return Tensors.ofDoubles(file.doubles(key), shape);
  }

  /** The largest difference over the largest magnitude, printed for the record. */
  public static double worst(String label, double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double difference = 0;
    double magnitude = 0;
    for (int i = 0; i < actual.length; i++) {
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
      magnitude = Math.max(magnitude, Math.abs(expected[i]));
    }
    double worst = difference / magnitude;
    System.out.printf("conformance %s %.1e%n", label, worst);
    return worst;
  }

  /** The largest relative difference of single values, printed for the record. */
  public static double worstEach(String label, double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs(actual[i] / expected[i] - 1));
    }
    System.out.printf("conformance %s %.1e%n", label, worst);
    return worst;
  }

  @Override
  public void close() {
    file.close();
  }
}
