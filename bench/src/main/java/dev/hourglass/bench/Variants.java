package dev.hourglass.bench;

import dev.hourglass.config.Config;
import dev.hourglass.json.JsonText;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The variants of a block (docs/variants.md), one at a time in one model, so that their times can
 * be compared with that of the paper's block.
 */
public final class Variants {

  /** What the names of all of them begin with, before a dash. */
  public static final String SERIES = "variants";

  /** The case that the others are measured against. */
  public static final String PAPER = SERIES + "-paper";

  private static final String MODEL = "cifar10.json";
  private static final int BATCH = 16;

  private static final ObjectNode CHANGES = BenchResource.json("variants.jsonc");

  private Variants() {}

  /** In the order of the file, the paper's first. */
  static List<String> names() {
    return CHANGES.propertyNames().stream().map(name -> SERIES + "-" + name).toList();
  }

  static boolean isOne(String caseName) {
    return caseName.startsWith(SERIES + "-");
  }

  /** One of them, with the paper's block for its base. */
  static BenchCase of(String name) {
    BenchCase paper = new BenchCase(PAPER, model(PAPER), BATCH, BenchCases.BOTH);
    return name.equals(PAPER)
        ? paper
        : new BenchCase(name, model(name), BATCH, BenchCases.BOTH, Optional.of(paper));
  }

  private static Workload model(String name) {
    ObjectNode config = BenchResource.json(MODEL);
    ObjectNode change = (ObjectNode) CHANGES.get(name.substring(SERIES.length() + 1));
    ((ObjectNode) config.get("model")).setAll(change);
    return new Workload.WholeModel(Config.parse(JsonText.compact(config), name));
  }
}
