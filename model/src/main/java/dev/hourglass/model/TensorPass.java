package dev.hourglass.model;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.BinaryPart;
import dev.hourglass.architecture.primitive.DropoutPlace;
import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.ParameterSpec.Start;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.ops.Dropout;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.ops.TensorPrimitives;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * One forward pass: tensors flow through the definitions of the parts. It finds the weights of each
 * place by name, frees what a block leaves behind, and lets the provider take over the parts that
 * it has kernels for.
 */
final class TensorPass implements TensorPrimitives {

  private final Ops ops;
  private final Parameters parameters;
  private final TrainingPass training;

  /** Of all conditioned norms, by the names of their weights, {@code [n, 1, 1, c]} each. */
  private final NavigableMap<String, Tensor> normScales;

  private final RotaryCache.OfGrid rotaries;
  private final String prefix;

  TensorPass(
      Ops ops,
      Parameters parameters,
      TrainingPass training,
      NavigableMap<String, Tensor> normScales,
      RotaryCache.OfGrid rotaries) {
    this(ops, parameters, training, normScales, rotaries, "");
  }

  /** A pass through parts without conditioned norms and positions. */
  TensorPass(Ops ops, Parameters parameters, TrainingPass training) {
    this(ops, parameters, training, new TreeMap<>(), new RotaryCache().of(0, 0));
  }

  private TensorPass(
      Ops ops,
      Parameters parameters,
      TrainingPass training,
      NavigableMap<String, Tensor> normScales,
      RotaryCache.OfGrid rotaries,
      String prefix) {
    this.ops = ops;
    this.parameters = parameters;
    this.training = training;
    this.normScales = normScales;
    this.rotaries = rotaries;
    this.prefix = prefix;
  }

  @Override
  public Primitives<Tensor> in(String name) {
    return new TensorPass(ops, parameters, training, normScales, rotaries, prefix + name + ".");
  }

  /** Matters to the optimiser only. */
  @Override
  public Primitives<Tensor> slow() {
    return this;
  }

  @Override
  public Tensor declare(String name, Start start, boolean decays, long... shape) {
    return parameters.get(prefix + name);
  }

  @Override
  public Tensor conditionedScale(String name, long channels) {
    return normScales.get(prefix + name);
  }

  @Override
  public long size(Tensor x, int axis) {
    return x.size(axis);
  }

  @Override
  public Tensor apply(Part part, Tensor x) {
    return ops.fused(part, this, x).orElseGet(() -> part.apply(this, x));
  }

  @Override
  public Tensor block(Part block, Tensor x) {
    return training.checkpointing() ? recomputed(block, x) : Scope.of(() -> apply(block, x));
  }

  /** What the block depends on are x and the scales of its norms. */
  private Tensor recomputed(Part block, Tensor x) {
    NavigableMap<String, Tensor> own =
        normScales.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
    List<String> names = List.copyOf(own.keySet());
    List<Tensor> inputs = new ArrayList<>(own.values());
    inputs.addFirst(x);
    return Recomputation.of(
        in -> {
          NavigableMap<String, Tensor> scales = new TreeMap<>();
          IntStream.range(0, names.size()).forEach(i -> scales.put(names.get(i), in[i + 1]));
          return new TensorPass(ops, parameters, training, scales, rotaries, prefix)
              .apply(block, in[0]);
        },
        inputs.toArray(Tensor[]::new));
  }

  @Override
  public Tensor join(BinaryPart join, Tensor skip, Tensor x) {
    return Scope.of(
        () -> ops.fused(join, this, skip, x).orElseGet(() -> join.apply(this, skip, x)));
  }

  @Override
  public Tensor linear(Tensor x, Tensor weight) {
    return ops.linear(x, weight);
  }

  @Override
  public Tensor rmsNorm(Tensor x, Tensor scale) {
    return ops.rmsNorm(x, scale);
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return a.add(b);
  }

  @Override
  public Tensor multiply(Tensor a, Tensor b) {
    return a.mul(b);
  }

  @Override
  public List<Tensor> halves(Tensor x) {
    return List.of(x.chunk(2, -1).get());
  }

  @Override
  public Tensor map(Elementwise function, Tensor x) {
    return ops.map(function, x);
  }

  @Override
  public Tensor fourier(Tensor x, Tensor frequencies) {
    Tensor f = x.mul(new Scalar(2 * Math.PI)).matmul(frequencies.t());
    return Tensors.concat(-1, f.cos(), f.sin());
  }

  @Override
  public Tensor embedding(Tensor classes, Tensor table) {
    return torch.embedding(table, classes);
  }

  @Override
  public List<Tensor> heads(Tensor x, int parts, int heads) {
    long d = x.size(3) / parts / heads;
    TensorVector each = x.reshape(x.size(0), x.size(1), x.size(2), parts, heads, d).unbind(3);
    return List.of(each.get());
  }

  @Override
  public Tensor joinHeads(Tensor x) {
    return x.reshape(x.size(0), x.size(1), x.size(2), x.size(3) * x.size(4));
  }

  @Override
  public Tensor cosineScale(Tensor x, Tensor scale) {
    return ops.cosineScale(x, scale);
  }

  @Override
  public Tensor rotate(Tensor x, Tensor frequencies, boolean exactAngles) {
    return ops.rotate(x, rotary(x, frequencies, exactAngles));
  }

  @Override
  public RotaryTable rotary(Tensor x, Tensor frequencies, boolean exactAngles) {
    return rotaries.at(prefix, (int) x.size(1), frequencies, exactAngles);
  }

  @Override
  public Tensor attend(Tensor q, Tensor k, Tensor v, AttentionPattern pattern) {
    return ops.attend(q, k, v, pattern);
  }

  /** The residual stream keeps the weights' type, whatever the precision of products. */
  @Override
  public Tensor merge(Tensor x, Tensor weight, int rows, int columns) {
    return Scope.of(() -> ops.merge(x, weight, rows, columns).to(weight.scalar_type()));
  }

  @Override
  public Tensor split(Tensor x, Tensor weight, int rows, int columns) {
    return ops.split(x, weight, rows, columns);
  }

  @Override
  public Tensor lerp(Tensor skip, Tensor x, Tensor factor) {
    return ops.lerp(skip, x, factor);
  }

  @Override
  public Tensor dropout(Tensor x, DropoutPlace place) {
    return dropout(place).apply(x);
  }

  @Override
  public Dropout dropout(DropoutPlace place) {
    return training.dropoutAt(place);
  }
}
