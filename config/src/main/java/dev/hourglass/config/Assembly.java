package dev.hourglass.config;

import dev.hourglass.architecture.Embedding;
import dev.hourglass.architecture.FeedForward;
import dev.hourglass.architecture.Hourglass;
import dev.hourglass.architecture.Join;
import dev.hourglass.architecture.LayerForm;
import dev.hourglass.architecture.Level;
import dev.hourglass.architecture.Linear;
import dev.hourglass.architecture.MappingNetwork;
import dev.hourglass.architecture.PatchMerge;
import dev.hourglass.architecture.PatchSplit;
import dev.hourglass.architecture.Projections;
import dev.hourglass.architecture.Stack;
import dev.hourglass.architecture.part.Biases;
import dev.hourglass.architecture.part.norm.Rms;
import dev.hourglass.architecture.primitive.DropoutPlace;
import java.util.ArrayList;
import java.util.List;

/** Puts the network of a config together. */
final class Assembly {

  /** Rows and columns that one token of the next level stands for. */
  private static final int MERGE = 2;

  /** Numbers the mapping network's dropout after those of the layers. */
  private static final int FIRST_MAPPING_PLACE = 1 << 20;

  private final ModelConfig model;

  private Assembly(ModelConfig model) {
    this.model = model;
  }

  static Hourglass of(ModelConfig model) {
    return new Assembly(model).hourglass();
  }

  private Hourglass hourglass() {
    List<LevelConfig> levels = model.levels();
    int innermost = levels.size() - 1;
    int place = 0; // counts the layers, level by level: down, then up
    List<Level> outer = new ArrayList<>();
    for (int i = 0; i < innermost; i++) {
      outer.add(level(i, levels.get(i), place, levels.get(i + 1).width()));
      place += 2 * levels.get(i).depth() * levels.get(i).stacks();
    }
    LevelConfig middle = levels.get(innermost);
    Size patch = model.patchSize();
    return new Hourglass(
        new Embedding(
            new PatchMerge(patch.height(), patch.width(), levels.getFirst().width()),
            model.parts().bottleneck(),
            model.parts().positions()),
        List.copyOf(outer),
        new Stack("mid_level", form(middle), middle.depth(), middle.stacks(), 0, place),
        new Rms(),
        new PatchSplit(
            patch.height(), patch.width(), model.inputChannels(), Linear.startingAtZero("proj")),
        mapping());
  }

  private Level level(int i, LevelConfig level, int place, int innerWidth) {
    int depth = level.depth();
    int stacks = level.stacks();
    LayerForm form = form(level);
    PatchSplit split = new PatchSplit(MERGE, MERGE, level.width(), Linear.of("proj"));
    return new Level(
        new Stack("down_levels." + i, form, depth, stacks, 0, place),
        new PatchMerge(MERGE, MERGE, innerWidth),
        new Join(split, model.parts().skip()),
        new Stack("up_levels." + i, form, depth, stacks, depth, place + depth * stacks));
  }

  private LayerForm form(LevelConfig level) {
    return new LayerForm(
        level.width(),
        level.dFf(),
        level.selfAttention(),
        level.similarity(),
        model.parts(),
        level.dropout());
  }

  private MappingNetwork mapping() {
    MappingConfig mapping = model.mapping();
    Biases biases = model.parts().biases();
    FeedForward block =
        new FeedForward(
            mapping.width(),
            mapping.dFf(),
            new Rms(),
            model.parts().activation(),
            new Projections(biases.mappingUp(), biases.mappingDown()),
            new DropoutPlace(mapping.dropout(), FIRST_MAPPING_PLACE));
    return new MappingNetwork(
        mapping.width(), mapping.depth(), block, model.numClasses(), model.mappingCondDim());
  }
}
