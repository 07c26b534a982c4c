package dev.hourglass.bench;

import dev.hourglass.config.Config;
import dev.hourglass.config.Size;
import dev.hourglass.config.cost.GrownModel;
import dev.hourglass.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * What resolution costs: an hourglass as the paper has it, one with global attention at all levels,
 * and a flat transformer, from 64 to 2048 pixels a side. The hourglasses get one more outer level
 * for each doubling, as in the paper.
 */
public final class Resolutions {

  /** What the names of all of them begin with, before a dash. */
  public static final String SERIES = "resolution";

  private static final int SMALLEST = 64;
  private static final int LARGEST = 2048;

  /** Beyond this, a step of global attention at the outer level takes many minutes. */
  private static final int LARGEST_GLOBAL_STEP = 512;

  private static final int LARGEST_GLOBAL = 1024;

  private static final ObjectNode MODELS = BenchResource.json("resolution.jsonc");

  private Resolutions() {}

  /** {@code resolution-hourglass-64} and so on, model by model. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (String model : MODELS.propertyNames()) {
      int largest = hasLinearCost(model) ? LARGEST : LARGEST_GLOBAL;
      for (int side = SMALLEST; side <= largest; side *= 2) {
        names.add("%s-%s-%d".formatted(SERIES, model, side));
      }
    }
    return names;
  }

  private static boolean hasLinearCost(String model) {
    return model.equals("hourglass");
  }

  static boolean isOne(String caseName) {
    return names().contains(caseName);
  }

  static BenchCase of(String name) {
    String[] parts = name.split("-");
    int side = Integer.parseInt(parts[2]);
    boolean trained = hasLinearCost(parts[1]) || side <= LARGEST_GLOBAL_STEP;
    return new BenchCase(
        name, model(parts[1], side), 1, trained ? BenchCases.BOTH : Set.of(Pass.FORWARD));
  }

  private static Workload model(String name, int side) {
    ObjectNode config = BenchResource.json("scaling.json");
    ObjectNode model = (ObjectNode) config.get("model");
    model.setAll((ObjectNode) MODELS.get(name));
    model.putArray("input_size").add(SMALLEST).add(SMALLEST);
    Config base = Config.parse(JsonText.compact(config), name);
    Size size = Size.square(side);
    return name.equals("flat")
        ? new Workload.WholeModel(base).at(size)
        : new Workload.WholeModel(
            new Config(
                GrownModel.of(base.model(), size),
                base.dataset(),
                base.optimizer(),
                base.lrSchedule(),
                base.emaSchedule()));
  }
}
