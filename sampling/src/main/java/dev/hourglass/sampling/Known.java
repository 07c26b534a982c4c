package dev.hourglass.sampling;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.constraint.BlockMeans;
import dev.hourglass.diffusion.constraint.Gray;
import dev.hourglass.diffusion.constraint.KnownPixels;
import dev.hourglass.diffusion.constraint.Measurement;
import dev.hourglass.tensor.Tensors;

/** What drawn images must have in common with given ones. */
public sealed interface Known {

  /** The measurement that both must have; its tensors belong to the present scope. */
  Measurement measurement(DrawnBatch batch);

  /**
   * All pixels but those drawn anew: inpainting and outpainting.
   *
   * @param anew how much of each pixel is drawn anew, in [0, 1], row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // A plain buffer, on its way to the device.
  record Outside(float[] anew) implements Known {
    @Override
    public Measurement measurement(DrawnBatch batch) {
      long height = batch.shape()[1];
      long width = batch.shape()[2];
      if (anew.length != height * width) {
        throw new InputException(
            "The mask has %d pixels, but the images are %s; give a mask of their size."
                .formatted(anew.length, batch.size()));
      }
      return new KnownPixels(Tensors.ofFloats(anew, 1, 1, height, width));
    }
  }

  /**
   * The mean of every block of pixels: enlarging an image by a whole factor.
   *
   * @param side of a block in pixels
   */
  record Blocks(int side) implements Known {
    @Override
    public Measurement measurement(DrawnBatch batch) {
      if (batch.shape()[1] % side != 0 || batch.shape()[2] % side != 0) {
        throw new InputException(
            "Images of %s cannot be divided into blocks of %dx%d; choose a factor that divides both sides."
                .formatted(batch.size(), side, side));
      }
      return new BlockMeans(side);
    }
  }

  /** The gray value of every pixel: colouring. */
  record GrayValues() implements Known {
    @Override
    public Measurement measurement(DrawnBatch batch) {
      if (batch.shape()[0] != 3) {
        throw new InputException(
            "The model draws images with %d channels, and only those with 3 can be coloured."
                .formatted(batch.shape()[0]));
      }
      return new Gray();
    }
  }
}
