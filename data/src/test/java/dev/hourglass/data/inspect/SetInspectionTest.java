package dev.hourglass.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.data.ImageFit;
import dev.hourglass.data.TestImages;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.inspect.SetSummary.ClassCount;
import dev.hourglass.data.inspect.SetSummary.Moments;
import dev.hourglass.data.inspect.SetSummary.Range;
import dev.hourglass.data.inspect.SetSummary.SizeCount;
import dev.hourglass.data.sets.ImageDataset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetInspectionTest {

  @TempDir Path folder;

  private void write(String name, byte[] content) throws IOException {
    TestImages.write(folder.resolve(name), content);
  }

  private static byte[] gray(int height, int width, int level) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < height * width; i++) {
      image.getRaster().setSample(i % width, i / width, 0, level);
    }
    return TestImages.encode(image, "png");
  }

  private SetSummary inspect(DatasetType type, Optional<Size> size, int threads) {
    try (ImageDataset set =
        ImageDataset.open(new DatasetConfig(type, folder.toString(), 0, 0), folder)) {
      AtomicInteger last = new AtomicInteger();
      SetSummary summary =
          SetInspection.of(
              set, size, threads, done -> assertThat(done).isEqualTo(last.incrementAndGet()));
      assertThat(last).hasValue(set.size());
      return summary;
    }
  }

  private void fill() throws IOException {
    write("a/1.png", TestImages.png(4, 6, 0x0000FF));
    write("a/2.png", TestImages.png(4, 6, 0x00FF00));
    write("a/3.png", "no image".getBytes(StandardCharsets.UTF_8));
    write("b/1.png", TestImages.png(4, 6, 0x0000FF));
    write("b/2.png", TestImages.png(8, 5, 0x0000FF));
    write("b/3.png", gray(2, 12, 51));
    write("b/4.png", gray(2, 12, 51));
    write("b/notes.psd", new byte[1]);
  }

  @Test
  void classesSizesBrokenFilesAndDuplicatesAreFound() throws IOException {
    fill();
    SetSummary summary = inspect(DatasetType.IMAGEFOLDER_CLASS, Optional.of(new Size(4, 6)), 2);
    assertThat(summary.images()).isEqualTo(6);
    assertThat(summary.gray()).isEqualTo(2);
    assertThat(summary.classes()).containsExactly(new ClassCount("a", 2), new ClassCount("b", 4));
    assertThat(summary.broken())
        .containsOnlyKeys("a/3.png")
        .containsValue("its content is in no image format known here");
    assertThat(summary.sizes().different()).isEqualTo(3);
    assertThat(summary.sizes().mostFrequent())
        .containsExactly(
            new SizeCount(new Size(4, 6), 3),
            new SizeCount(new Size(2, 12), 2),
            new SizeCount(new Size(8, 5), 1));
    assertThat(summary.sizes().height()).isEqualTo(new Range(2, 4, 8));
    assertThat(summary.sizes().width()).isEqualTo(new Range(5, 6, 12));
    // 8x5 is too narrow, 2x12 too low.
    assertThat(summary.sizes().enlarged()).isEqualTo(3);
    // The same colour at another size is another image.
    assertThat(summary.duplicates())
        .containsExactly(List.of("a/1.png", "b/1.png"), List.of("b/3.png", "b/4.png"));
    assertThat(summary.repeated()).isEqualTo(2);
    assertThat(summary.duplicatesAcrossClasses()).isEqualTo(1);
  }

  @Test
  void pixelsCountAsTrainingSeesThem() throws IOException {
    fill();
    SetSummary summary = inspect(DatasetType.IMAGEFOLDER, Optional.of(new Size(2, 3)), 1);
    // Three images blue, one green, two of gray level 51, which is -0.6; each counts the same.
    assertThat(summary.pixels())
        .extracting(Moments::channel)
        .containsExactly("red", "green", "blue");
    double[][] values = {
      {-1, -1, -1, -1, -0.6, -0.6}, {-1, 1, -1, -1, -0.6, -0.6}, {1, -1, 1, 1, -0.6, -0.6}
    };
    List<Double> all = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      List<Double> channel = new ArrayList<>();
      for (double value : values[c]) {
        channel.add(value);
      }
      all.addAll(channel);
      assertThat(summary.pixels().get(c).mean()).isEqualTo(mean(channel), within(1e-12));
      assertThat(summary.pixels().get(c).deviation()).isEqualTo(deviation(channel), within(1e-12));
    }
    assertThat(summary.together().mean()).isEqualTo(mean(all), within(1e-12));
    assertThat(summary.sigmaData()).isEqualTo(deviation(all), within(1e-12));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElseThrow();
  }

  private static double deviation(List<Double> values) {
    double mean = mean(values);
    return Math.sqrt(
        values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  @Test
  void pixelsOfImagesInGrayAreOneChannel() throws IOException {
    write("1.png", gray(3, 3, 0));
    write("2.png", gray(3, 3, 255));
    SetSummary summary = inspect(DatasetType.IMAGEFOLDER, Optional.empty(), 1);
    assertThat(summary.pixels()).containsExactly(new Moments("gray", 0, 1));
    assertThat(summary.together()).isEqualTo(new Moments("all", 0, 1));
  }

  @Test
  void pixelsAreThoseOfTheFitNotOfTheFile() throws IOException {
    DecodedImage source = TestImages.pattern(13, 21, 3, 5);
    BufferedImage image = new BufferedImage(21, 13, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 13; y++) {
      for (int x = 0; x < 21; x++) {
        image.setRGB(
            x,
            y,
            TestImages.at(source, y, x, 0) << 16
                | TestImages.at(source, y, x, 1) << 8
                | TestImages.at(source, y, x, 2));
      }
    }
    write("1.png", TestImages.encode(image, "png"));
    PixelMoments[] fitted = PixelMoments.ofChannels(ImageFit.fit(source, new Size(5, 7), 3));
    SetSummary summary = inspect(DatasetType.IMAGEFOLDER, Optional.of(new Size(5, 7)), 1);
    for (int c = 0; c < 3; c++) {
      assertThat(summary.pixels().get(c).deviation()).isEqualTo(fitted[c].deviation());
    }
    assertThat(
            inspect(DatasetType.IMAGEFOLDER, Optional.empty(), 1).pixels().getFirst().deviation())
        .isEqualTo(PixelMoments.ofChannels(source)[0].deviation())
        .isNotEqualTo(fitted[0].deviation());
  }

  @Test
  void threadsDoNotShow() throws IOException {
    fill();
    assertThat(inspect(DatasetType.IMAGEFOLDER_CLASS, Optional.of(new Size(3, 3)), 4))
        .isEqualTo(inspect(DatasetType.IMAGEFOLDER_CLASS, Optional.of(new Size(3, 3)), 1));
  }

  @Test
  void aSetWithoutOneReadableImageIsRefused() throws IOException {
    write("1.png", new byte[] {1, 2, 3});
    assertThatThrownBy(() -> inspect(DatasetType.IMAGEFOLDER, Optional.empty(), 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("None of the 1 images can be read (1.png: ");
  }
}
