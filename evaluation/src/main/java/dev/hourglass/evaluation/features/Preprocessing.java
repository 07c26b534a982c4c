package dev.hourglass.evaluation.features;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What a network wants to be fed with. Gray images come to it in three equal channels, always. */
public enum Preprocessing {
  /**
   * Bytes as they are, [n, 3, h, w] of the type uint8: {@code inception-2015-12-05.pt} and
   * torch-fidelity's network resize to 299 x 299 themselves (bilinear in TensorFlow 1's way, with
   * no antialiasing, which no other resize reproduces) and map to [-1, 1) by {@code (x - 128) /
   * 128}.
   */
  INCEPTION {
    @Override
    Tensor prepare(Tensor bytes) {
      return bytes.contiguous();
    }
  },

  /**
   * CLIP's: the shorter side to 224 by an antialiased bicubic, rounded to bytes as Pillow does, the
   * middle 224 x 224, minus CLIP's mean, divided by its deviation.
   */
  CLIP {
    @Override
    Tensor prepare(Tensor bytes) {
      long height = bytes.size(2);
      long width = bytes.size(3);
      long shorter = Math.min(height, width);
      Tensor resized =
          ImageBatch.resized(
              bytes.to(ScalarType.Float), SIDE * height / shorter, SIDE * width / shorter);
      Tensor square =
          resized.narrow(2, middle(resized.size(2)), SIDE).narrow(3, middle(resized.size(3)), SIDE);
      Tensor levels = square.round().clamp_min(new Scalar(0.0)).clamp_max(new Scalar(255.0));
      return normalised(
          levels,
          new double[] {0.48145466, 0.4578275, 0.40821073},
          new double[] {0.26862954, 0.26130258, 0.27577711});
    }
  },

  /**
   * That of FD-DINOv2 (Stein et al., "Exposing flaws of generative model evaluation metrics", 2023)
   * as EDM2's code computes it: 224 x 224 by an antialiased bicubic whatever the form, overshoots
   * kept, minus ImageNet's mean, divided by its deviation.
   */
  DINOV2 {
    @Override
    Tensor prepare(Tensor bytes) {
      return normalised(
          ImageBatch.resized(bytes.to(ScalarType.Float), SIDE, SIDE),
          new double[] {0.485, 0.456, 0.406},
          new double[] {0.229, 0.224, 0.225});
    }
  },

  /** Floats in [0, 1], the size as it is: for networks that do the rest themselves. */
  NONE {
    @Override
    Tensor prepare(Tensor bytes) {
      return bytes.to(ScalarType.Float).div(new Scalar(255.0));
    }
  };

  private static final long SIDE = 224;

  /**
   * What the network gets.
   *
   * @param pixels [n, c, h, w], bytes, 1 or 3 channels
   * @return [n, 3, h', w']
   * @throws InputException if there is another number of channels
   */
  public Tensor of(Tensor pixels) {
    ImageBatch.check(pixels);
    return prepare(ImageBatch.coloured(pixels));
  }

  abstract Tensor prepare(Tensor bytes);

  /** As the command line calls it. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one of a name.
   *
   * @throws InputException if there is none
   */
  public static Preprocessing of(String name) {
    List<String> known = Arrays.stream(values()).map(Preprocessing::optionName).toList();
    int index = known.indexOf(name);
    if (index < 0) {
      throw new InputException(
          "There is no preprocessing \"%s\"; %s"
              .formatted(name, Spelling.advice(name, known, "choose one of")));
    }
    return values()[index];
  }

  /** Where the middle of a side begins, rounded half to even as torchvision's crop does. */
  private static long middle(long length) {
    return (long) Math.rint((length - SIDE) / 2.0);
  }

  /** Levels of 0..255 to [0, 1], minus the mean and divided by the deviation of each channel. */
  private static Tensor normalised(Tensor levels, double[] mean, double[] deviation) {
    return levels.div(new Scalar(255.0)).sub(channels(mean)).div(channels(deviation));
  }

  private static Tensor channels(double[] values) {
    return Tensors.ofDoubles(values, 1, values.length, 1, 1).to(ScalarType.Float);
  }
}
