package dev.hourglass.architecture.part;

import java.util.List;

/**
 * Every part that the config file can name, a line each. Of each list the first is the paper's, and
 * the default.
 */
public final class Catalog {

  public static final Choice<Norm> NORMS = new Choice<>("norm_type", List.of(new AdaRms()));

  public static final Choice<Activation> ACTIVATIONS =
      new Choice<>("up_proj_act", List.of(new Geglu()));

  public static final Choice<Positions> POSITIONS =
      new Choice<>("pos_emb_type", List.of(new Rope()));

  public static final Choice<Skip> SKIPS =
      new Choice<>("backbone_skip_type", List.of(new LearnedLerp()));

  public static final Choice<Similarity> SIMILARITIES =
      new Choice<>("similarity", List.of(new Cosine()));

  /** Kinds of attention have numbers, so each is read by itself; see {@link SelfAttention}. */
  public static final List<SelfAttention.Form> ATTENTIONS =
      List.of(
          SelfAttention.Global.FORM,
          SelfAttention.Neighborhood.FORM,
          SelfAttention.ShiftedWindow.FORM,
          SelfAttention.None.FORM);

  private Catalog() {}
}
