package dev.hourglass.data.sets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.data.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetFilesTest {

  @TempDir private Path folder;

  private final SetReport.Builder report = new SetReport.Builder();

  @Test
  void aFileIsTheSet() throws Exception {
    add("test.tar");
    assertThat(SetFiles.find(folder.resolve("test.tar"), name -> true, report))
        .containsExactly(folder.resolve("test.tar"));
  }

  @Test
  void theTrainingSetComesBeforeAllOthersWhateverTheOrderOfNames() throws Exception {
    add("emnist-test.tar", "emnist-train-0.tar", "emnist-train-1.tar", "validation.tar", "a.tar");
    assertThat(chosen()).containsExactly("emnist-train-0.tar", "emnist-train-1.tar");
    assertThat(said())
        .containsExactly(
            "2 passed over (test or validation set): emnist-test.tar, validation.tar.",
            "1 passed over (not of the training set): a.tar.");
  }

  @Test
  void withoutATrainingSetTheOneThatIsNoTestSetIsTaken() throws Exception {
    add("data.tar", "data-test.tar");
    assertThat(chosen()).containsExactly("data.tar");
  }

  @Test
  void aTestSetAloneIsReadAndSaid() throws Exception {
    add("t10k.tar");
    assertThat(chosen()).containsExactly("t10k.tar");
    assertThat(said())
        .containsExactly("There is no training set, so the test or validation set is read.");
  }

  @Test
  void wordsCountNotPartsOfWords() throws Exception {
    add("contest.tar", "latest.tar", "devices.tar");
    assertThat(chosen()).hasSize(3);
  }

  @Test
  void foldersAreLookedIntoTwoDeepAndTheirNamesCount() throws Exception {
    add("MNIST/raw/x.tar", "train2017/x.tar", "val2017/x.tar");
    assertThat(chosen()).containsExactly("train2017/x.tar");
    Files.delete(folder.resolve("train2017/x.tar"));
    assertThat(chosen()).containsExactly("MNIST/raw/x.tar");
    add("x.tar");
    assertThat(chosen()).containsExactly("x.tar");
  }

  @Test
  void copiesAndPackedFormsAreReadOnce() throws Exception {
    add("a (1).tar", "a.tar", "a.tar.gz", "b.tgz", "c (2).tar");
    assertThat(chosen()).containsExactly("a.tar", "b.tgz", "c (2).tar");
    assertThat(said())
        .containsExactly(
            "1 passed over (copy of a.tar): a (1).tar.",
            "1 passed over (packed form of a.tar): a.tar.gz.");
  }

  @Test
  void hiddenFilesJunkAndLinksToNothingAreLeftOut() throws Exception {
    add(".a.tar", "__MACOSX/b.tar", "lost+found/c.tar", "d.tar");
    Files.createSymbolicLink(folder.resolve("e.tar"), folder.resolve("gone"));
    assertThat(chosen()).containsExactly("d.tar");
  }

  @Test
  void theTopFoldersOfASetInPartsBearNoOtherNames() {
    assertThat(Part.trainingFolders(List.of("Train", "val", "test"))).containsExactly("Train");
    assertThat(Part.trainingFolders(List.of("train", "plane"))).hasSize(2);
    assertThat(Part.trainingFolders(List.of("test", "val"))).hasSize(2);
    assertThat(Part.trainingFolders(List.of("train", ""))).hasSize(2);
  }

  private List<String> chosen() {
    return SetFiles.find(folder, name -> name.matches(".*\\.(tar|tgz|tar\\.gz)"), report).stream()
        .map(file -> SetFiles.relative(folder, file))
        .toList();
  }

  private List<String> said() {
    return report.build().lines();
  }

  private void add(String... names) throws Exception {
    for (String name : names) {
      TestImages.write(folder.resolve(name), new byte[] {1});
    }
  }
}
