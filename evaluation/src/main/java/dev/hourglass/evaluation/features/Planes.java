package dev.hourglass.evaluation.features;

import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * An image as extractors take it.
 *
 * @param bytes {@code [channels, height, width]}
 */
@SuppressWarnings("ArrayRecordComponent") // A plain buffer, passed on without copies.
public record Planes(int channels, int height, int width, byte[] bytes) {

  /** Of a decoded image, {@code [height, width, channels]}. */
  public static Planes of(DecodedImage image) {
    return of(image.height(), image.width(), image.channels(), image.pixels(), false);
  }

  /** Of a drawn image, whose samples are those of its PNG file. */
  public static Planes of(BufferedImage image) {
    byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    int channels = image.getRaster().getNumBands(); // Gray, or blue, green, red.
    return of(image.getHeight(), image.getWidth(), channels, samples, true);
  }

  private static Planes of(int height, int width, int channels, byte[] samples, boolean blueFirst) {
    int plane = height * width;
    byte[] bytes = new byte[channels * plane];
    for (int c = 0; c < channels; c++) {
      int from = blueFirst ? channels - 1 - c : c;
      for (int i = 0; i < plane; i++) {
        bytes[c * plane + i] = samples[i * channels + from];
      }
    }
    return new Planes(channels, height, width, bytes);
  }

  /** {@code [n, c, h, w]}, of images of one size. */
  public static Tensor batch(List<Planes> images) {
    Planes first = images.getFirst();
    Tensor batch =
        Tensors.zeros(ScalarType.Byte, images.size(), first.channels, first.height, first.width);
    MemorySegment target = Tensors.bytes(batch);
    for (int i = 0; i < images.size(); i++) {
      MemorySegment.copy(
          MemorySegment.ofArray(images.get(i).bytes),
          0,
          target,
          (long) i * first.bytes.length,
          first.bytes.length);
    }
    return batch;
  }

  /** As a picture to be drawn. */
  public BufferedImage picture() {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int plane = height * width;
    for (int i = 0; i < plane; i++) {
      int rgb = 0;
      for (int c = 0; c < 3; c++) {
        rgb = rgb << 8 | (bytes[(channels == 1 ? 0 : c) * plane + i] & 0xFF);
      }
      picture.setRGB(i % width, i / width, rgb);
    }
    return picture;
  }

  /** The mean absolute difference of the samples, 0 to 255. */
  public double difference(Planes other) {
    long sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += Math.abs((bytes[i] & 0xFF) - (other.bytes[i] & 0xFF));
    }
    return (double) sum / bytes.length;
  }
}
