package dev.hourglass.cli;

import dev.hourglass.bench.Activity;
import dev.hourglass.bench.BenchCases;
import dev.hourglass.bench.BenchResult;
import dev.hourglass.bench.Profile;
import dev.hourglass.cli.report.TextTable;
import dev.hourglass.cli.report.VariantTable;
import dev.hourglass.core.machine.Machine;
import dev.hourglass.ops.Precision;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a benchmark has found so far, for people and as JSON. */
final class BenchReport {

  /** The size that the others of the scaling series are compared with. */
  private static final String SCALING_BASE = BenchCases.SCALING + "-256";

  private static final JsonMapper JSON = new JsonMapper();

  private final Machine machine;
  private final int threads;
  private final Map<Precision, Peak> peaks = new EnumMap<>(Precision.class);
  private final List<BenchResult> results = new ArrayList<>();
  private final Map<String, Profile> profiles = new LinkedHashMap<>();

  /** GFLOP/s of our kernels' products and of libtorch's; the better is the peak. */
  private record Peak(double kernels, double libtorch) {
    double best() {
      return Math.max(kernels, libtorch);
    }
  }

  /** An empty report. */
  BenchReport(Machine machine, int threads) {
    this.machine = machine;
    this.threads = threads;
  }

  /** The GFLOP/s of our kernels' products and of libtorch's, before results in that precision. */
  void setPeak(Precision precision, double kernels, double libtorch) {
    peaks.put(precision, new Peak(kernels, libtorch));
  }

  void add(List<BenchResult> more) {
    results.addAll(more);
  }

  void addProfile(String title, Profile profile) {
    profiles.put(title, profile);
  }

  private double ofPeak(BenchResult result) {
    return result.gflops() / peaks.get(result.precision()).best();
  }

  void print(PrintWriter out) {
    out.println();
    peaks.forEach(
        (precision, peak) ->
            out.println(
                "GEMM peak, %s, %d threads: %.0f GFLOP/s (our kernels %.0f, libtorch %.0f)"
                    .formatted(
                        name(precision), threads, peak.best(), peak.kernels(), peak.libtorch())));
    out.println();
    TextTable table =
        new TextTable(
            List.of(
                "case",
                "pass",
                "kernels",
                "precision",
                "size",
                "batch",
                "ms/image",
                "median",
                "GFLOP/s",
                "of peak",
                "images/s",
                "peak memory"));
    results.forEach(result -> table.add(cells(result)));
    table.print(out);
    if (results.stream().anyMatch(r -> timeOfBase(r).isPresent())) {
      out.println();
      printScaling(out);
    }
    VariantTable variants = VariantTable.among(results);
    if (!variants.isEmpty()) {
      out.println();
      variants.print(out);
    }
    profiles.forEach((title, profile) -> printProfile(out, title, profile));
    out.flush();
  }

  private List<String> cells(BenchResult result) {
    return List.of(
        result.caseName(),
        name(result.pass()),
        result.kernels(),
        name(result.precision()),
        result.size().toString(),
        Integer.toString(result.batch()),
        milliseconds(result.secondsPerImage()),
        milliseconds(result.medianSecondsPerImage()),
        "%.1f".formatted(result.gflops()),
        percent(ofPeak(result)),
        rate(1 / result.secondsPerImage()),
        result.peakMemory().isPresent()
            ? "%,d MiB".formatted(result.peakMemory().getAsLong() >> 20)
            : "n/a");
  }

  /** As the user writes it. */
  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String percent(double share) {
    return "%.0f%%".formatted(100 * share);
  }

  /** At least three digits. */
  private static String milliseconds(double seconds) {
    double ms = 1e3 * seconds;
    return (ms < 10 ? "%.3f" : ms < 100 ? "%.2f" : "%,.1f").formatted(ms);
  }

  private static String rate(double perSecond) {
    return (perSecond < 10 ? "%.3f" : "%,.1f").formatted(perSecond);
  }

  /** Linear cost means the same time for a pixel at every size. */
  private void printScaling(PrintWriter out) {
    TextTable table =
        new TextTable(
            List.of(
                "scaling", "kernels", "precision", "MACs/pixel", "ns/pixel", "against 256x256"));
    for (BenchResult result : results) {
      OptionalDouble base = timeOfBase(result);
      if (base.isPresent()) {
        table.add(
            List.of(
                result.size().toString(),
                result.kernels(),
                name(result.precision()),
                "%,d".formatted(result.macs() / result.size().area()),
                "%,.0f".formatted(result.nanosPerPixel()),
                "%.2f".formatted(result.nanosPerPixel() / base.getAsDouble())));
      }
    }
    table.print(out);
  }

