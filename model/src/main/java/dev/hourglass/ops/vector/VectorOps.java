package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.rows;
import static dev.hourglass.ops.vector.TensorMemory.width;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.BinaryPart;
import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.architecture.primitive.Modulation;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.kernels.attention.LogitForm;
import dev.hourglass.kernels.block.Activation;
import dev.hourglass.kernels.block.Curve;
import dev.hourglass.kernels.machine.Processor;
import dev.hourglass.kernels.norm.NormKernel;
import dev.hourglass.kernels.norm.NormScalesKernel;
import dev.hourglass.kernels.product.Gemm;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.resample.MergeKernel;
import dev.hourglass.kernels.resample.PatchGrid;
import dev.hourglass.kernels.resample.SplitKernel;
import dev.hourglass.ops.Dropout;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.ops.TensorPrimitives;
import dev.hourglass.ops.vector.BlockTensors.Name;
import dev.hourglass.tensor.Tensors;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Every operation by our own kernels, forward and backward, with whole blocks fused. They compute
 * float32 tensors on the CPU; anything else goes to {@link ReferenceOps}.
 */
public final class VectorOps implements Ops {

  private static final Activation GEGLU = new Activation(Curve.GELU, true);

  private final Precision precision;
  private final ReferenceOps reference;
  private final Weights weights;
  private final Fusions fusions = new Fusions(this);
  private final Blocks blocks;

  public VectorOps(Precision precision) {
    this.precision = precision;
    this.reference = new ReferenceOps(precision);
    this.weights = new Weights(precision);
    AttentionKernels attentions = new AttentionKernels(precision == Precision.BF16);
    this.blocks = new Blocks(weights, attentions);
  }

  @Override
  public String name() {
    return "vector (our own, %s; %s, products by %s)"
        .formatted(
            precision.name().toLowerCase(Locale.ROOT), Processor.describe(), Gemm.description());
  }

  @Override
  public Optional<Tensor> fused(Part part, TensorPrimitives on, Tensor x) {
    return fusions.of(part, on, x);
  }

  @Override
  public Optional<Tensor> fused(BinaryPart join, TensorPrimitives on, Tensor skip, Tensor x) {
    return fusions.of(join, on, skip, x);
  }

  /** Whole blocks, for parts that combine others than the paper's. */
  Blocks blocks() {
    return blocks;
  }

