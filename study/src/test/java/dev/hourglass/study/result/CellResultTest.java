package dev.hourglass.study.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Studies;
import dev.hourglass.study.plan.Study;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellResultTest {

  @TempDir Path folder;

  @Test
  void aResultIsReadAsItWasWritten() {
    Study study = Studies.read(folder, Studies.STUDY);
    Cell cell = study.cells().getLast();
    Path file = folder.resolve("result.json");
    assertThat(CellResult.read(file)).isEmpty();
    for (CellResult result :
        new CellResult[] {
          Results.of(study, cell, 0.1 + 0.2), Results.failed(study, cell, "step 3: the loss is NaN")
        }) {
      result.write(file);
      assertThat(CellResult.read(file)).contains(result);
    }
  }

  @Test
  void aResultOfAnotherDigestIsNotTheCells() {
    Study study = Studies.read(folder, Studies.STUDY);
    Cell cell = study.cells().getFirst();
    StudyFolder studyFolder = new StudyFolder(folder.resolve("study"));
    Results.of(study, cell, 0.5).write(studyFolder.cell(cell).result());
    assertThat(studyFolder.results(study)).containsOnlyKeys(cell);
    Study changed = Studies.read(folder, Studies.STUDY.replace("\"steps\": 4", "\"steps\": 5"));
    assertThat(studyFolder.results(changed)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}", "[]", "{\"study\": 3}"})
  void aDamagedResultIsNamed(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("result.json"), text);
    assertThatThrownBy(() -> CellResult.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("result.json is damaged; delete it");
  }
}
