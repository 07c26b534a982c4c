package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.noise.NoiseSource;
import java.util.List;

/**
 * Each step done again, from its end brought back to its beginning by fresh noise (Lugmayr et al.,
 * "RePaint: inpainting using denoising diffusion probabilistic models", 2022, section 4.2, jumps of
 * one step). Where estimates are changed to agree with what is known, repeating lets the rest of
 * the image agree with it too.
 *
 * @param again the noise of the sampler in each repetition after the first, independent of one
 *     another
 * @param back the noise that leads back to the beginning of a step, independent of those
 */
public record Repeats(List<NoiseSource> again, NoiseSource back) {

  /** Every step once. */
  public static final Repeats NONE =
      new Repeats(
          List.of(),
          (from, to) -> {
            throw new IllegalStateException("steps done once do not go back");
          });

  public Repeats {
    again = List.copyOf(again);
  }

  /** How often each step is done. */
  public int times() {
    return 1 + again.size();
  }
}
