package dev.hourglass.training;

import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.training.folder.RunFolder;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a run came about: a JSON line for each time that training began in its folder. A record for
 * people; nothing is decided by it.
 */
final class RunHistory {

  private static final JsonMapper JSON = new JsonMapper();

  private RunHistory() {}

  static void add(RunFolder folder, RunStart start, Instant time) {
    byte[] line = (line(start, time) + "\n").getBytes(StandardCharsets.UTF_8);
    Path file = folder.history();
    AtomicFiles.write(
        file,
        temporary -> {
          try (OutputStream out = Files.newOutputStream(temporary)) {
            if (Files.exists(file)) {
              Files.copy(file, out);
            }
            out.write(line);
          }
        });
  }

  private static String line(RunStart start, Instant time) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("time", time.truncatedTo(ChronoUnit.SECONDS).toString())
            .put("step", start.state().step());
    switch (start) {
      case RunStart.Fresh fresh -> json.put("start", "new").put("seed", fresh.state().seed());
      case RunStart.FromWeights from -> json.put("start", "weights").put("file", name(from.file()));
      case RunStart.FromCheckpoint from ->
          json.put("start", "checkpoint").put("file", name(from.file()));
      case RunStart.Continued from -> json.put("start", "resumed").put("file", name(from.file()));
    }
    if (start.averageReset() == RunStart.AverageReset.NOW) {
      json.put("average_reset", true);
    }
    List<String> changes = start.classChanges();
    if (!changes.isEmpty()) {
      json.putPOJO("class_changes", changes);
    }
    return JSON.writeValueAsString(json);
  }

  private static String name(Path file) {
    return file.toAbsolutePath().normalize().toString();
  }
}
