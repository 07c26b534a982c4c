package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.architecture.part.Catalog;
import dev.hourglass.architecture.part.Parts;
import dev.hourglass.architecture.part.attention.Nystrom;
import dev.hourglass.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of the architecture's variants: their defaults, and the sentence of every refusal. */
final class VariantKeysTest {

  @Test
  void withoutThemTheModelIsThePapers() {
    ModelConfig model = TestConfigs.parse().model();
    assertThat(model.parts()).isEqualTo(Parts.PAPER);
    assertThat(model.levels())
        .allSatisfy(
            level -> {
              assertThat(level.similarity()).isEqualTo(Catalog.SIMILARITIES.byDefault());
              assertThat(level.stacks()).isEqualTo(1);
            });
  }

  @Test
  void theirDefaultsSpelledOutAreTheSameModelAndAreNotWritten() {
    Config spelledOut =
        Config.parse(
            TestConfigs.edited(
                "model.norm_type", "\"AdaRMS\"",
                "model.up_proj_act", "\"GEGLU\"",
                "model.pos_emb_type", "\"ROPE\"",
                "model.backbone_skip_type", "\"learned_lerp\"",
                "model.qkv_bias", "false",
                "model.patch_bottleneck", "0",
                "model.preconditioning", "\"karras\"",
                "model.noise_scale", "1",
                "model.loss_scales", "1",
                "model.stacks", "[1, 1]"),
            "test");
    assertThat(spelledOut).isEqualTo(TestConfigs.parse());
    assertThat(spelledOut.toJson()).isEqualTo(TestConfigs.parse().toJson());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model.norm_type  | "adaln"   | model.norm_type is "adaln", which is not known; did you mean "AdaLN"?
          model.up_proj_act | "SwiGLUE" | model.up_proj_act is "SwiGLUE", which is not known; did you mean "SwiGLU"?
          model.pos_emb_type | "rope"   | model.pos_emb_type is "rope", which is not known; did you mean "ROPE"?
          model.backbone_skip_type | "lerp" | model.backbone_skip_type is "lerp", which is not known; choose one of learned_lerp, add, concat, channel_lerp, gated, mlp.
          model.qkv_biass  | true      | model.qkv_biass is not a known key; did you mean "qkv_bias"?
          model.ffn_up_bias | 1        | model.ffn_up_bias is 1; give true or false.
          model.patch_bottleneck | -1   | model.patch_bottleneck is -1; give 0 or a number above 0.
          model.patch_bottleneck | 0.5  | model.patch_bottleneck is 0.5; give an integer.
          model.stacks     | [2]       | model.stacks has length 1, but model.widths has length 2; give one entry for each level.
          model.stacks     | 2         | model.stacks is 2; give a list of integers.
          model.stacks     | [0, 1]    | model.stacks[0] is 0; give a number above 0.
          model.self_attns | [{"type": "none", "similarity": "dot"}, {"type": "global"}] | model.self_attns[0].similarity is set, but a level of type "none" compares no tokens; remove it.
          model.self_attns | [{"type": "none"}, {"type": "global", "similarity": "cosin"}] | model.self_attns[1].similarity is "cosin", which is not known; did you mean "cosine"?
          model.self_attns | [{"type": "none"}, {"type": "nystrom"}] | model.self_attns[1].landmarks is missing; add it.
          model.self_attns | [{"type": "none"}, {"type": "nystrom", "landmarks": [4]}] | model.self_attns[1].landmarks has length 1; give the numbers of blocks by height and width, such as [4, 4].
          model.self_attns | [{"type": "none"}, {"type": "nystrom", "landmarks": [4, 0]}] | model.self_attns[1].landmarks[1] is 0; give a number above 0.
          model.self_attns | [{"type": "none"}, {"type": "nystrom", "landmarks": [4, 3]}] | model.self_attns[1].landmarks is [4, 3], but level 1 of a 64x64 image has 8x8 tokens, which do not make so many equal blocks; use another image size or divisors such as [4, 2].
          """)
  void mistakesAreRefusedInOneSentence(String path, String json, String message) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Config.parse(TestConfigs.edited(path, json), "test.json"))
        .withMessage("%s", "test.json: " + message);
  }

  @Test
  void aTableOfSinesNeedsAWidthThatItFills() {
    String json =
        TestConfigs.edited(
            "model.pos_emb_type",
            "\"additive\"",
            "model.widths",
            "[6, 256]",
            "model.self_attns",
            "[{\"type\": \"none\"}, {\"type\": \"none\"}]");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Config.parse(json, "test.json"))
        .withMessage(
            "test.json: model.widths[0] is 6; give a multiple of 4, because positions of type"
                + " \"additive\" fill parts of it.");
  }

  @Test
  void learnedPositionsFixTheSizeAndAdditiveDoNot() {
    Size other = new Size(64, 72);
    ModelConfig learned = withPositions("learned");
    learned.requireSize(learned.inputSize());
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> learned.requireSize(other))
        .withMessage(
            "The image size is 64x72, but the model has positions of type \"learned\", which fix it"
                + " to 64x64; use that size.");
    assertThatCode(() -> withPositions("additive").requireSize(other)).doesNotThrowAnyException();
  }

  private static ModelConfig withPositions(String type) {
    return Config.parse(TestConfigs.edited("model.pos_emb_type", "\"" + type + "\""), "test.json")
        .model();
  }

  @Test
  void landmarksAreRowsAndThenColumns() {
    String nystrom = "{\"type\": \"nystrom\", \"d_head\": 32, \"landmarks\": [2, 4]}";
    ModelConfig model =
        Config.parse(
                TestConfigs.edited("model.self_attns", "[{\"type\": \"none\"}, " + nystrom + "]"),
                "test.json")
            .model();
    assertThat(model.levels().get(1).selfAttention()).isEqualTo(new Nystrom(32, 2, 4));
  }
}
