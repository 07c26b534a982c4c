package dev.hourglass.data.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One bad thing in a folder of images does not refuse the set. */
class FolderBystandersTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"__MACOSX", "@eaDir", "lost+found", "$RECYCLE.BIN", "System Volume Information"})
  void foldersOfOperatingSystemsAreNoClasses(String junk) throws Exception {
    add("cat/1.png", "dog/1.png", junk + "/1.png", "cat/" + junk + "/2.png");
    try (ImageDataset set = FolderImages.openWithClasses(folder)) {
      assertThat(set.classNames()).containsExactly("cat", "dog");
      assertThat(set.size()).isEqualTo(2);
      assertThat(set.report().passedOver())
          .singleElement()
          .satisfies(
              group -> {
                assertThat(group.reason()).isEqualTo("left by the operating system");
                assertThat(group.names())
                    .containsExactlyInAnyOrder(junk + "/", "cat/" + junk + "/");
              });
    }
  }

  @Test
  void linksThatLoopOrLeadNowhereArePassedOver() throws Exception {
    add("cat/1.png", "dog/1.png");
    Files.createSymbolicLink(folder.resolve("cat/up"), folder);
    Files.createSymbolicLink(folder.resolve("again"), folder);
    Files.createSymbolicLink(folder.resolve("dog/gone.png"), folder.resolve("nothing"));
    try (ImageDataset set = FolderImages.openWithClasses(folder)) {
      assertThat(set.classNames()).containsExactly("cat", "dog");
      assertThat(names(set)).containsExactly("cat/1.png", "dog/1.png");
      assertThat(set.report().lines())
          .anyMatch(line -> line.startsWith("2 passed over (link that loops): "))
          .contains("1 passed over (link that leads nowhere): dog/gone.png.")
          .hasSize(2);
    }
  }

  @Test
  void linksToImagesAndFoldersAreFollowed() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path set = Files.createDirectory(folder.resolve("set"));
    TestImages.write(elsewhere.resolve("1.png"), TestImages.png(2, 2, 0));
    Files.createSymbolicLink(set.resolve("cat"), elsewhere);
    Files.createSymbolicLink(set.resolve("cat").resolve("2.png"), elsewhere.resolve("1.png"));
    try (ImageDataset images = FolderImages.openWithClasses(set)) {
      assertThat(names(images)).containsExactly("cat/1.png", "cat/2.png");
      assertThat(images.report()).isEqualTo(SetReport.NOTHING);
    }
  }

  @Test
  void filesThatNoDecoderReadsAreCountedByEndingAndNamed() throws Exception {
    add("a.png");
    for (String name :
        List.of(
            "1.avif",
            "2.AVIF",
            "x.psd",
            "noending",
            "notes.txt",
            "a.json",
            "vectors.csv",
            "README",
            "LICENSE",
            "Thumbs.db",
            ".hidden.xyz")) {
      Files.writeString(folder.resolve(name), "");
    }
    try (ImageDataset set = FolderImages.open(folder)) {
      assertThat(set.report().passedOver().stream().map(group -> group.reason() + group.count()))
          .containsExactlyInAnyOrder(
              "no decoder for .avif2",
              "no decoder for .psd1",
              "no ending1",
              "left by the operating system1");
    }
  }

  @Test
  void theFirstFewAreNamedAndTheRestCounted() {
    SetReport.Builder report = new SetReport.Builder();
    IntStream.range(0, 7).forEach(i -> report.passOver("no decoder for .psd", i + ".psd"));
    assertThat(report.build().lines())
        .containsExactly(
            "7 passed over (no decoder for .psd): 0.psd, 1.psd, 2.psd, 3.psd, 4.psd and 2 more.");
  }

  @Test
  void whereNothingIsLeftTheSentenceSaysWhatWasPassedOver() throws Exception {
    Files.writeString(folder.resolve("1.psd"), "");
    Files.writeString(folder.resolve("all.zip"), "");
    assertThatThrownBy(() -> FolderImages.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("; 1 passed over (no decoder for .psd): 1.psd")
        .hasMessageContaining("; unpack what is still packed (all.zip); correct dataset.location");
  }

  @Test
  void aClassThatWasPassedOverIsNamedWhereTheNumberOfClassesIsWrong() throws Exception {
    add("cat/1.png");
    Files.createDirectory(folder.resolve("dog"));
    assertThatThrownBy(
            () ->
                ImageDataset.open(
                    new DatasetConfig(DatasetType.IMAGEFOLDER_CLASS, "x", 2, 0.1), folder))
        .hasMessage(
            "dataset.num_classes is 2, but %s holds 1 classes (cat); 1 passed over (class folder"
                + " without images): dog/; set it to 1.",
            folder);
  }

  @Test
  void ofASetInPartsTheTrainingPartIsReadAndItsFoldersAreTheClasses() throws Exception {
    add("train/cat/1.png", "train/dog/1.png", "val/cat/2.png", "test/dog/3.png");
    Files.createDirectory(folder.resolve("train/mouse"));
    try (ImageDataset set = FolderImages.openWithClasses(folder)) {
      assertThat(names(set)).containsExactly("train/cat/1.png", "train/dog/1.png");
      assertThat(set.classNames()).containsExactly("cat", "dog");
      assertThat(set.label(1)).isEqualTo(1);
      assertThat(set.report().lines())
          .containsExactly(
              "Images from the folder train.",
              "2 passed over (not of the training set): test/dog/3.png, val/cat/2.png.",
              "1 passed over (class folder without images): train/mouse/.");
    }
    try (ImageDataset set = FolderImages.open(folder)) {
      assertThat(set.size()).isEqualTo(2);
    }
  }

  @Test
  void classesMayBeCalledTrain() throws Exception {
    add("train/1.png", "plane/1.png");
    try (ImageDataset set = FolderImages.openWithClasses(folder)) {
      assertThat(set.classNames()).containsExactly("plane", "train");
    }
  }

  @Test
  void accentsWrittenApartOrTogetherMakeTheSameClassesInTheSameOrder() throws Exception {
    assumeTrue(systemTakes("caf\u00e9"));
    add("cafe\u0301/1.png", "cafz/1.png", "zoo/1.png");
    List<String> apart = classes();
    Files.move(folder.resolve("cafe\u0301"), folder.resolve("caf\u00e9"));
    assertThat(apart).containsExactly("cafz", "caf\u00e9", "zoo").isEqualTo(classes());
  }

  /** Java cannot name such files where the locale is C. */
  private boolean systemTakes(String name) {
    try {
      return folder.resolve(name).getFileName().toString().equals(name);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private List<String> classes() {
    try (ImageDataset set = FolderImages.openWithClasses(folder)) {
      assertThat(set.label(set.size() - 1)).isEqualTo(2);
      return set.classNames();
    }
  }

  private static List<String> names(ImageDataset set) {
    return IntStream.range(0, set.size()).mapToObj(set::name).toList();
  }

  private void add(String... names) throws Exception {
    for (String name : names) {
      TestImages.write(folder.resolve(name), TestImages.png(2, 2, 0));
    }
  }
}
