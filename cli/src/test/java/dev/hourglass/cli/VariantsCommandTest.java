package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that share no part with the paper's, through the real commands. */
class VariantsCommandTest {

  private static final String ATTENTIONS =
      """
      {"type": "neighborhood", "d_head": 16, "kernel_size": 3},
            {"type": "global", "d_head": 16}
          ]\
      """;

  private static final String LEARNED =
      """
      {"type": "nystrom", "d_head": 16, "landmarks": [2, 4], "similarity": "qk-norm"},
            {"type": "global", "d_head": 16, "similarity": "l2"}
          ],
          "norm_type": "AdaLN", "up_proj_act": "SwiGLU", "pos_emb_type": "learned",
          "backbone_skip_type": "gated", "stacks": [2, 1], "qkv_bias": true, "ffn_down_bias": true\
      """;

  private static final String ADDITIVE =
      """
      {"type": "shifted-window", "d_head": 16, "window_size": 4, "similarity": "dot"},
            {"type": "global", "d_head": 16, "similarity": "qk-norm"}
          ],
          "norm_type": "ShiftRMS", "up_proj_act": "ReLU2", "pos_emb_type": "additive",
          "backbone_skip_type": "mlp", "o_bias": true, "mapping_ffn_up_bias": true\
      """;

  @TempDir static Path folder;
  private static Path learned;
  private static Path additive;

  @BeforeAll
  static void train() {
    Fixture fixture = Fixture.in(folder);
    learned = config(fixture, "learned.json", LEARNED);
    additive = config(fixture, "additive.json", ADDITIVE);
    train(learned, "learned", 4);
    train(learned, "resumed", 2);
    train(learned, "resumed", 4);
    train(additive, "additive", 2);
  }

  private static Path config(Fixture fixture, String name, String keys) {
    Path changed = fixture.configWith(ATTENTIONS, keys);
    return fixture.write(name, read(changed));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void train(Path config, String name, int steps) {
    CommandRun.succeeds(
        "train",
        "--config",
        config,
        "--name",
        name,
        "--runs",
        folder.resolve("runs"),
        "--steps",
        steps,
        "--batch-size",
        4,
        "--sample-every",
        0,
        "--checkpointing");
  }

  private static Path checkpoint(String name, int step) {
    return folder.resolve("runs/%s/checkpoints/step-%08d.safetensors".formatted(name, step));
  }

  @Test
  void aResumedRunIsTheSameToTheBit() {
    try (SafetensorsFile whole = SafetensorsFile.open(checkpoint("learned", 4));
        SafetensorsFile resumed = SafetensorsFile.open(checkpoint("resumed", 4))) {
      assertThat(resumed.tensors().keySet()).isEqualTo(whole.tensors().keySet());
      assertThat(whole.tensors().keySet())
          .allSatisfy(
              name ->
                  assertThat(resumed.bytes(name).mismatch(whole.bytes(name)))
                      .as(name)
                      .isEqualTo(-1));
    }
  }

  @Test
  void itsConvertedWeightsDrawItsImages() {
    Path slim = folder.resolve("slim.safetensors");
    CommandRun.succeeds("convert", checkpoint("learned", 4), "--out", slim, "--dtype", "fp32");
    Png drawn = draw(slim, "slim", "slim");
    assertThat(draw(checkpoint("learned", 4), "whole", "step-00000004").difference(drawn)).isZero();
  }

  private static Png draw(Path model, String out, String stem, Object... more) {
    Object[] words = {
      "sample", "--checkpoint", model, "-n", 1, "--steps", 3, "--out", folder.resolve(out)
    };
    Object[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    CommandRun.succeeds(all);
    return Png.read(folder.resolve(out).resolve(stem + "-0-0.png"));
  }

  @Test
  void aTableOfSinesDrawsOtherSizesAndALearnedOneDoesNot() {
    Png wide = draw(checkpoint("additive", 2), "wide", "step-00000002", "--size", "16x24");
    assertThat(wide.image().getWidth()).isEqualTo(24);
    CommandRun.isRefused(
        "The image size is 16x24, but the model has positions of type \"learned\", which fix it to"
            + " 16x16; use that size.",
        "sample",
        "--checkpoint",
        checkpoint("learned", 4),
        "--size",
        "16x24",
        "--out",
        folder.resolve("none"));
  }

  @Test
  void itIsInspectedAsConfigAndAsCheckpoint() {
    assertThat(CommandRun.succeeds("inspect", learned).out()).contains("nystrom 2x4");
    assertThat(CommandRun.succeeds("inspect", checkpoint("learned", 4)).out())
        .contains("nystrom 2x4");
  }
}
