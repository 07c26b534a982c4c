package dev.hourglass.architecture.primitive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Walks a definition on shapes, and writes down which parameters it declares and what it costs for
 * one image. Each operation says what it multiplies and what a plain autograd implementation in
 * fp32 keeps of it for the backward pass; {@code ModelCost} states the rules.
 */
public final class Ledger implements Primitives<Shape> {

  /** Iterations of a pseudo-inverse (Xiong et al. 2021). */
  public static final int PSEUDO_INVERSE_STEPS = 6;

  /** What all places of one walk write to. */
  private static final class Book {
    private final Map<String, ParameterSpec> parameters = new LinkedHashMap<>();
    private final List<Conditioned> conditioned = new ArrayList<>();
    private long macs;
    private long attentionMacs;
    private long keptFloats;
    private long keptBytes;

    void multiply(long count) {
      macs = Math.addExact(macs, count);
    }

    void keep(long floats) {
      keptFloats = Math.addExact(keptFloats, floats);
    }
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

  /**
   * A norm that the conditioning modulates.
   *
   * @param place the prefix of its parameters
   */
  public record Conditioned(String place, Modulation kind) {}

  /** The norms that asked for a {@link #modulation}. */
  public List<Conditioned> conditioned() {
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
        trained,
        book.macs,
        book.attentionMacs,
        Math.addExact(product(Float.BYTES, book.keptFloats), book.keptBytes));
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

  /** Keeps its result for each image: what it is multiplied with needs it. */
  @Override
  public List<Shape> modulation(Modulation kind, long channels) {
    long rows = product(kind.rows(), channels);
    Shape weight = Shape.of(rows, conditionWidth);
    declare(Modulation.WEIGHT, Start.zeros(), true, true, weight);
    if (kind.affine()) {
      declare(Modulation.BIAS, Start.zeros(), false, true, Shape.of(rows));
    }
    book.conditioned.add(new Conditioned(prefix, kind));
    book.multiply(weight.elements());
    book.keep(rows);
    return Collections.nCopies(kind.rows(), Shape.of(1, 1, channels));
  }

  @Override
  public long size(Shape x, int axis) {
    return x.size(axis);
  }

  /** Keeps its input. */
  @Override
  public Shape linear(Shape x, Shape weight, Optional<Shape> bias) {
    keep(x);
    book.multiply(product(x.elements(), weight.size(0)));
    return x.withLast(weight.size(0));
  }

  /** Keeps its input and one statistic a row. */
  @Override
  public Shape rmsNorm(Shape x, Shape scale) {
    keep(x);
    book.keep(rows(x));
    return x;
  }

  /** Keeps its input and two statistics a row. */
  @Override
  public Shape layerNorm(Shape x, Shape shift, Shape scale) {
    keep(x);
    book.keep(2 * rows(x));
    return x;
  }

  @Override
  public Shape add(Shape a, Shape b) {
    return a;
  }

  @Override
  public Shape scaled(Shape x, double factor) {
    return x;
  }

  @Override
  public Shape mean(List<Shape> parts) {
    return parts.getFirst();
  }

  @Override
  public Shape concat(Shape a, Shape b) {
    return a.withLast(a.size(-1) + b.size(-1));
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
    book.keep(rows(x));
    return x;
  }

  /** Turns back with the same angles: nothing is kept. */
  @Override
  public Shape rotate(Shape x, Shape frequencies, boolean exactAngles) {
    return x;
  }

  /** Keeps its input. */
  @Override
  public Shape perHead(Shape x, Shape factors) {
    keep(x);
    return x;
  }

  /** Keeps its input. */
  @Override
  public Shape squaredNorm(Shape x) {
    keep(x);
    return x.withLast(1);
  }

  /** A constant. */
  @Override
  public Shape sineCosine(String name, Shape tokens) {
    return declare(
        name, new Start.SineCosine(), false, 1, tokens.size(0), tokens.size(1), tokens.size(2));
  }

  /** A constant times its input: nothing is kept. */
  @Override
  public Shape blockMeans(Shape x, int rows, int columns) {
    return Shape.of(rows, columns, x.size(2), x.size(3));
  }

  /** A fused kernel: keeps q, k, v and the log of the softmax's sum, but not the scores. */
  @Override
  public Shape attend(Logits<Shape> logits, Shape v, AttentionPattern pattern) {
    Shape q = logits.queries();
    keep(q);
    keep(logits.keys());
    keep(v);
    logits.keyBias().ifPresent(this::keep);
    book.keep(rows(q));
    long keys = pattern.keys(v.size(0) * v.size(1));
    countAttention(product(keys, rows(q), q.size(-1) + v.size(-1)));
    return Shape.of(q.size(0), q.size(1), q.size(2), v.size(3));
  }

  /**
   * Six steps of four products; of each step the iterate and the three products before it are kept,
   * besides the attention matrix and what goes into the first and the last product.
   */
  @Override
  public Shape unmix(Logits<Shape> landmarks, Shape v) {
    Shape q = landmarks.queries();
    keep(q);
    keep(landmarks.keys());
    keep(v);
    landmarks.keyBias().ifPresent(this::keep);
    long heads = q.size(2);
    long tokens = q.size(0) * q.size(1);
    long matrix = product(heads, tokens, tokens);
    book.keep(product(4L * PSEUDO_INVERSE_STEPS + 2, matrix));
    countAttention(
        Math.addExact(
            product(tokens, q.elements() + v.elements()),
            product(4L * PSEUDO_INVERSE_STEPS, matrix, tokens)));
    return v;
  }

  private void countAttention(long macs) {
    book.multiply(macs);
    book.attentionMacs += macs;
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
    if (factor.elements() == x.elements()) {
      keep(factor);
    }
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

  /**
   * The product.
   *
   * @throws ArithmeticException from 2^63 on, as every count here
   */
  private static long product(long... factors) {
    return Arrays.stream(factors).reduce(1, Math::multiplyExact);
  }

  private void keep(Shape x) {
    book.keep(x.elements());
  }

  /** How many vectors of channels there are. */
  private static long rows(Shape x) {
    return x.elements() / x.size(-1);
  }
}
