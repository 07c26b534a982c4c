package dev.hourglass.sampling;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.constraint.Constraint;
import dev.hourglass.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Images made from other images. They start from the given ones with noise of a level on the way
 * (Meng et al., "SDEdit: guided image synthesis and editing with stochastic differential
 * equations", 2022), and keep what is known of them.
 *
 * @param images {@code [c, h, w]} each in [-1, 1], taken in turn by index
 * @param strength the share of the steps that is made, in [0, 1]: 0 gives the images back, 1 starts
 *     from noise alone
 * @param known what the results must have in common with the images; without it nothing
 * @param repeats how often each step is made (Lugmayr et al., "RePaint", 2022); more than once,
 *     what is drawn fits what is known better
 */
public record Edit(List<float[]> images, double strength, Optional<Known> known, int repeats)
    implements Origin {

  public Edit {
    images = List.copyOf(images);
    if (images.isEmpty()) {
      throw new InputException("There is no image to start from; give at least one.");
    }
    if (!(strength >= 0 && strength <= 1)) {
      throw new InputException(
          "The strength must be between 0, which gives the image back, and 1, which starts from noise, not %s."
              .formatted(strength));
    }
    if (repeats < 1) {
      throw new InputException("Each step is made at least once, not %d times.".formatted(repeats));
    }
  }

  /** Variations on images. */
  public static Edit of(List<float[]> images, double strength) {
    return new Edit(images, strength, Optional.empty(), 1);
  }

  /** Images that share something with given ones, and start from noise. */
  public static Edit keeping(Known known, List<float[]> images) {
    return new Edit(images, 1, Optional.of(known), 1);
  }

  public Edit withStrength(double newStrength) {
    return new Edit(images, newStrength, known, repeats);
  }

  public Edit withRepeats(int newRepeats) {
    return new Edit(images, strength, known, newRepeats);
  }

  /** Any strength but 0 makes at least one step. */
  @Override
  public int firstStep(int steps) {
    int made = (int) Math.round(strength * steps);
    return steps - (strength > 0 ? Math.max(1, made) : 0);
  }

  @Override
  public Tensor start(Tensor noise, DrawnBatch batch) {
    return strength == 1 ? noise : noise.add(given(batch));
  }

  @Override
  public Optional<Constraint> constraint(DrawnBatch batch) {
    return known.map(what -> new Constraint(what.measurement(batch), given(batch)));
  }

  /** {@code [n, c, h, w]}. */
  private Tensor given(DrawnBatch batch) {
    int each = batch.values();
    float[] values = new float[Math.multiplyExact(batch.count(), each)];
    for (int i = 0; i < batch.count(); i++) {
      float[] image = images.get((int) (batch.indices()[i] % images.size()));
      if (image.length != each) {
        throw new InputException(
            "An image to start from has %d values, but the model draws %d channels of %s."
                .formatted(image.length, batch.shape()[0], batch.size()));
      }
      System.arraycopy(image, 0, values, i * each, each);
    }
    return Tensors.ofFloats(
        values, batch.count(), batch.shape()[0], batch.shape()[1], batch.shape()[2]);
  }
}
