package dev.hourglass.model;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.BinaryPart;
import dev.hourglass.architecture.primitive.DropoutPlace;
import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.architecture.primitive.Modulation;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;
import dev.hourglass.ops.Dropout;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.ops.TensorPrimitives;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
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

  /** Of all conditioned norms, by their places, {@code [n, 1, 1, rows * c]} each. */
  private final NavigableMap<String, Tensor> modulations;

  private final PositionCache.OfGrid positions;
  private final String prefix;

  TensorPass(
      Ops ops,
      Parameters parameters,
      TrainingPass training,
      NavigableMap<String, Tensor> modulations,
      PositionCache.OfGrid positions) {
    this(ops, parameters, training, modulations, positions, "");
  }

  /** A pass through parts without conditioned norms and positions. */
  TensorPass(Ops ops, Parameters parameters, TrainingPass training) {
    this(ops, parameters, training, new TreeMap<>(), new PositionCache().of(0, 0));
  }

  private TensorPass(
      Ops ops,
      Parameters parameters,
      TrainingPass training,
      NavigableMap<String, Tensor> modulations,
      PositionCache.OfGrid positions,
      String prefix) {
    this.ops = ops;
    this.parameters = parameters;
    this.training = training;
    this.modulations = modulations;
    this.positions = positions;
    this.prefix = prefix;
  }

  @Override
  public Primitives<Tensor> in(String name) {
    return new TensorPass(ops, parameters, training, modulations, positions, prefix + name + ".");
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
  public List<Tensor> modulation(Modulation kind, long channels) {
    Tensor rows = modulations.get(prefix);
    return kind.rows() == 1 ? List.of(rows) : List.of(rows.chunk(kind.rows(), -1).get());
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

  /** What the block depends on are x and the modulations of its norms. */
  private Tensor recomputed(Part block, Tensor x) {
    NavigableMap<String, Tensor> own =
        modulations.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
    List<String> names = List.copyOf(own.keySet());
    List<Tensor> inputs = new ArrayList<>(own.values());
    inputs.addFirst(x);
    return Recomputation.of(
        in -> {
          NavigableMap<String, Tensor> given = new TreeMap<>();
          IntStream.range(0, names.size()).forEach(i -> given.put(names.get(i), in[i + 1]));
          return new TensorPass(ops, parameters, training, given, positions, prefix)
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
  public Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias) {
    return ops.linear(x, weight, bias);
  }

  @Override
  public Tensor rmsNorm(Tensor x, Tensor scale) {
    return ops.rmsNorm(x, scale);
  }

  @Override
  public Tensor layerNorm(Tensor x, Tensor shift, Tensor scale) {
    return ops.layerNorm(x, shift, scale);
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
  public Tensor scaled(Tensor x, double factor) {
    return x.mul(new Scalar(factor));
  }

  @Override
  public Tensor mean(List<Tensor> parts) {
    return scaled(parts.stream().reduce(Tensor::add).orElseThrow(), 1.0 / parts.size());
  }

  @Override
  public Tensor concat(Tensor a, Tensor b) {
    return Tensors.concat(-1, a, b.to(a.scalar_type()));
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
    return positions.at(prefix, (int) x.size(1), frequencies, exactAngles);
  }

  @Override
  public Tensor perHead(Tensor x, Tensor factors) {
    return x.mul(factors.unsqueeze(-1).to(x.scalar_type()));
  }

  @Override
  public Tensor squaredNorm(Tensor x) {
    return ops.squaredNorm(x);
  }

  /** The checkpoint's, if it is of this grid; so it has the weights' type. */
  @Override
  public Tensor sineCosine(String name, Tensor tokens) {
    Tensor table = parameters.get(prefix + name);
    return table.size(1) == tokens.size(1) && table.size(2) == tokens.size(2)
        ? table
        : positions.sineCosine(table);
  }

  @Override
  public Tensor blockMeans(Tensor x, int rows, int columns) {
    return ops.blockMeans(x, rows, columns);
  }

  @Override
  public Tensor attend(Logits<Tensor> logits, Tensor v, AttentionPattern pattern) {
    return ops.attend(logits, v, pattern);
  }

  @Override
  public Tensor unmix(Logits<Tensor> landmarks, Tensor v) {
    return ops.unmix(landmarks, v);
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
