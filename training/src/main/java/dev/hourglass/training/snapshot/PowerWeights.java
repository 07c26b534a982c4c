package dev.hourglass.training.snapshot;

import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How a power-function average after t steps weighs them: {@code (g + 1) / t (s / t)^g} at the time
 * s up to t (Karras et al. 2024, section 3.1).
 *
 * @param steps t, 1 or more
 * @param exponent g, above -1/2
 */
public record PowerWeights(double steps, double exponent) {

  /** The integral of the product of the two over time (Karras et al. 2024, appendix C). */
  double product(PowerWeights other) {
    double power = steps < other.steps ? other.exponent : -exponent;
    return (exponent + 1)
        * (other.exponent + 1)
        * Math.pow(steps / other.steps, power)
        / ((exponent + other.exponent + 1) * Math.max(steps, other.steps));
  }

  /**
   * The combination of other averages that comes nearest to this one, by least squares, in float64.
   *
   * @param averages one or more, all different
   * @return a factor for each of them; their sum is 1
   */
  public double[] combinationOf(List<PowerWeights> averages) {
    int n = averages.size();
    double[] products = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        products[i * n + j] = averages.get(i).product(averages.get(j));
      }
    }
    double[] aims = averages.stream().mapToDouble(average -> average.product(this)).toArray();
    try (PointerScope scope = new PointerScope()) {
      Tensor solution =
          torch.linalg_solve(Tensors.ofDoubles(products, n, n), Tensors.ofDoubles(aims, n));
      double[] factors = Tensors.toDoubles(solution);
      double sum = Arrays.stream(factors).sum();
      return Arrays.stream(factors).map(factor -> factor / sum).toArray();
    }
  }
}