  /** Whether our kernels can read these tensors: dense, float32, on the CPU. */
  static boolean fits(Tensor... tensors) {
    for (Tensor tensor : tensors) {
      if (tensor.scalar_type().intern() != ScalarType.Float
          || !tensor.device().is_cpu()
          || !tensor.is_contiguous()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias) {
    Tensor dense = x.contiguous();
    if (!fits(dense, weight)) {
      return reference.linear(x, weight, bias);
    }
    Tensor product = product(dense, weight);
    return bias.map(product::add).orElse(product);
  }

  private Tensor product(Tensor dense, Tensor weight) {
    PatchGrid plain = new PatchGrid(1, 1, 1, width(dense));
    Weight form = weights.of(weight, weights.inBfloat16(weight));
    long[] shape = Tensors.shape(dense);
    shape[shape.length - 1] = weight.size(0);
    MergeKernel kernel = new MergeKernel(1, rows(dense), plain, form);
    return new MergeOp(kernel, shape, dense.requires_grad()).apply(dense, weight)[0];
  }

  @Override
  public Tensor rmsNorm(Tensor x, Tensor scale) {
    Tensor dense = x.contiguous();
    if (!fits(dense, scale)) {
      return reference.rmsNorm(x, scale);
    }
    int images = scaleRows(dense, scale);
    NormKernel kernel = new NormKernel(images, rows(dense) / images, width(dense));
    return new NormOp(kernel, NormForm.RMS).apply(dense, scale)[0];
  }

  /** How many rows a norm's scale has: 1 for all tokens, or one for each image of x. */
  static int scaleRows(Tensor x, Tensor scale) {
    int count = rows(scale);
    if (width(scale) != width(x) || (count != 1 && count != x.size(0))) {
      throw new IllegalArgumentException(
          "a norm's scale needs one row, or one for each of %d images, not %d"
              .formatted(x.size(0), count));
    }
    return count;
  }

  @Override
  public Tensor layerNorm(Tensor x, Tensor shift, Tensor scale) {
    Tensor dense = x.contiguous();
    if (!fits(dense, shift.contiguous(), scale.contiguous())) {
      return reference.layerNorm(x, shift, scale);
    }
    NormKernel kernel =
        new NormKernel((int) x.size(0), rows(dense) / (int) x.size(0), width(dense));
    return new NormOp(kernel, NormForm.LAYER)
        .apply(dense, BlockInputs.perImage(scale, x), BlockInputs.perImage(shift, x))[0];
  }

  @Override
  public List<Tensor> modulations(Modulation kind, Tensor cond, List<ModulationLayer> layers) {
    Tensor[] inputs =
        Stream.concat(Stream.of(cond.contiguous()), layers.stream().map(ModulationLayer::weight))
            .toArray(Tensor[]::new);
    if (kind != Modulation.SCALE || !fits(inputs)) {
      return reference.modulations(kind, cond, layers);
    }
    int[] widths = layers.stream().mapToInt(layer -> (int) layer.weight().size(0)).toArray();
    NormScalesKernel kernel = new NormScalesKernel(rows(cond), width(cond), widths);
    return List.of(new NormScalesOp(kernel, widths.length).apply(inputs));
  }

  @Override
  public Tensor map(Elementwise function, Tensor x) {
    Tensor dense = x.contiguous();
    Optional<Curve> curve = Fusions.curve(function);
    if (curve.isPresent() && fits(dense)) {
      return activate(new Activation(curve.get(), false), dense);
    }
    Notice.of(function + " by itself");
    return reference.map(function, x);
  }

  @Override
  public Tensor geglu(Tensor x, Tensor upWeight) {
    Tensor up = linear(x, upWeight);
    return fits(up) ? activate(GEGLU, up) : reference.geglu(x, upWeight);
  }

  /** Of the up projection's result. */
  static Tensor activate(Activation activation, Tensor up) {
    return new ActivationOp(activation, width(up) / activation.branches()).apply(up)[0];
  }

  @Override
  public Tensor cosineScale(Tensor x, Tensor scale) {
    Notice.of("cosine scaling by itself");
    return reference.cosineScale(x, scale);
  }

  @Override
  public Tensor rotate(Tensor x, RotaryTable rotary) {
    Notice.of("rotation by itself");
    return reference.rotate(x, rotary);
  }

  @Override
  public Tensor squaredNorm(Tensor x) {
    return reference.squaredNorm(x);
  }

  @Override
  public Tensor blockMeans(Tensor x, int rows, int columns) {
    return reference.blockMeans(x, rows, columns);
  }

  @Override
  public Tensor attend(Logits<Tensor> logits, Tensor v, AttentionPattern pattern) {
    Notice.of("attention without its scaling and rotation");
    return reference.attend(logits, v, pattern);
  }

  @Override
  public Tensor unmix(Logits<Tensor> landmarks, Tensor v) {
    Notice.of("the pseudo-inverse of Nystrom attention");
    return reference.unmix(landmarks, v);
  }

  @Override
  public Tensor attention(Tensor qkv, Tensor scale, RotaryTable rotary, AttentionPattern pattern) {
    Tensor dense = qkv.contiguous();
    if (!fits(dense, scale)) {
      return reference.attention(qkv, scale, rotary, pattern);
    }
    return blocks.attend(dense, (int) scale.size(0), cosine(scale, rotary), new Sight.Of(pattern));
  }

  private static Blocks.Logits cosine(Tensor scale, RotaryTable rotary) {
    return new Blocks.Logits(LogitForm.COSINE, List.of(scale), Optional.of(rotary));
  }

  @Override
  public Tensor merge(Tensor x, Tensor weight, int ph, int pw) {
    Tensor dense = x.contiguous(); // [n, h, w, c]
    if (!fits(dense, weight)) {
      return reference.merge(x, weight, ph, pw);
    }
    int h = (int) (dense.size(1) / ph);
    int w = (int) (dense.size(2) / pw);
    PatchGrid grid = new PatchGrid(w, ph, pw, width(dense));
    Weight form = weights.of(weight, weights.inBfloat16(weight));
    MergeKernel kernel = new MergeKernel((int) dense.size(0), h * w, grid, form);
    long[] shape = {dense.size(0), h, w, weight.size(0)};
    return new MergeOp(kernel, shape, dense.requires_grad()).apply(dense, weight)[0];
  }

  @Override
  public Tensor split(Tensor x, Tensor weight, int ph, int pw) {
    Tensor dense = x.contiguous();
    if (!fits(dense, weight)) {
      return reference.split(x, weight, ph, pw);
    }
    return splitOp(dense, weight, ph, pw, MixForm.ALONE).apply(dense, weight)[0];
  }

  /** Split tokens mixed with what the mix has of skip and factor; x and they fit our kernels. */
  Tensor split(
      Tensor x,
      Tensor weight,
      int ph,
      int pw,
      MixForm mix,
      Optional<Tensor> skip,
      Optional<Tensor> factor) {
    Tensor[] inputs =
        Stream.of(Optional.of(x), Optional.of(weight), skip, factor)
            .flatMap(Optional::stream)
            .toArray(Tensor[]::new);
    return splitOp(x, weight, ph, pw, mix).apply(inputs)[0];
  }

  private SplitOp splitOp(Tensor x, Tensor weight, int ph, int pw, MixForm mix) {
    int h = (int) x.size(1);
    int w = (int) x.size(2);
    int channels = (int) (weight.size(0) / ph / pw);
    PatchGrid grid = new PatchGrid(w, ph, pw, channels);
    Weight form = weights.of(weight, weights.inBfloat16(weight));
    long[] shape = {x.size(0), (long) h * ph, (long) w * pw, channels};
    return new SplitOp(new SplitKernel((int) x.size(0), h * w, grid, form), shape, mix);
  }

  @Override
  public Tensor lerp(Tensor skip, Tensor x, Tensor factor) {
    return reference.lerp(skip, x, factor);
  }

  @Override
  public Tensor splitLerp(Tensor skip, Tensor x, Tensor weight, int ph, int pw, Tensor factor) {
    Tensor dense = x.contiguous();
    if (!fits(dense, skip, weight, factor)) {
      return reference.splitLerp(skip, x, weight, ph, pw, factor);
    }
    return splitOp(dense, weight, ph, pw, MixForm.LERP).apply(dense, weight, skip, factor)[0];
  }

  @Override
  public Tensor attentionBlock(
      Tensor x,
      Tensor normScale,
      AttentionWeights w,
      RotaryTable rotary,
      AttentionPattern pattern,
      Dropout dropout) {
    if (!fits(x, normScale, w.qkv(), w.scale(), w.out())) {
      return reference.attentionBlock(x, normScale, w, rotary, pattern, dropout);
    }
    BlockInputs inputs = inputs(x, normScale, w.qkv(), w.out());
    int heads = (int) w.scale().size(0);
    return blocks.attention(
        inputs, heads, cosine(w.scale(), rotary), new Sight.Of(pattern), dropout);
  }

  private static BlockInputs inputs(Tensor x, Tensor normScale, Tensor in, Tensor out) {
    scaleRows(x, normScale);
    Map<Name, Tensor> tensors = new EnumMap<>(Name.class);
    tensors.put(Name.X, x);
    tensors.put(Name.SCALE, normScale);
    tensors.put(Name.IN, in);
    tensors.put(Name.OUT, out);
    return new BlockInputs(NormForm.RMS, tensors);
  }

  @Override
  public Tensor feedForwardBlock(
      Tensor x, Tensor normScale, FeedForwardWeights w, Dropout dropout) {
    if (!fits(x, normScale, w.up(), w.down())) {
      return reference.feedForwardBlock(x, normScale, w, dropout);
    }
    return blocks.feedForward(inputs(x, normScale, w.up(), w.down()), GEGLU, dropout);
  }
}
