package dev.hourglass.study.plan;

import dev.hourglass.config.ConfigFile;
import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import dev.hourglass.ops.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a study file. */
final class StudyReader {

  private static final long MOST_SEEDS = 1000;

  private final ObjectNode source;
  private final JsonSection root;
  private final String stem;
  private final Places places;

  /**
   * @param stem the study's name if it gives none
   */
  StudyReader(ObjectNode source, String stem, Places places) {
    this.source = source.deepCopy();
    this.root = new JsonSection("", this.source);
    this.stem = stem;
    this.places = places;
  }

  Study read() {
    root.allow(StudyKeys.STUDY);
    source.put("name", name());
    source.set("base", base());
    Precision precision = precision();
    Budget budget = Budget.read(root.section("budget"));
    List<Long> seeds = seeds();
    List<Metric> metrics = Metric.read(root, "metrics");
    Samples samples = Samples.read(root.sectionOrEmpty("samples"));
    Optional<Validation> validation = Validation.read(root);
    if (metrics.contains(Metric.VALIDATION_LOSS) && validation.isEmpty()) {
      throw new InputException(
          "The metric %s needs images that are held out; give validate, such as 0.1."
              .formatted(Metric.VALIDATION_LOSS.jsonName()));
    }
    List<Variant> variants = variants();
    Evaluation evaluation = Evaluation.read(root.sectionOrEmpty(Evaluation.KEY));
    CellMaker maker = new CellMaker(source, budget, samples, evaluation);
    List<Cell> cells = new ArrayList<>();
    for (long seed : seeds) {
      variants.forEach(variant -> cells.add(maker.cell(variant, seed)));
    }
    return new Study(
        name(),
        budget,
        precision,
        seeds,
        metrics,
        samples,
        evaluation,
        validation,
        variants,
        baseline(variants),
        cells,
        root.bool("keep", false),
        source);
  }

  private String name() {
    String name = root.string("name", stem);
    if (!name.matches("[\\w-][\\w.-]*")) {
      throw new InputException(
          "The study's name \"%s\" must consist of letters, digits, '-', '_' and '.'; give another by the key name."
              .formatted(name));
    }
    return name;
  }

  /** The config that the key names or holds, not yet checked. */
  private ObjectNode base() {
    JsonNode base = root.node("base");
    if (base instanceof ObjectNode object) {
      return object;
    }
    Path file = places.find(root.string("base"));
    String text = ConfigFile.read(file, "config");
    try {
      return JsonText.parseObject(text);
    } catch (InputException e) {
      throw new InputException("base: " + file + ": " + e.getMessage(), e);
    }
  }

  private Precision precision() {
    List<String> names = List.of("auto", "fp32", "bf16");
    return Precision.valueOf(root.oneOf("precision", names, "auto").toUpperCase(Locale.ROOT));
  }

  /** {@code 3} stands for 0, 1, 2; {@code [7, 8]} for themselves. */
  private List<Long> seeds() {
    JsonNode node = root.node("seeds");
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      long count = node.longValue();
      if (count < 1 || count > MOST_SEEDS) {
        throw new InputException(
            "seeds is %d; give 1 to %d seeds, 3 or more for intervals."
                .formatted(count, MOST_SEEDS));
      }
      return LongStream.range(0, count).boxed().toList();
    }
    if (!(node instanceof ArrayNode list) || list.isEmpty()) {
      throw new InputException(
          "seeds is %s; give their number, or a list of at least one."
              .formatted(JsonText.render(node)));
    }
    Set<Long> seeds = new LinkedHashSet<>();
    for (JsonNode seed : list) {
      if (!seed.isIntegralNumber() || !seed.canConvertToLong() || !seeds.add(seed.longValue())) {
        throw new InputException(
            "seeds is %s; give integers, each once.".formatted(JsonText.render(node)));
      }
    }
    return List.copyOf(seeds);
  }

  private List<Variant> variants() {
    List<Variant> variants = new ArrayList<>();
    if (root.has("variants")) {
      root.section("variants");
      for (Map.Entry<String, JsonNode> entry : source.get("variants").properties()) {
        if (!(entry.getValue() instanceof ObjectNode overlay)) {
          throw new InputException(
              "variants.%s is %s; give an overlay in braces, {} for the base itself."
                  .formatted(entry.getKey(), JsonText.render(entry.getValue())));
        }
        variants.add(new Variant(entry.getKey(), overlay));
      }
    }
    if (root.has("grids")) {
      root.section("grids");
      variants.addAll(Grid.variants((ObjectNode) source.get("grids")));
    }
    if (variants.isEmpty()) {
      throw new InputException("There is no variant; give some by the keys variants or grids.");
    }
    requireApart(variants);
    return variants;
  }

  /** Names are folders, also where capitals make no difference. */
  private static void requireApart(List<Variant> variants) {
    Map<String, String> seen = new HashMap<>();
    for (Variant variant : variants) {
      String other = seen.put(variant.name().toLowerCase(Locale.ROOT), variant.name());
      if (other != null) {
        throw new InputException(
            "Two variants have overlapping names, %s and %s; rename one of them."
                .formatted(other, variant.name()));
      }
    }
  }

  /** The first variant if the file does not say. */
  private String baseline(List<Variant> variants) {
    List<String> names = variants.stream().map(Variant::name).toList();
    String baseline = root.string("baseline", names.getFirst());
    if (!names.contains(baseline)) {
      throw new InputException(
          "baseline is \"%s\", which is no variant; %s"
              .formatted(baseline, Spelling.advice(baseline, names, "choose one of")));
    }
    return baseline;
  }
}
