package dev.hourglass.bench.serve;

import dev.hourglass.core.files.AtomicFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Results as a Markdown table, and as a JSON file. */
final class LoadReport {

  private static final String HEAD =
      """
      | clients | images/s | p50 s | p95 s | p99 s | requests | errors |
      |---:|---:|---:|---:|---:|---:|---:|
      """;

  private LoadReport() {}

  static String table(List<LoadResult> results) {
    return results.stream()
        .map(
            result ->
                String.format(
                    Locale.ROOT,
                    "| %d | %.2f | %.3f | %.3f | %.3f | %d | %d |%n",
                    result.clients(),
                    result.imagesPerSecond(),
                    result.latencies().p50(),
                    result.latencies().p95(),
                    result.latencies().p99(),
                    result.latencies().count(),
                    result.errors()))
        .collect(Collectors.joining("", HEAD, ""));
  }

  /**
   * Writes what a program found.
   *
   * @param content names and numbers, lists, maps and records of these
   */
  static void write(Path file, Map<String, ?> content) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    AtomicFiles.writeString(file, mapper.writeValueAsString(content) + "\n");
  }
}
