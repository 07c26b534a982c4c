package dev.hourglass.study.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTableTest {

  @TempDir Path folder;

  private RunTable table(String text) throws IOException {
    return RunTable.read(Files.writeString(folder.resolve("metrics.csv"), text));
  }

  @Test
  void columnsAreFoundByNameAndEmptyValuesWereNotMeasured() throws IOException {
    RunTable table = table("step,loss,validation_loss\n1,4,\n2,2,0.5\n3,1,\n");
    assertThat(table.steps()).isEqualTo(3);
    assertThat(table.column("loss")).containsExactly(4, 2, 1);
    assertThat(table.last("validation_loss")).isEqualTo(0.5);
    assertThat(table.has("fid")).isFalse();
    assertThatThrownBy(() -> table.column("fid"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no column fid");
  }

  @Test
  void theLastTenthOfTheStepsIsRoundedUp() throws IOException {
    StringBuilder text = new StringBuilder("step,loss\n");
    for (int step = 1; step <= 25; step++) {
      text.append(step).append(',').append(step).append('\n');
    }
    assertThat(table(text.toString()).meanOfLastTenth("loss")).isEqualTo(24);
  }

  @Test
  void theMedianIsTheMiddleOne() throws IOException {
    assertThat(table("x\n9\n1\n2\n").median("x")).isEqualTo(2);
    assertThat(table("x\n9\n1\n2\n4\n").median("x")).isEqualTo(3);
  }

  @Test
  void damagedLinesAreNamed() {
    assertThatThrownBy(() -> table("step,loss\n1,2\n2\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("damaged line, \"2\"");
    assertThatThrownBy(() -> table("step,loss\n1,x\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("damaged line, \"1,x\"");
  }
}
