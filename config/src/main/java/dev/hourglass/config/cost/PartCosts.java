package dev.hourglass.config.cost;

import dev.hourglass.architecture.Hourglass;
import dev.hourglass.architecture.LayerForm;
import dev.hourglass.architecture.Level;
import dev.hourglass.architecture.MappingNetwork;
import dev.hourglass.architecture.Stack;
import dev.hourglass.architecture.primitive.Cost;
import dev.hourglass.architecture.primitive.Ledger;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Shape;
import dev.hourglass.config.Size;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of the cost table: each part of the network is walked once on the shapes it works on.
 */
record PartCosts(Hourglass network) {

  /** All layers of a level; they cost the same. */
  LevelCost level(int index, Size grid) {
    boolean outer = index < network.levels().size();
    Stack stack = outer ? network.levels().get(index).down() : network.middle();
    LayerForm form = stack.form();
    int layers = outer ? 2 * stack.layers() : stack.layers();
    Cost cost = cost(form.layer(0, 0), tokens(grid, form.width())).times(layers);
    return new LevelCost(
        index,
        grid,
        form.width(),
        form.attention().heads(form.width()),
        layers,
        cost.parameters(),
        cost.macs(),
        cost.attentionMacs(),
        cost.activationBytes());
  }

  /** What is around the layers. */
  List<PartCost> around(int channels, Size image, List<LevelCost> levels) {
    List<PartCost> parts = new ArrayList<>();
    parts.add(PartCost.of("patch_in", cost(network.embedding(), tokens(image, channels))));
    parts.add(PartCost.of("mapping", mapping()));
    for (int i = 0; i < network.levels().size(); i++) {
      Cost merge = cost(network.levels().get(i).merge(), tokens(levels.get(i)));
      parts.add(PartCost.of("merges." + i, merge));
    }
    for (int i = 0; i < network.levels().size(); i++) {
      Level level = network.levels().get(i);
      Ledger ledger = ledger();
      ledger.join(level.join(), tokens(levels.get(i)), tokens(levels.get(i + 1)));
      parts.add(PartCost.of("splits." + i, ledger.cost()));
    }
    Shape last = tokens(levels.getFirst());
    Cost out = cost(network.outNorm(), last).plus(cost(network.patchOut(), last));
    parts.add(PartCost.of("patch_out", out));
    return parts;
  }

  private Cost mapping() {
    MappingNetwork mapping = network.mapping();
    Ledger rest = ledger();
    mapping.withDepth(0).apply(rest, mapping.inputShapes());
    Cost blocks = cost(mapping.firstBlock(), Shape.of(mapping.width())).times(mapping.depth());
    // The first and the last norm keep their output, too: the vector of each step.
    Cost outputs = new Cost(0, 0, 0, 2L * Float.BYTES * mapping.width());
    return rest.cost().plus(blocks).plus(outputs);
  }

  private Cost cost(Part part, Shape x) {
    Ledger ledger = ledger();
    part.apply(ledger, x);
    return ledger.cost();
  }

  private Ledger ledger() {
    return new Ledger(network.mapping().width());
  }

  private static Shape tokens(LevelCost level) {
    return tokens(level.grid(), level.width());
  }

  private static Shape tokens(Size grid, int channels) {
    return Shape.of(grid.height(), grid.width(), channels);
  }
}