  /** Nanoseconds a pixel at 256x256, for a result of the scaling series when that was measured. */
  private OptionalDouble timeOfBase(BenchResult result) {
    if (!result.caseName().startsWith(BenchCases.SCALING + "-")) {
      return OptionalDouble.empty();
    }
    return results.stream()
        .filter(base -> base.caseName().equals(SCALING_BASE))
        .filter(base -> base.kernels().equals(result.kernels()))
        .filter(base -> base.precision() == result.precision() && base.pass() == result.pass())
        .mapToDouble(BenchResult::nanosPerPixel)
        .findFirst();
  }

  private void printProfile(PrintWriter out, String title, Profile profile) {
    out.println();
    out.println("%s: %.2f of %d threads busy".formatted(title, profile.busyThreads(), threads));
    List<String> header = new ArrayList<>(List.of("block", "all"));
    Arrays.stream(Activity.values()).map(BenchReport::name).forEach(header::add);
    TextTable table = new TextTable(header);
    profile.shares().entrySet().stream()
        .sorted(Comparator.comparingDouble(block -> -sum(block.getValue())))
        .forEach(block -> table.add(cells(block.getKey(), block.getValue())));
    table.print(out);
  }

  private static List<String> cells(String block, Map<Activity, Double> shares) {
    List<String> cells = new ArrayList<>(List.of(block, percent(sum(shares))));
    for (Activity activity : Activity.values()) {
      cells.add(shares.containsKey(activity) ? percent(shares.get(activity)) : "");
    }
    return cells;
  }

  private static double sum(Map<Activity, Double> shares) {
    return shares.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** All numbers in full. */
  String json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("hourglass", Versions.hourglass());
    root.putObject("machine")
        .put("processor", machine.processor())
        .put("cores", machine.cores())
        .put("system", machine.system())
        .put("java", machine.java())
        .put("load_average", machine.loadAverage());
    root.put("threads", threads);
    ObjectNode peakNode = root.putObject("gemm_peak");
    peaks.forEach(
        (precision, peak) ->
            peakNode
                .putObject(name(precision))
                .put("gflops", peak.best())
                .put("kernels_gflops", peak.kernels())
                .put("libtorch_gflops", peak.libtorch()));
    ArrayNode rows = root.putArray("results");
    results.forEach(result -> add(rows.addObject(), result));
    if (!profiles.isEmpty()) {
      ObjectNode node = root.putObject("profiles");
      profiles.forEach((title, profile) -> add(node.putObject(title), profile));
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private void add(ObjectNode row, BenchResult result) {
    row.put("case", result.caseName())
        .put("pass", name(result.pass()))
        .put("kernels", result.kernels())
        .put("provider", result.provider())
        .put("precision", name(result.precision()))
        .put("size", result.size().toString())
        .put("batch", result.batch())
        .put("forward_macs_per_image", result.macs())
        .put("ms_per_image", 1e3 * result.secondsPerImage())
        .put("median_ms_per_image", 1e3 * result.medianSecondsPerImage())
        .put("runs", result.seconds().size())
        .put("gflops", result.gflops())
        .put("of_peak", ofPeak(result))
        .put("images_per_second", 1 / result.secondsPerImage())
        .put("ms_per_gmac", 1e3 * result.secondsPerGigaMac())
        .put("ns_per_pixel", result.nanosPerPixel());
    timeOfBase(result)
        .ifPresent(base -> row.put("ns_per_pixel_against_256", result.nanosPerPixel() / base));
    result.ofBase().ifPresent(ratio -> row.put("ms_per_gmac_against_paper", ratio));
    result
        .peakMemory()
        .ifPresentOrElse(
            bytes -> row.put("peak_memory_bytes", bytes), () -> row.putNull("peak_memory_bytes"));
  }

  private static void add(ObjectNode node, Profile profile) {
    node.put("busy_threads", profile.busyThreads());
    ObjectNode blocks = node.putObject("shares");
    profile
        .shares()
        .forEach(
            (block, shares) -> {
              ObjectNode row = blocks.putObject(block);
              shares.forEach((activity, share) -> row.put(name(activity), share));
            });
  }
}
