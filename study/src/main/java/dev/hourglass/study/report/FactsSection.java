package dev.hourglass.study.report;

import dev.hourglass.study.plan.Budget;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.result.Provenance;
import dev.hourglass.study.statistics.StudyTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** What was run, on what and when, and how to get it again. */
final class FactsSection {

  private final StudyTable table;
  private final String command;

  FactsSection(StudyTable table, String command) {
    this.table = table;
    this.command = command;
  }

  String html() {
    Study study = table.study();
    StringBuilder rows = new StringBuilder();
    rows.append(row("cells", cells(study)));
    rows.append(row("budget of each", budget(study)));
    rows.append(row("seeds", study.seeds().stream().map(Object::toString).collect(comma())));
    rows.append(row("baseline", study.baseline()));
    rows.append(row("data", data()));
    rows.append(row("machine", told(FactsSection::machine)));
    rows.append(row("number format", told(Provenance::precision)));
    rows.append(row("Hourglass", told(FactsSection::version)));
    rows.append(row("run", dates()));
    rows.append(row("to get it again", command));
    return "<table class=\"facts\">\n%s</table>\n".formatted(rows);
  }

  private static String row(String what, String text) {
    return Html.row(List.of(what, text));
  }

  private String cells(Study study) {
    long failed = results().stream().filter(result -> result.failure().isPresent()).count();
    return "%d of %d are done (%d variants, %d seeds)%s"
        .formatted(
            table.done(),
            study.cells().size(),
            study.variants().size(),
            study.seeds().size(),
            failed == 0 ? "" : ", of which %d failed".formatted(failed));
  }

  private static String budget(Study study) {
    Budget budget = study.budget();
    return budget.seconds().isPresent()
        ? budget.text() + " of training, so the results are those of this machine and its load"
        : budget.text();
  }

  private String data() {
    return table.study().cells().stream()
        .map(cell -> cell.config().dataset().location())
        .distinct()
        .map(
            location ->
                results().stream()
                    .filter(
                        r ->
                            r.config().path("dataset").path("location").asString().equals(location))
                    .findFirst()
                    .map(r -> "%s (%s images)".formatted(location, Figures.count(r.dataSize())))
                    .orElse(location))
        .collect(comma());
  }

  private static String machine(Provenance by) {
    return "%s, %d of its cores, %d %s; %s; Java %s"
        .formatted(
            by.processor(),
            by.cores(),
            by.threads(),
            by.threads() == 1 ? "thread" : "threads",
            by.system(),
            by.java());
  }

  private static String version(Provenance by) {
    return by.commit().isEmpty()
        ? by.version()
        : "%s, commit %s".formatted(by.version(), by.commit());
  }

  private String told(Function<Provenance, String> what) {
    List<String> all = results().stream().map(CellResult::provenance).map(what).distinct().toList();
    return all.isEmpty() ? "" : String.join("; and ", all);
  }

  private String dates() {
    List<String> dates =
        results().stream().map(result -> result.provenance().date()).sorted().toList();
    return dates.isEmpty() ? "" : "%s to %s".formatted(dates.getFirst(), dates.getLast());
  }

  private List<CellResult> results() {
    List<CellResult> results = new ArrayList<>();
    table.rows().forEach(row -> results.addAll(row.results().values()));
    return results;
  }

  private static Collector<CharSequence, ?, String> comma() {
    return Collectors.joining(", ");
  }
}
