package dev.hourglass.architecture.part;

import dev.hourglass.architecture.part.activation.Activation;
import dev.hourglass.architecture.part.activation.Gated;
import dev.hourglass.architecture.part.activation.Plain;
import dev.hourglass.architecture.part.attention.Cosine;
import dev.hourglass.architecture.part.attention.Dot;
import dev.hourglass.architecture.part.attention.L2;
import dev.hourglass.architecture.part.attention.Nystrom;
import dev.hourglass.architecture.part.attention.QkNorm;
import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.architecture.part.attention.Similarity;
import dev.hourglass.architecture.part.norm.AdaLayerNorm;
import dev.hourglass.architecture.part.norm.AdaRms;
import dev.hourglass.architecture.part.norm.Norm;
import dev.hourglass.architecture.part.norm.ShiftRms;
import dev.hourglass.architecture.part.position.Additive;
import dev.hourglass.architecture.part.position.Learned;
import dev.hourglass.architecture.part.position.NoPositions;
import dev.hourglass.architecture.part.position.Positions;
import dev.hourglass.architecture.part.position.Rope;
import dev.hourglass.architecture.part.skip.Add;
import dev.hourglass.architecture.part.skip.ChannelLerp;
import dev.hourglass.architecture.part.skip.Concat;
import dev.hourglass.architecture.part.skip.GatedLerp;
import dev.hourglass.architecture.part.skip.LearnedLerp;
import dev.hourglass.architecture.part.skip.MlpSkip;
import dev.hourglass.architecture.part.skip.Skip;
import dev.hourglass.architecture.primitive.Elementwise;
import java.util.List;

/**
 * Every part that the config file can name, a line each. Of each list the first is the paper's, and
 * the default.
 */
public final class Catalog {

  public static final Choice<Norm> NORMS =
      new Choice<>(
          "norm_type",
          List.of(
              new AdaRms(), //
              new AdaLayerNorm(false),
              new AdaLayerNorm(true),
              new ShiftRms()));

  public static final Choice<Activation> ACTIVATIONS =
      new Choice<>(
          "up_proj_act",
          List.of(
              new Gated("GEGLU", Elementwise.GELU),
              new Gated("SwiGLU", Elementwise.SILU),
              new Gated("ReGLU", Elementwise.RELU),
              new Gated("ELUGLU", Elementwise.ELU),
              new Plain("GELU", Elementwise.GELU),
              new Plain("SiLU", Elementwise.SILU),
              new Plain("ELU", Elementwise.ELU),
              new Plain("ReLU2", Elementwise.RELU2)));

  public static final Choice<Positions> POSITIONS =
      new Choice<>(
          "pos_emb_type",
          List.of(
              new Rope(), //
              new Additive(),
              new Learned(),
              new NoPositions()));

  public static final Choice<Skip> SKIPS =
      new Choice<>(
          "backbone_skip_type",
          List.of(
              new LearnedLerp(),
              new Add(),
              new Concat(),
              new ChannelLerp(),
              new GatedLerp(),
              new MlpSkip()));

  public static final Choice<Similarity> SIMILARITIES =
      new Choice<>(
          "similarity",
          List.of(
              new Cosine(), //
              new Dot(),
              new QkNorm(),
              new L2()));

  /** Kinds of attention have numbers, so each is read by itself; see {@link AttentionReader}. */
  public static final List<SelfAttention.Form> ATTENTIONS =
      List.of(
          SelfAttention.Global.FORM,
          SelfAttention.Neighborhood.FORM,
          SelfAttention.ShiftedWindow.FORM,
          Nystrom.FORM,
          SelfAttention.None.FORM);

  private Catalog() {}
}
