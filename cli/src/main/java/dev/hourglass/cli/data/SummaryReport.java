package dev.hourglass.cli.data;

import dev.hourglass.cli.report.TextTable;
import dev.hourglass.config.Size;
import dev.hourglass.data.inspect.SetSummary;
import dev.hourglass.data.inspect.SetSummary.ClassCount;
import dev.hourglass.data.inspect.SetSummary.Moments;
import dev.hourglass.data.inspect.SetSummary.Range;
import dev.hourglass.data.inspect.SetSummary.SizeCount;
import dev.hourglass.data.sets.ImageDataset;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code data inspect} found, as tables for people and as JSON.
 *
 * @param size that pixels were measured at
 */
record SummaryReport(Path location, ImageDataset set, Optional<Size> size, SetSummary summary) {

  private static final JsonMapper JSON = new JsonMapper();

  /** How much of a list people are shown. */
  private static final int SHOWN = 10;

  private static final int SHOWN_CLASSES = 40;

  void print(PrintWriter out) {
    out.println();
    out.println(
        "%,d images%s%s%s."
            .formatted(
                summary.images(),
                clause(summary.gray(), "in gray"),
                clause(summary.turned(), "turned upright"),
                clause(summary.broken().size(), "more broken")));
    printBroken(out);
    printClasses(out);
    printSizes(out);
    printPixels(out);
    printDuplicates(out);
  }

  private static String clause(int count, String what) {
    return count == 0 ? "" : ", %,d %s".formatted(count, what);
  }

  private void printBroken(PrintWriter out) {
    summary.broken().entrySet().stream()
        .limit(SHOWN)
        .forEach(e -> out.println("  broken: %s: %s".formatted(e.getKey(), e.getValue())));
    printMore(out, summary.broken().size(), SHOWN, "broken files");
  }

  private static void printMore(PrintWriter out, int count, int shown, String what) {
    if (count > shown) {
      out.println("  and %,d more %s (--json FILE lists all)".formatted(count - shown, what));
    }
  }

  private void printClasses(PrintWriter out) {
    List<ClassCount> classes = summary.classes();
    if (classes.isEmpty()) {
      return;
    }
    out.println();
    TextTable table = new TextTable(List.of("class", "number", "images", "share"));
    for (int c = 0; c < Math.min(classes.size(), SHOWN_CLASSES); c++) {
      ClassCount count = classes.get(c);
      table.add(
          List.of(
              count.name(),
              Integer.toString(c),
              "%,d".formatted(count.images()),
              "%.1f%%".formatted(100.0 * count.images() / summary.images())));
    }
    table.print(out);
    printMore(out, classes.size(), SHOWN_CLASSES, "classes");
  }

  private void printSizes(PrintWriter out) {
    out.println();
    SetSummary.Sizes sizes = summary.sizes();
    if (sizes.different() == 1) {
      out.println("All are %s pixels.".formatted(sizes.mostFrequent().getFirst().size()));
    } else {
      out.println("%,d sizes, height x width:".formatted(sizes.different()));
      TextTable table = new TextTable(List.of("side", "smallest", "median", "largest"));
      table.add(row("height", sizes.height()));
      table.add(row("width", sizes.width()));
      table.print(out);
      out.println(
          "Most frequent: %s."
              .formatted(
                  sizes.mostFrequent().stream()
                      .map(count -> "%s (%,d)".formatted(count.size(), count.images()))
                      .collect(Collectors.joining(", "))));
    }
    if (sizes.enlarged() > 0) {
      out.println(
          "%,d images are smaller than %s on a side, and are enlarged for it."
              .formatted(sizes.enlarged(), size.orElseThrow()));
    }
  }

  private static List<String> row(String side, Range range) {
    return Stream.concat(
            Stream.of(side),
            Stream.of(range.smallest(), range.median(), range.largest()).map(Object::toString))
        .toList();
  }

  private void printPixels(PrintWriter out) {
    out.println();
    out.println(
        size.map("Pixels in [-1, 1], at %s:"::formatted).orElse("Pixels in [-1, 1], as they are:"));
    TextTable table = new TextTable(List.of("channel", "mean", "deviation"));
    (summary.pixels().size() == 1
            ? summary.pixels().stream()
            : Stream.concat(summary.pixels().stream(), Stream.of(summary.together())))
        .forEach(
            moments ->
                table.add(
                    List.of(
                        moments.channel(), number(moments.mean()), number(moments.deviation()))));
    table.print(out);
    out.println(
        "\"sigma_data\": %s is the deviation of all pixels about their mean; the paper uses 0.5."
            .formatted(number(summary.sigmaData())));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private void printDuplicates(PrintWriter out) {
    List<List<String>> groups = summary.duplicates();
    out.println();
    if (groups.isEmpty()) {
      out.println("No two images have the same pixels.");
      return;
    }
    out.println(
        "%,d images repeat the pixels of another, in %,d groups%s:"
            .formatted(
                summary.repeated(),
                groups.size(),
                summary.duplicatesAcrossClasses() == 0
                    ? ""
                    : ", %,d of them across classes".formatted(summary.duplicatesAcrossClasses())));
    groups.stream().limit(SHOWN).forEach(group -> out.println("  " + String.join(" = ", group)));
    printMore(out, groups.size(), SHOWN, "groups");
  }

  /** All of it. */
  String json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("location", location.toString());
    size.ifPresent(s -> root.put("measured_at", s.toString()));
    root.put("images", summary.images());
    root.put("gray", summary.gray());
    root.put("turned_upright", summary.turned());
    ObjectNode broken = root.putObject("broken");
    summary.broken().forEach(broken::put);
    ArrayNode passedOver = root.putArray("passed_over");
    set.report()
        .passedOver()
        .forEach(
            group ->
                passedOver
                    .addObject()
                    .put("reason", group.reason())
                    .put("count", group.count())
                    .set("first", JSON.valueToTree(group.names())));
    ArrayNode classes = root.putArray("classes");
    summary
        .classes()
        .forEach(
            count -> classes.addObject().put("name", count.name()).put("images", count.images()));
    addSizes(root.putObject("sizes"));
    ObjectNode pixels = root.putObject("pixels");
    summary.pixels().forEach(moments -> add(pixels, moments));
    add(pixels, summary.together());
    root.put("sigma_data", summary.sigmaData());
    root.put("duplicates_across_classes", summary.duplicatesAcrossClasses());
    root.set("duplicates", JSON.valueToTree(summary.duplicates()));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private void addSizes(ObjectNode node) {
    SetSummary.Sizes sizes = summary.sizes();
    node.put("different", sizes.different());
    node.set("height", JSON.valueToTree(sizes.height()));
    node.set("width", JSON.valueToTree(sizes.width()));
    node.put("enlarged", sizes.enlarged());
    ArrayNode frequent = node.putArray("most_frequent");
    for (SizeCount count : sizes.mostFrequent()) {
      frequent
          .addObject()
          .put("height", count.size().height())
          .put("width", count.size().width())
          .put("images", count.images());
    }
  }

  private static void add(ObjectNode pixels, Moments moments) {
    pixels
        .putObject(moments.channel())
        .put("mean", moments.mean())
        .put("deviation", moments.deviation());
  }
}
