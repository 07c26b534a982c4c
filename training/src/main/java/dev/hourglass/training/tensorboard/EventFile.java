package dev.hourglass.training.tensorboard;

import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.core.files.WriteFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of events, one for each time that a run starts, which grows while the run trains. A killed
 * process may leave half a record at its end; readers stop there and go on with the next file.
 */
final class EventFile implements AutoCloseable {

  /** TensorBoard takes files with "tfevents" in their names, and reads them in order of names. */
  private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10})\\..*");

  private final Path path;
  private final OutputStream out;

  private EventFile(Path path) {
    this.path = path;
    try {
      this.out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Begins the file of a start. Its name comes after those of the folder's other event files, even
   * if the clock was set back or two starts share a second.
   *
   * @param step with which training begins here, from 1
   */
  static EventFile begin(Path folder, long step) {
    Instant now = Instant.now();
    long time = now.getEpochSecond();
    OptionalLong newest = newest(folder);
    if (newest.isPresent()) {
      time = Math.max(time, newest.getAsLong() + 1);
    }
    String name =
        String.format(
            Locale.ROOT,
            "events.out.tfevents.%010d.hourglass.%d",
            time,
            ProcessHandle.current().pid());
    EventFile file = new EventFile(folder.resolve(name));
    file.add(new Event(now, 0, new Event.Version()));
    file.add(new Event(now, step, new Event.Start()));
    return file;
  }

  /** The latest time in the name of an event file. */
  private static OptionalLong newest(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(1)))
          .max();
    } catch (IOException e) {
      throw ReadFailure.of(folder, e);
    }
  }

  /** Writes a record at once: a killed process loses none that it wrote. */
  void add(Event event) {
    try {
      out.write(TfRecord.of(event.encoded()));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private RuntimeException failure(IOException e) {
    return WriteFailure.of(path, e);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
