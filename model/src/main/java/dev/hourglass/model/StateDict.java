package dev.hourglass.model;

import dev.hourglass.config.LevelConfig;
import dev.hourglass.config.MappingConfig;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.SelfAttention;
import dev.hourglass.model.ParameterSpec.Start;
import java.util.ArrayList;
import java.util.List;

/**
 * Names and shapes of all tensors of a model, as the authors' checkpoints have them. The one place
 * that knows: models are made, checked, grouped for the optimiser and saved from this list.
 */
public final class StateDict {

  /** Size of the augmentation vector (Karras et al. 2022, appendix F.2). */
  public static final int AUGMENTATION_SIZE = 9;

  private final List<ParameterSpec> specs = new ArrayList<>();
  private final ModelConfig model;
  private final int mappingWidth;

  private StateDict(ModelConfig model) {
    this.model = model;
    this.mappingWidth = model.mapping().width();
  }

  public static List<ParameterSpec> of(ModelConfig model) {
    StateDict state = new StateDict(model);
    state.addEnds();
    state.addConditioning();
    state.addLevels();
    return List.copyOf(state.specs);
  }

  private void addEnds() {
    long width = model.levels().getFirst().width();
    long patch =
        (long) model.patchSize().height() * model.patchSize().width() * model.inputChannels();
    specs.add(ParameterSpec.decayed("patch_in.proj.weight", Start.LINEAR, width, patch));
    specs.add(ParameterSpec.plain("out_norm.scale", Start.ONES, width));
    specs.add(ParameterSpec.decayed("patch_out.proj.weight", Start.ZEROS, patch, width));
  }

  private void addConditioning() {
    long width = mappingWidth;
    specs.add(ParameterSpec.plain("time_emb.weight", Start.FOURIER, width / 2, 1));
    specs.add(ParameterSpec.plain("time_in_proj.weight", Start.LINEAR, width, width));
    specs.add(ParameterSpec.plain("aug_emb.weight", Start.FOURIER, width / 2, AUGMENTATION_SIZE));
    specs.add(ParameterSpec.plain("aug_in_proj.weight", Start.LINEAR, width, width));
    if (model.numClasses() > 0) {
      specs.add(
          ParameterSpec.plain("class_emb.weight", Start.NORMAL, model.numClasses() + 1, width));
    }
    if (model.mappingCondDim() > 0) {
      specs.add(
          ParameterSpec.plain(
              "mapping_cond_in_proj.weight", Start.LINEAR, width, model.mappingCondDim()));
    }
    MappingConfig mapping = model.mapping();
    specs.add(ParameterSpec.slow("mapping.in_norm.scale", Start.ONES, width));
    for (int i = 0; i < mapping.depth(); i++) {
      String block = "mapping.blocks." + i + ".";
      specs.add(ParameterSpec.slow(block + "norm.scale", Start.ONES, width));
      specs.add(
          ParameterSpec.slowDecayed(
              block + "up_proj.weight", Start.LINEAR, 2L * mapping.dFf(), width));
      specs.add(
          ParameterSpec.slowDecayed(block + "down_proj.weight", Start.ZEROS, width, mapping.dFf()));
    }
    specs.add(ParameterSpec.slow("mapping.out_norm.scale", Start.ONES, width));
  }

  private void addLevels() {
    List<LevelConfig> levels = model.levels();
    int innermost = levels.size() - 1;
    for (int i = 0; i < innermost; i++) {
      addLayers("down_levels." + i, levels.get(i));
      addLayers("up_levels." + i, levels.get(i));
      long outer = levels.get(i).width();
      long inner = levels.get(i + 1).width();
      specs.add(
          ParameterSpec.decayed("merges." + i + ".proj.weight", Start.LINEAR, inner, 4 * outer));
      specs.add(
          ParameterSpec.decayed("splits." + i + ".proj.weight", Start.LINEAR, 4 * outer, inner));
      specs.add(ParameterSpec.plain("splits." + i + ".fac", Start.HALF, 1));
    }
    addLayers("mid_level", levels.get(innermost));
  }

  private void addLayers(String prefix, LevelConfig level) {
    for (int i = 0; i < level.depth(); i++) {
      String layer = prefix + "." + i + ".";
      addAttention(layer + "self_attn.", level);
      long width = level.width();
      specs.add(
          ParameterSpec.slowDecayed(
              layer + "ff.norm.linear.weight", Start.ZEROS, width, mappingWidth));
      specs.add(
          ParameterSpec.decayed(
              layer + "ff.up_proj.weight", Start.LINEAR, 2L * level.dFf(), width));
      specs.add(
          ParameterSpec.decayed(layer + "ff.down_proj.weight", Start.ZEROS, width, level.dFf()));
    }
  }

  private void addAttention(String prefix, LevelConfig level) {
    int headSize = headSize(level.selfAttention());
    if (headSize == 0) {
      return;
    }
    long width = level.width();
    long heads = width / headSize;
    specs.add(
        ParameterSpec.slowDecayed(prefix + "norm.linear.weight", Start.ZEROS, width, mappingWidth));
    specs.add(ParameterSpec.decayed(prefix + "qkv_proj.weight", Start.LINEAR, 3 * width, width));
    specs.add(ParameterSpec.plain(prefix + "scale", Start.TEN, heads));
    specs.add(ParameterSpec.plain(prefix + "pos_emb.freqs", Start.ROTARY, heads, headSize / 8));
    specs.add(ParameterSpec.decayed(prefix + "out_proj.weight", Start.ZEROS, width, width));
  }

  /** Channels of a head, 0 for a level without attention. */
  static int headSize(SelfAttention attention) {
    return switch (attention) {
      case SelfAttention.Global global -> global.dHead();
      case SelfAttention.Neighborhood neighborhood -> neighborhood.dHead();
      case SelfAttention.ShiftedWindow window -> window.dHead();
      case SelfAttention.None none -> 0;
    };
  }
}
