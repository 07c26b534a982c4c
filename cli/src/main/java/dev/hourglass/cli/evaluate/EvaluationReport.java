package dev.hourglass.cli.evaluate;

import dev.hourglass.cli.report.TextTable;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.evaluation.Score;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The numbers, and all that is needed to get them again.
 *
 * @param context by section: what was compared, with what, how and where
 * @param results one, or one for each cell of a sweep
 */
public record EvaluationReport(Map<String, Object> context, List<Result> results) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final String UNKNOWN = "-";

  /** Prints a table: a row for each number, or in a sweep for each cell. */
  public void print(PrintWriter out) {
    if (results.getFirst().swept().isEmpty()) {
      printScores(out);
    } else {
      printCells(out);
    }
    out.flush();
  }

  private void printScores(PrintWriter out) {
    TextTable table = new TextTable(List.of("", "value", "standard error", "by"));
    results
        .getFirst()
        .scores()
        .forEach(
            score ->
                table.add(
                    List.of(
                        score.name(),
                        digits(score.value(), score),
                        error(score),
                        score.errorMethod().isEmpty() ? UNKNOWN : score.errorMethod())));
    table.print(out);
  }

  private void printCells(PrintWriter out) {
    List<String> header = new ArrayList<>(results.getFirst().swept().keySet());
    results.getFirst().scores().forEach(score -> header.add(score.name()));
    TextTable table = new TextTable(header);
    for (Result result : results) {
      List<String> cells = new ArrayList<>(result.swept().values());
      result
          .scores()
          .forEach(score -> cells.add(digits(score.value(), score) + " +- " + error(score)));
      table.add(cells);
    }
    table.print(out);
  }

  private static String error(Score score) {
    return score.standardError().isPresent()
        ? digits(score.standardError().getAsDouble(), score)
        : UNKNOWN;
  }

  /** As many digits as two of the standard error have, between 2 and 6 behind the point; else 4. */
  private static String digits(double value, Score score) {
    double error = score.standardError().orElse(0);
    if (error == 0) {
      return String.format("%.4f", value);
    }
    int places = (int) Math.clamp(1 - Math.floor(Math.log10(error)), 2, 6);
    return String.format("%." + places + "f", value);
  }

  /** Writes all of it, atomically. */
  public void write(Path file) {
    Map<String, Object> all = new LinkedHashMap<>(context);
    all.put("results", results.stream().map(EvaluationReport::words).toList());
    AtomicFiles.writeString(file, JSON.writeValueAsString(all) + "\n");
  }

  private static Map<String, Object> words(Result result) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("settings", result.swept());
    words.put(
        "scores",
        result.scores().stream()
            .collect(
                Collectors.toMap(
                    Score::key, EvaluationReport::words, (a, b) -> a, LinkedHashMap::new)));
    return words;
  }

  private static Map<String, Object> words(Score score) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("name", score.name());
    words.put("value", score.value());
    if (score.standardError().isPresent()) {
      words.put("standard_error", score.standardError().getAsDouble());
      words.put("standard_error_by", score.errorMethod());
    }
    return words;
  }
}
