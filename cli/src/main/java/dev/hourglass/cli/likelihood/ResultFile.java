package dev.hourglass.cli.likelihood;

import dev.hourglass.cli.resume.StoppedWork;
import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.core.files.WriteFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The CSV file of a measurement. Until that is complete its lines stand in {@code NAME.partial},
 * below one line of JSON that says what determines them, and a later run goes on from there.
 */
public final class ResultFile {

  private final Path target;
  private final Path partial;
  private final List<Measurement> done;

  private ResultFile(Path target, Path partial, List<Measurement> done) {
    this.target = target;
    this.partial = partial;
    this.done = done;
  }

  /**
   * Begins the file, or goes on with the one that a stopped run left behind.
   *
   * @param settings what the numbers depend on
   * @throws InputException if what was left behind was measured with other settings, or a file
   *     cannot be read or written
   */
  public static ResultFile open(Path target, Map<String, String> settings) {
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    String head = StoppedWork.line(settings);
    List<Measurement> done = new ArrayList<>();
    if (Files.exists(partial)) {
      List<String> lines = lines(partial);
      StoppedWork.requireSame(partial, "likelihood", lines.isEmpty() ? "" : lines.getFirst(), head);
      for (String line : lines.subList(1, lines.size())) {
        Optional<Measurement> measurement = Measurement.parse(line);
        if (measurement.isEmpty()) {
          break;
        }
        done.add(measurement.get());
      }
    }
    // Written again, so that half a line at the end is gone.
    AtomicFiles.writeString(
        partial,
        head + "\n" + done.stream().map(m -> m.line() + "\n").collect(Collectors.joining()));
    return new ResultFile(target, partial, done);
  }

  /** The lines that are complete. */
  private static List<String> lines(Path partial) {
    try {
      String text = new String(Files.readAllBytes(partial), StandardCharsets.UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw ReadFailure.of(partial, e);
    }
  }

  /** What is measured, in the order of the file. */
  public List<Measurement> done() {
    return List.copyOf(done);
  }

  /** Adds lines, which a later run then finds whatever happens to this one. */
  public void add(List<Measurement> measurements) {
    String text = measurements.stream().map(m -> m.line() + "\n").collect(Collectors.joining());
    try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      throw WriteFailure.of(partial, e);
    }
    done.addAll(measurements);
  }

  /** Writes the first {@code count} measurements under the real name; the measurement is over. */
  public void finish(int count) {
    List<Measurement> wanted = done.subList(0, count);
    AtomicFiles.writeString(
        target,
        Measurement.HEADER
            + "\n"
            + wanted.stream().map(m -> m.line() + "\n").collect(Collectors.joining()));
    if (count < done.size()) {
      return; // A larger -n was stopped: it may still go on.
    }
    try {
      Files.delete(partial);
    } catch (IOException e) {
      throw WriteFailure.of(partial, e);
    }
  }
}
