package dev.hourglass.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.training.tensorboard.Event.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {

  @TempDir Path folder;

  private static Event loss(long step) {
    return new Event(
        Instant.now(), step, new Event.Scalars(List.of(new Scalar("loss", step / 8.0))));
  }

  private void write(long... steps) {
    try (EventFile file = EventFile.begin(folder, steps[0])) {
      Arrays.stream(steps).forEach(step -> file.add(loss(step)));
    }
  }

  @Test
  void aFileBeginsWithItsVersionAndTheStepAtWhichTrainingBegins() throws IOException {
    write(4);
    var events = EventReader.events(EventReader.files(folder).getFirst());
    assertThat(EventReader.text(events.get(0), 3)).isEqualTo("brain.Event:2");
    assertThat(EventReader.number(events.get(1), 2)).isEqualTo(4);
    assertThat(events.get(1).hasField(7)).isTrue();
  }

  @Test
  void anEventCanBeReadAsSoonAsItIsAdded() throws IOException {
    try (EventFile file = EventFile.begin(folder, 1)) {
      file.add(loss(1));
      assertThat(EventReader.shown(folder).steps("loss")).containsExactly(1L);
      file.add(loss(2));
      assertThat(EventReader.shown(folder).steps("loss")).containsExactly(1L, 2L);
    }
  }

  @Test
  void stepsThatAreDoneAgainAreShownOnceWhereverTheFirstFileBreaksOff() throws IOException {
    write(1, 2, 3, 4, 5, 6);
    Path first = EventReader.files(folder).getFirst();
    byte[] whole = Files.readAllBytes(first);
    write(5, 6, 7);
    for (int length = 0; length <= whole.length; length++) {
      Files.write(first, Arrays.copyOf(whole, length));
      int read = EventReader.events(first).size() - 2; // less version and start
      assertThat(EventReader.shown(folder).steps("loss"))
          .hasSize(Math.clamp(read, 0, 4) + 3)
          .isSorted()
          .endsWith(5L, 6L, 7L);
    }
  }

  /** TensorBoard reads them in order of names, so that order must be that of the starts. */
  @Test
  void filesOfOneSecondAndOfAClockSetBackAreReadInTheOrderOfTheirStarts() throws IOException {
    long ahead = Instant.now().getEpochSecond() + 3600;
    Path other = folder.resolve("events.out.tfevents." + ahead + ".elsewhere.99");
    Files.createFile(other);
    Files.createFile(folder.resolve("events.out.tfevents.mine"));
    write(1, 2, 3);
    write(3, 4);
    write(2);
    assertThat(EventReader.files(folder)).hasSize(5);
    assertThat(EventReader.files(folder).getFirst()).isEqualTo(other);
    assertThat(EventReader.shown(folder).steps("loss")).containsExactly(1L, 2L);
  }

  @Test
  void aFolderThatDoesNotTakeTheFileIsNamedInOneSentence() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> EventFile.begin(missing, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(missing.toString());
  }
}
