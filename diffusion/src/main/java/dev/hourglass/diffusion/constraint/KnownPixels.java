package dev.hourglass.diffusion.constraint;

import org.bytedeco.pytorch.Tensor;

/**
 * Some pixels are known: inpainting, and outpainting.
 *
 * @param anew how much of each pixel is drawn anew, [1, 1, h, w] or [n, 1, h, w] in [0, 1]: 0 keeps
 *     it to the bit, 1 is free; between them, at soft edges, a mixture; not owned
 */
public record KnownPixels(Tensor anew) implements Measurement {

  @Override
  public Tensor impose(Tensor given, Tensor images) {
    // lerp gives either end to the bit.
    return given.lerp(images, anew.to(images.scalar_type()));
  }

  @Override
  public Tensor imposeInRange(Tensor given, Tensor images) {
    return impose(given, images);
  }
}
