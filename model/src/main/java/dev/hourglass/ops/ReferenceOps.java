package dev.hourglass.ops;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.architecture.primitive.Modulation;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Every operation as a composition of libtorch's: right on any device and for any size, and easy to
 * check.
 */
public final class ReferenceOps implements Ops {

  private static final long[] LAST_AXIS = {-1};

  private final Precision precision;
  private final Scalar epsilon = Scope.own(new Scalar(EPSILON));
  private final Scalar one = Scope.own(new Scalar(1));
  private final NeighborhoodAttention neighborhood = new NeighborhoodAttention();
  private final WindowAttention windows = new WindowAttention();

  public ReferenceOps(Precision precision) {
    this.precision = precision;
  }

  @Override
  public String name() {
    return "reference (libtorch's operations, " + precision.name().toLowerCase(Locale.ROOT) + ")";
  }

  @Override
  public Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias) {
    if (precision == Precision.BF16) {
      Tensor narrow = x.to(ScalarType.BFloat16);
      return linear(narrow, weight.to(narrow), bias.map(b -> b.to(narrow)).orElse(null));
    }
    return linear(x, weight, bias.orElse(null));
  }

  private static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    return bias == null
        ? torch.linear(x, weight)
        : torch.linear(x, weight, new TensorOptional(bias));
  }

  @Override
  public Tensor rmsNorm(Tensor x, Tensor scale) {
    Tensor wide = atLeastFloat(x);
    Tensor inverseRms =
        wide.square()
            .mean(LAST_AXIS, true, new ScalarTypeOptional())
            .add(epsilon)
            .rsqrt(); // [..., 1]
    return x.mul(scale.mul(inverseRms).to(x.scalar_type()));
  }

  @Override
  public Tensor layerNorm(Tensor x, Tensor shift, Tensor scale) {
    Tensor wide = atLeastFloat(x);
    Tensor centred = wide.sub(wide.mean(LAST_AXIS, true, new ScalarTypeOptional()));
    Tensor inverseDeviation =
        centred
            .square()
            .mean(LAST_AXIS, true, new ScalarTypeOptional())
            .add(epsilon)
            .rsqrt(); // [..., 1]
    return centred.mul(inverseDeviation).mul(scale.add(one)).add(shift).to(x.scalar_type());
  }

  @Override
  public List<Tensor> modulations(Modulation kind, Tensor cond, List<ModulationLayer> layers) {
    Tensor input = kind.affine() ? torch.silu(cond) : cond;
    return layers.stream()
        .map(
            layer -> rowByRow(input, row -> linear(row, layer.weight(), layer.bias().orElse(null))))
        .map(rows -> kind == Modulation.SCALE ? rows.add(one) : rows)
        .map(rows -> rows.reshape(rows.size(0), 1, 1, rows.size(1)))
        .toList();
  }

  /** Products of several rows round otherwise than those of one. */
  private static Tensor rowByRow(Tensor input, UnaryOperator<Tensor> product) {
    long rows = input.size(0);
    if (GradMode.is_enabled() || rows == 1) {
      return product.apply(input);
    }
    TensorVector results = new TensorVector(rows);
    for (long i = 0; i < rows; i++) {
      results.put(i, product.apply(input.narrow(0, i, 1)));
    }
    return torch.cat(results, 0);
  }

  @Override
  public Tensor map(Elementwise function, Tensor x) {
    return switch (function) {
      case GELU -> torch.gelu(x);
      case SILU -> torch.silu(x);
      case RELU -> torch.relu(x);
      case RELU2 -> torch.relu(x).square();
      case ELU -> torch.elu(x);
      case SIGMOID -> torch.sigmoid(x);
    };
  }

  @Override
  public Tensor geglu(Tensor x, Tensor upWeight) {
    TensorVector halves = linear(x, upWeight).chunk(2, -1);
    return halves.get(0).mul(torch.gelu(halves.get(1)));
  }

  @Override
  public Tensor attention(Tensor qkv, Tensor scale, RotaryTable rotary, AttentionPattern pattern) {
    long n = qkv.size(0);
    long h = qkv.size(1);
    long w = qkv.size(2);
    long heads = scale.size(0);
    long d = qkv.size(3) / (3 * heads);
    TensorVector parts = qkv.reshape(n, h, w, 3, heads, d).unbind(3);
    Tensor q = rotate(cosineScale(parts.get(0), scale), rotary); // [n, h, w, heads, d]
    Tensor k = rotate(cosineScale(parts.get(1), scale), rotary);
    Tensor v = parts.get(2);
    return attend(q, k, v, pattern).reshape(n, h, w, heads * d);
  }

  @Override
  public Tensor attend(Logits<Tensor> logits, Tensor v, AttentionPattern pattern) {
    if (logits.keyBias().isPresent()) {
      Tensor bias = atLeastFloat(logits.keyBias().get());
      Tensor attended = attend(BiasedKeys.products(logits, bias), v.to(bias), pattern);
      return attended.to(v.scalar_type());
    }
    Tensor q = logits.queries();
    Tensor k = logits.keys();
    return switch (pattern) {
      case AttentionPattern.Global() -> global(q, k, v);
      case AttentionPattern.Neighborhood(int kernel) -> neighborhood.attend(q, k, v, kernel);
      case AttentionPattern.ShiftedWindow(int size, int shift) ->
          windows.attend(q, k, v, size, shift);
    };
  }

  @Override
  public Tensor squaredNorm(Tensor x) {
    return atLeastFloat(x).square().sum(LAST_AXIS, true, new ScalarTypeOptional());
  }

  @Override
  public Tensor blockMeans(Tensor x, int rows, int columns) {
    long h = x.size(1) / rows;
    long w = x.size(2) / columns;
    return atLeastFloat(x)
        .reshape(x.size(0), rows, h, columns, w, x.size(3), x.size(4))
        .mean(new long[] {2, 4}, false, new ScalarTypeOptional())
        .to(x.scalar_type());
  }

  @Override
  public Tensor unmix(Logits<Tensor> landmarks, Tensor v) {
    return Unmixing.of(landmarks, v);
  }

  @Override
  public Tensor cosineScale(Tensor x, Tensor scale) {
    Tensor wide = atLeastFloat(x);
    Tensor sumOfSquares =
        wide.square().sum(LAST_AXIS, true, new ScalarTypeOptional()); // [n, h, w, heads, 1]
    Tensor factor = scale.sqrt().unsqueeze(-1).mul(sumOfSquares.add(epsilon).rsqrt());
    return x.mul(factor.to(x.scalar_type()));
  }

  @Override
  public Tensor rotate(Tensor x, RotaryTable rotary) {
    long h = x.size(1);
    long w = x.size(2);
    long heads = x.size(3);
    long quarter = x.size(4) / 4;
    Tensor cos = grid(rotary.cosY(), rotary.cosX(), h, w, heads, quarter / 2);
    Tensor sin = grid(rotary.sinY(), rotary.sinX(), h, w, heads, quarter / 2);
    Tensor x1 = atLeastFloat(x.narrow(-1, 0, quarter));
    Tensor x2 = atLeastFloat(x.narrow(-1, quarter, quarter));
    Tensor rest = x.narrow(-1, 2 * quarter, x.size(4) - 2 * quarter);
    Tensor y1 = x1.mul(cos).sub(x2.mul(sin)).to(x.scalar_type());
    Tensor y2 = x2.mul(cos).add(x1.mul(sin)).to(x.scalar_type());
    return Tensors.concat(-1, y1, y2, rest);
  }

  /** Rows' values and then columns' for each token: {@code [h, w, heads, 2 * eighth]}. */
  private static Tensor grid(Tensor rows, Tensor columns, long h, long w, long heads, long eighth) {
    return Tensors.concat(
        -1,
        rows.unsqueeze(1).expand(h, w, heads, eighth),
        columns.unsqueeze(0).expand(h, w, heads, eighth));
  }

  private static Tensor global(Tensor q, Tensor k, Tensor v) {
    Tensor attended = Softmax.attend(headsFirst(q), headsFirst(k), headsFirst(v));
    return attended.transpose(1, 2).reshape(q.size(0), q.size(1), q.size(2), q.size(3), v.size(4));
  }

  /** {@code [n, h, w, heads, d] -> [n, heads, h * w, d]}. */
  static Tensor headsFirst(Tensor x) {
    return x.reshape(x.size(0), x.size(1) * x.size(2), x.size(3), x.size(4)).transpose(1, 2);
  }

  @Override
  public Tensor merge(Tensor x, Tensor weight, int ph, int pw) {
    long n = x.size(0);
    long h = x.size(1) / ph;
    long w = x.size(2) / pw;
    long c = x.size(3);
    Tensor patches =
        x.reshape(n, h, ph, w, pw, c)
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(n, h, w, (long) ph * pw * c);
    return linear(patches, weight);
  }

  @Override
  public Tensor split(Tensor x, Tensor weight, int ph, int pw) {
    long n = x.size(0);
    long h = x.size(1);
    long w = x.size(2);
    long c = weight.size(0) / ((long) ph * pw);
    return linear(x, weight)
        .reshape(n, h, w, ph, pw, c)
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(n, h * ph, w * pw, c);
  }

  @Override
  public Tensor lerp(Tensor skip, Tensor x, Tensor factor) {
    return torch.lerp(skip, x.to(skip.scalar_type()), factor.to(skip.scalar_type()));
  }

  static Tensor atLeastFloat(Tensor x) {
    return switch (x.scalar_type().intern()) {
      case Float, Double -> x;
      default -> x.to(ScalarType.Float);
    };
  }
}
