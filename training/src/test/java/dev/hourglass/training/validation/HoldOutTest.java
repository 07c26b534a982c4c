package dev.hourglass.training.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.training.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HoldOutTest {

  @TempDir Path runs;

  private RunFolder begun() throws IOException {
    RunFolder folder = new RunFolder(Files.createDirectories(runs.resolve("begun")));
    Files.writeString(folder.pointer(), "{}");
    return folder;
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0.1", "10%, 0.1", ".25, 0.25", "2.5%, 0.025", "1e-2, 0.01"})
  void aNumberIsAShare(String text, double share) {
    assertThat(HoldOut.of(text)).isEqualTo(new HoldOut.Share(share));
  }

  @ParameterizedTest
  @ValueSource(strings = {"data/test", "val.tar", "0.1/images", "1%/x", "."})
  void anythingElseIsAPath(String text) {
    assertThat(HoldOut.of(text)).isEqualTo(new HoldOut.Location(Path.of(text)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "2", "100%", "0%", "1e9"})
  void aShareIsAboveZeroAndBelowOne(String text) {
    assertThatThrownBy(() -> HoldOut.of(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("above 0 and below 1");
  }

  @Test
  void aRunKeepsWhatItHoldsOut() throws IOException {
    RunFolder folder = begun();
    HoldOutRecord.write(folder, new HoldOut.Share(0.1));
    assertThat(HoldOutRecord.decide(folder, Optional.empty())).contains(new HoldOut.Share(0.1));
    assertThat(HoldOutRecord.decide(folder, Optional.of(new HoldOut.Share(0.1))))
        .contains(new HoldOut.Share(0.1));
    assertThatThrownBy(() -> HoldOutRecord.decide(folder, Optional.of(new HoldOut.Share(0.2))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds out a share of 0.1 of its images");
    Optional<HoldOut> others = Optional.of(new HoldOut.Location(Path.of("test")));
    assertThatThrownBy(() -> HoldOutRecord.decide(folder, others))
        .isInstanceOf(InputException.class);
  }

  @Test
  void aRunThatTrainsOnAllImagesCanBeginToBeValidatedOnOthers() throws IOException {
    RunFolder folder = begun();
    assertThat(HoldOutRecord.decide(folder, Optional.empty())).isEmpty();
    Optional<HoldOut> others = Optional.of(new HoldOut.Location(Path.of("test")));
    assertThat(HoldOutRecord.decide(folder, others)).isEqualTo(others);
    assertThatThrownBy(() -> HoldOutRecord.decide(folder, Optional.of(new HoldOut.Share(0.2))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("trains on all of its images");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "{\"validate\": 3}", "[]"})
  void aDamagedRecordIsNamed(String text) throws IOException {
    RunFolder folder = begun();
    Files.writeString(folder.validation(), text);
    assertThatThrownBy(() -> HoldOutRecord.decide(folder, Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("validation.json is damaged");
  }
}
