package dev.hourglass.data.sets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which label belongs to which image of a tar file, and how labels may be written. */
class TarLabelsTest {

  private static final byte[] RED = TestImages.png(2, 3, 0xFF0000);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"3", " 3\r\n", "+3", "03", "3.0", "3.", "\uFEFF3\r\n"})
  void aNumberMayBeWrittenInManyWays(String label) throws Exception {
    write("1.png", RED, "1.cls", text(label));
    assertThat(images(0)).containsExactly("1.png=3");
  }

  @Test
  void labelsInUtf16AreRead() throws Exception {
    write("1.png", RED, "1.cls", "\uFEFF3".getBytes(UTF_16LE));
    assertThat(images(0)).containsExactly("1.png=3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4000000000", "99999999999999999999"})
  void aNumberThatIsNoClassIsRefused(String label) throws Exception {
    write("1.png", RED, "1.cls", text(label));
    refuses(
        folder.resolve("a.tar")
            + "#1.cls holds "
            + label
            + ", which is no number of a class: they count from 0; correct it.");
  }

  @Test
  void aNumberAboveThatOfAnyClassIsRefused() throws Exception {
    write("1.png", RED, "1.cls", text("99999999"));
    refuses(
        "a.tar#1.png has the label 99999999, which is no number of a class: they count from 0;"
            + " correct it, or name the classes in classes.txt.");
  }

  @Test
  void bytesThatAreNoTextAreShownAsBytes() throws Exception {
    write("1.png", RED, "1.cls", new byte[] {1, 0});
    refuses(
        folder.resolve("a.tar")
            + "#1.cls should hold the number of a class, but holds \"\\x01\\x00\"; write 0, 1, 2"
            + " and so on, or the names of all classes into classes.txt, one a line.");
  }

  @Test
  void anEmptyLabelIsRefused() throws Exception {
    write("1.png", RED, "1.cls", text("\n"));
    refuses(
        folder.resolve("a.tar")
            + "#1.cls is empty and should hold the number of a class; write 0, 1, 2 and so on.");
  }

  @Test
  void namesAreFoundInClassesTxt() throws Exception {
    write(
        "1.png",
        RED,
        "1.cls",
        text("dog"),
        "2.png",
        RED,
        "2.cls",
        text("0"),
        "classes.txt",
        text("\uFEFFcat\r\n\r\ndog\r\n"));
    assertThat(images(0)).containsExactly("1.png=1", "2.png=0");
    try (ImageDataset set = TarImages.open(folder, 0)) {
      assertThat(set.classNames()).containsExactly("cat", "dog");
    }
  }

  @Test
  void namesInLatin1AreRead() throws Exception {
    write("1.png", RED, "1.cls", text("0"), "classes.txt", "café".getBytes(ISO_8859_1));
    try (ImageDataset set = TarImages.open(folder, 0)) {
      assertThat(set.classNames()).containsExactly("café");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"label\": 1}",
        "{\"caption\": \"x\", \"class\": \"1\"}",
        "{\"cls\": 1.0, \"class\": null}",
        "1"
      })
  void jsonMayHoldTheLabel(String json) throws Exception {
    write("1.png", RED, "1.json", text(json));
    assertThat(images(2)).containsExactly("1.png=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"caption\": \"a cat\"}", "{\"label\": [1]}", "{\"label\"", ""})
  void otherJsonIsNoLabelAndTheSentenceSaysWhatWouldBe(String json) throws Exception {
    write("1.png", RED, "1.json", text(json));
    assertThatThrownBy(
            () -> ImageDataset.open(new DatasetConfig(DatasetType.TAR, "x", 2, 0.1), folder))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "dataset.num_classes is 2, but the images in %s have no labels; set it to 0, or put an"
                + " entry NAME.cls with the number of the class, or NAME.json with {\"label\":"
                + " number}, beside each image.",
            folder);
  }

  @Test
  void withoutClassesJsonIsNotLookedAt() throws Exception {
    write("1.png", RED, "1.json", text("{\"label\": 4000000000}"));
    assertThat(images(0)).containsExactly("1.png=-1");
  }

  @Test
  void clsIsSurerThanJson() throws Exception {
    write("1.json", text("{\"label\": 0}"), "1.png", RED, "1.cls", text("1"));
    assertThat(images(2)).containsExactly("1.png=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cls.txt", "cls.json", "CLS", "target.cls"})
  void otherEndingsOfTheSameKeyAreLabelsToo(String ending) throws Exception {
    write("a.input.png", RED, "a." + ending, text("1"), "b.png", RED, "b." + ending, text("0"));
    assertThat(images(2)).containsExactly("a.input.png=1", "b.png=0");
  }

  @Test
  void keysMayHoldDots() throws Exception {
    write(
        "1.5.png",
        RED,
        "1.5.cls",
        text("5"),
        "1.png",
        RED,
        "1.cls",
        text("1"),
        "22.05.a.png",
        RED,
        "22.05.b.png",
        RED,
        "22.05.b.cls",
        text("3"),
        "22.05.a.cls",
        text("2"));
    assertThat(images(0)).containsExactly("1.5.png=5", "1.png=1", "22.05.a.png=2", "22.05.b.png=3");
  }

  @Test
  void anImagesOwnLabelIsNotThatOfItsNeighbour() throws Exception {
    write("22.05.a.png", RED, "22.05.b.png", RED, "22.05.b.cls", text("3"));
    refuses(
        "1 of 2 images have no label, a.tar#22.05.a.png among them; add a .cls entry for each"
            + " image, or for none.");
  }

  @Test
  void masksBesideAnImageAreNoImagesOfTheirOwn() throws Exception {
    write("a.seg.png", RED, "a.jpg", RED, "a.cls", text("1"), "b.jpg", RED, "b.cls", text("0"));
    assertThat(images(0)).containsExactly("a.jpg=1", "b.jpg=0");
    try (ImageDataset set = TarImages.open(folder, 0)) {
      assertThat(set.report().lines())
          .contains("1 passed over (beside the image of the same sample): a.tar#a.seg.png.");
    }
  }

  @Test
  void theSameNameAgainIsAnImageOfItsOwn() throws Exception {
    write("a.png", RED, "a.cls", text("0"), "a.png", RED, "a.cls", text("1"));
    assertThat(images(0)).containsExactly("a.png=0", "a.png=1");
  }

  @Test
  void classesWithoutImagesAreNamed() throws Exception {
    write("a.png", RED, "a.cls", text("1"), "b.png", RED, "b.cls", text("2"));
    try (ImageDataset set = TarImages.open(folder, 0)) {
      assertThat(set.report().lines()).contains("1 of 3 classes have no images: 0.");
    }
  }

  private List<String> images(int numClasses) {
    try (ImageDataset set = TarImages.open(folder, numClasses)) {
      return IntStream.range(0, set.size())
          .mapToObj(i -> set.name(i).substring("a.tar#".length()) + "=" + set.label(i))
          .toList();
    }
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> TarImages.open(folder, 0))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  private void write(Object... namesAndContents) throws Exception {
    Files.write(folder.resolve("a.tar"), TestImages.tar(namesAndContents));
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }
}
