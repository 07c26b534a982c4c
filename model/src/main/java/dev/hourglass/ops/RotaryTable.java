package dev.hourglass.ops;

import dev.hourglass.tensor.Scope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Cosines and sines of axial rotary position embeddings. Angles are separable, so rows and columns
 * of the grid have a table each, of {@code [h, heads, d/8]} and {@code [w, heads, d/8]}; a token's
 * {@code d/4} angles are its row's and then its column's.
 */
public record RotaryTable(Tensor cosY, Tensor sinY, Tensor cosX, Tensor sinX) {

  /**
   * The tables of a grid.
   *
   * @param freqs {@code [heads, d/8]}, radians for each unit of position
   * @param posY {@code [h]}, row centres
   * @param posX {@code [w]}, column centres
   * @param angles the type that angles are rounded to; their cosines and sines are exact to the
   *     type of freqs
   */
  public static RotaryTable of(Tensor freqs, Tensor posY, Tensor posX, ScalarType angles) {
    Tensor y = angle(freqs, posY, angles); // [h, heads, d/8]
    Tensor x = angle(freqs, posX, angles); // [w, heads, d/8]
    return new RotaryTable(
        y.cos().to(freqs), y.sin().to(freqs), x.cos().to(freqs), x.sin().to(freqs));
  }

  /** The same tables outside of every scope: the garbage collector frees them. */
  public RotaryTable owned() {
    return new RotaryTable(
        Scope.own(new Tensor(cosY)),
        Scope.own(new Tensor(sinY)),
        Scope.own(new Tensor(cosX)),
        Scope.own(new Tensor(sinX)));
  }

  private static Tensor angle(Tensor freqs, Tensor positions, ScalarType type) {
    return positions.to(type).reshape(-1, 1, 1).mul(freqs.to(type)).to(ScalarType.Double);
  }
}
