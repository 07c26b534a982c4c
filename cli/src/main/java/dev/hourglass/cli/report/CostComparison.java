package dev.hourglass.cli.report;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.config.cost.GrownModel;
import dev.hourglass.config.cost.LevelCost;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.core.InputException;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What several models cost at several sizes.
 *
 * @param batchSize images at once, for MACs and activations
 * @param grow whether models get outer levels with the size, see {@link GrownModel}
 */
public record CostComparison(List<Compared> models, List<Size> sizes, int batchSize, boolean grow) {

  private static final JsonMapper JSON = new JsonMapper();

  /** As many columns as a wide terminal holds; further models follow in another table. */
  private static final int MOST_COLUMNS = 6;

  private static final String NO_FIT = "does not fit";

  /**
   * One of the models.
   *
   * @param file where it is from
   */
  public record Compared(String name, String file, ModelConfig model) {}

  /** The cost at a size, or the sentence that says why the model does not work there. */
  sealed interface Outcome {
    record Fits(ModelCost cost) implements Outcome {}

    record DoesNotFit(String reason) implements Outcome {}

    /** A cell of the table. */
    default String cell(Function<ModelCost, String> format) {
      return switch (this) {
        case Fits(ModelCost cost) -> format.apply(cost);
        case DoesNotFit _ -> NO_FIT;
      };
    }
  }

  /** Copies the lists. */
  public CostComparison {
    models = List.copyOf(models);
    sizes = List.copyOf(sizes);
  }

  Outcome outcome(Compared compared, Size size) {
    ModelConfig model;
    try {
      model = grow ? GrownModel.of(compared.model, size) : compared.model;
      model.requireSize(size);
    } catch (InputException e) {
      return new Outcome.DoesNotFit(e.getMessage());
    }
    return new Outcome.Fits(ModelCost.of(model, size));
  }

  /** Prints a column for each model. */
  public void print(PrintWriter out) {
    for (int from = 0; from < models.size(); from += MOST_COLUMNS) {
      if (from > 0) {
        out.println();
      }
      print(out, models.subList(from, Math.min(models.size(), from + MOST_COLUMNS)));
    }
    out.println();
    out.println(
        "GMACs of a forward pass, activations kept for the backward pass; batch of %d"
            .formatted(batchSize));
  }

  private void print(PrintWriter out, List<Compared> columns) {
    TextTable table = new TextTable(row("", columns, Compared::name));
    if (grow) {
      addSizes(table, "parameters", columns, cost -> "%,d".formatted(cost.parameters()));
    } else {
      table.add(row("parameters", columns, this::parameters));
    }
    addSizes(table, "GMACs", columns, cost -> CostReport.gmacs(cost.macs(), batchSize));
    addSizes(table, "attention", columns, cost -> "%.1f%%".formatted(100 * attentionShare(cost)));
    addSizes(
        table,
        "activations",
        columns,
        cost -> CostReport.memory(cost.activationBytes(), batchSize));
    table.print(out);
  }

  private void addSizes(
      TextTable table, String what, List<Compared> columns, Function<ModelCost, String> format) {
    for (Size size : sizes) {
      table.add(
          row(what + " at " + size, columns, compared -> outcome(compared, size).cell(format)));
    }
  }

  private static List<String> row(
      String name, List<Compared> columns, Function<Compared, String> cell) {
    return Stream.concat(Stream.of(name), columns.stream().map(cell)).toList();
  }

  /** They do not depend on the size of the images. */
  private String parameters(Compared compared) {
    return "%,d".formatted(ModelCost.of(compared.model, compared.model.inputSize()).parameters());
  }

  private static double attentionShare(ModelCost cost) {
    return (double) attentionMacs(cost) / cost.macs();
  }

  private static long attentionMacs(ModelCost cost) {
    return cost.levels().stream().mapToLong(LevelCost::attentionMacs).sum();
  }

  /** All numbers in full; MACs and bytes are those of the whole batch. */
  public String json() {
    ObjectNode root = JSON.createObjectNode().put("batch_size", batchSize).put("grow", grow);
    ArrayNode rows = root.putArray("models");
    for (Compared compared : models) {
      ObjectNode row = rows.addObject().put("name", compared.name).put("file", compared.file);
      ArrayNode costs = row.putArray("costs");
      sizes.forEach(size -> add(costs.addObject(), compared, size));
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  private void add(ObjectNode node, Compared compared, Size size) {
    node.put("size", size.toString());
    switch (outcome(compared, size)) {
      case Outcome.Fits(ModelCost cost) ->
          node.put("parameters", cost.parameters())
              .put("macs", CostReport.ofBatch(cost.macs(), batchSize))
              .put("attention_macs", CostReport.ofBatch(attentionMacs(cost), batchSize))
              .put("activation_bytes", CostReport.ofBatch(cost.activationBytes(), batchSize));
      case Outcome.DoesNotFit(String reason) -> node.put("does_not_fit", reason);
    }
  }
}
