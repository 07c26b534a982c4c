package dev.hourglass.architecture.primitive;

import dev.hourglass.architecture.primitive.ParameterSpec.Start;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Walks a definition on shapes, and writes down which parameters it declares and what it costs for
 * one image. Each operation says what it multiplies and what a plain autograd implementation in
 * fp32 keeps of it for the backward pass; {@code ModelCost} states the rules.
 */
public final class Ledger implements Primitives<Shape> {

  /** What all places of one walk write to. */
  private static final class Book {
    private final Map<String, ParameterSpec> parameters = new LinkedHashMap<>();
    private final List<String> conditioned = new ArrayList<>();
    private long macs;
    private long attentionMacs;
    private long keptFloats;
    private long keptBytes;
  }

  private final Book book;
  private final String prefix;
  private final boolean slow;
  private final int conditionWidth;

  /**
   * An empty one.
   *
   * @param conditionWidth channels of the conditioning vector
   */
  public Ledger(int conditionWidth) {
    this(new Book(), "", false, conditionWidth);
  }

  private Ledger(Book book, String prefix, boolean slow, int conditionWidth) {
    this.book = book;
    this.prefix = prefix;
    this.slow = slow;
    this.conditionWidth = conditionWidth;
  }

  /** The parameters declared so far, in that order. */
  public List<ParameterSpec> parameters() {
    return List.copyOf(book.parameters.values());
  }

  /** The names of the weights that {@link #conditionedScale} asked for. */
  public List<String> conditioned() {
    return Collections.unmodifiableList(book.conditioned);
  }

  /** The cost so far. */
  public Cost cost() {
    long trained =
        book.parameters.values().stream()
            .filter(ParameterSpec::trained)
            .mapToLong(ParameterSpec::elements)
            .sum();
    return new Cost(
        trained, book.macs, book.attentionMacs, Float.BYTES * book.keptFloats + book.keptBytes);
  }

  @Override
  public Primitives<Shape> in(String name) {
    return new Ledger(book, prefix + name + ".", slow, conditionWidth);
  }

  @Override
  public Primitives<Shape> slow() {
    return new Ledger(book, prefix, true, conditionWidth);
  }

  @Override
  public Shape declare(String name, Start start, boolean decays, long... shape) {
    return declare(name, start, decays, slow, Shape.of(shape));
  }

  private Shape declare(String name, Start start, boolean decays, boolean isSlow, Shape shape) {
    ParameterSpec spec = new ParameterSpec(prefix + name, shape.sizes(), start, decays, isSlow);
    ParameterSpec known = book.parameters.putIfAbsent(spec.name(), spec);
    if (known != null && !known.equals(spec)) {
      throw new IllegalStateException("two parameters are named " + spec.name());
    }
    return shape;
  }

  /** Keeps its result for each image: what the scale is multiplied with needs it. */
  @Override
  public Shape conditionedScale(String name, long channels) {
    declare(name, Start.ZEROS, true, true, Shape.of(channels, conditionWidth));
    book.conditioned.add(prefix + name);
    book.macs += channels * conditionWidth;
    book.keptFloats += channels;
    return Shape.of(1, 1, channels);
  }

  @Override
  public long size(Shape x, int axis) {
    return x.size(axis);
  }

  /** Keeps its input. */
  @Override
  public Shape linear(Shape x, Shape weight) {
    keep(x);
    book.macs += x.elements() * weight.size(0);
    return x.withLast(weight.size(0));
  }

  /** Keeps its input and one statistic a row. */
  @Override
  public Shape rmsNorm(Shape x, Shape scale) {
    keep(x);
    book.keptFloats += rows(x);
    return x;
  }

  @Override
  public Shape add(Shape a, Shape b) {
    return a;
  }

  /** Keeps both factors. */
  @Override
  public Shape multiply(Shape a, Shape b) {
    keep(a);
    keep(b);
    return a;
  }

  @Override
  public List<Shape> halves(Shape x) {
    Shape half = x.withLast(x.size(-1) / 2);
    return List.of(half, half);
  }

  /** Keeps its input. */
  @Override
  public Shape map(Elementwise function, Shape x) {
    keep(x);
    return x;
  }

  /** Not counted: the input is a constant, and so are the frequencies. */
  @Override
  public Shape fourier(Shape x, Shape frequencies) {
    return x.withLast(2 * frequencies.size(0));
  }

  @Override
  public Shape embedding(Shape classes, Shape table) {
    return Shape.of(table.size(1));
  }

  @Override
  public List<Shape> heads(Shape x, int parts, int heads) {
    Shape one = Shape.of(x.size(0), x.size(1), heads, x.size(2) / parts / heads);
    return Collections.nCopies(parts, one);
  }

  @Override
  public Shape joinHeads(Shape x) {
    return Shape.of(x.size(0), x.size(1), x.size(2) * x.size(3));
  }

  /** Keeps its input and one statistic a head and token. */
  @Override
  public Shape cosineScale(Shape x, Shape scale) {
    keep(x);
    book.keptFloats += rows(x);
    return x;
  }

  /** Turns back with the same angles: nothing is kept. */
  @Override
  public Shape rotate(Shape x, Shape frequencies, boolean exactAngles) {
    return x;
  }

  /** A fused kernel: keeps q, k, v and the log of the softmax's sum, but not the scores. */
  @Override
  public Shape attend(Shape q, Shape k, Shape v, AttentionPattern pattern) {
    keep(q);
    keep(k);
    keep(v);
    book.keptFloats += rows(q);
    long tokens = q.size(0) * q.size(1);
    long macs = pattern.keys(tokens) * (q.elements() + v.elements());
    book.macs += macs;
    book.attentionMacs += macs;
    return v;
  }

  @Override
  public Shape merge(Shape x, Shape weight, int rows, int columns) {
    long patch = x.size(2) * rows * columns;
    return linear(Shape.of(x.size(0) / rows, x.size(1) / columns, patch), weight);
  }

  @Override
  public Shape split(Shape x, Shape weight, int rows, int columns) {
    Shape y = linear(x, weight);
    return Shape.of(y.size(0) * rows, y.size(1) * columns, y.size(2) / rows / columns);
  }

  /** Keeps both, for the gradient of the factor. */
  @Override
  public Shape lerp(Shape skip, Shape x, Shape factor) {
    keep(skip);
    keep(x);
    return skip;
  }

  /** Keeps its result beside its input, and a mask of one byte an element. */
  @Override
  public Shape dropout(Shape x, DropoutPlace place) {
    if (place.rate() > 0) {
      keep(x);
      book.keptBytes += x.elements();
    }
    return x;
  }

  private void keep(Shape x) {
    book.keptFloats += x.elements();
  }

  /** How many vectors of channels there are. */
  private static long rows(Shape x) {
    return x.elements() / x.size(-1);
  }
}
