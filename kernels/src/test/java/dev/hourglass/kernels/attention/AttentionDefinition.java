package dev.hourglass.kernels.attention;

import java.util.Map;

/**
 * What attention is by definition, in double precision, where queries see some keys only; and the
 * gradients of q, k and v.
 */
public final class AttentionDefinition {

  /** Whether a query sees a key. */
  @FunctionalInterface
  public interface Sight {
    boolean sees(int query, int key);
  }

  /** Sizes: q, k and v are {@code [images, heads, tokens, d]}, results in the kernels' layouts. */
  record Shape(int images, int heads, int tokens, int d) {}

  private final Shape shape;
  private final Sight sight;
  private final double[] q;
  private final double[] k;
  private final double[] v;
  private final double[] outGradient;
  private final double[] out;
  private final double[] qGradient;
  private final double[] kGradient;
  private final double[] vGradient;
  private final double[] qTerms;
  private final double[] kTerms;
  private final double[] vTerms;

  private AttentionDefinition(
      Shape shape, Sight sight, double[] q, double[] k, double[] v, double[] outGradient) {
    this.shape = shape;
    this.sight = sight;
    this.q = q;
    this.k = k;
    this.v = v;
    this.outGradient = outGradient;
    out = new double[q.length];
    qGradient = new double[q.length];
    kGradient = new double[q.length];
    vGradient = new double[q.length];
    qTerms = new double[q.length];
    kTerms = new double[q.length];
    vTerms = new double[q.length];
  }

  /**
   * The result and the gradients, by the names of {@link DenseAttentionCase.Results}; and as "terms
   * of" them how much cancels. A score's gradient is a difference, near 0 where a query sees one
   * key more than all others. It is rounded a few times, not as often as a long sum. A probability
   * is off by what its score is, and the way back may sum a score in another order than the way
   * there, whose probabilities add up to 1.
   */
  static Map<String, double[]> results(
      Shape shape, Sight sight, double[] q, double[] k, double[] v, double[] outGradient) {
    var definition = new AttentionDefinition(shape, sight, q, k, v, outGradient);
    for (int plane = 0; plane < shape.images * shape.heads; plane++) {
      for (int query = 0; query < shape.tokens; query++) {
        definition.addQuery(plane, query);
      }
    }
    double[] none = new double[q.length];
    return Map.of(
        "out",
        definition.out,
        "terms of out",
        none,
        "gradient of q",
        definition.qGradient,
        "terms of gradient of q",
        definition.qTerms,
        "gradient of k",
        definition.kGradient,
        "terms of gradient of k",
        definition.kTerms,
        "gradient of v",
        definition.vGradient,
        "terms of gradient of v",
        definition.vTerms);
  }

  private void addQuery(int plane, int query) {
    int d = shape.d;
    int head = plane * shape.tokens * d;
    int ofQuery = head + query * d;
    int heads = shape.heads;
    int ofRow = ((plane / heads * shape.tokens + query) * heads + plane % heads) * d;
    double[] p = probabilities(head, ofQuery, query);
    double[] pGradient = new double[shape.tokens];
    double mean = 0;
    double[] pTerms = new double[shape.tokens];
    double meanTerms = 0;
    double[] scoreTerms = scoreTerms(head, ofQuery);
    for (int key = 0; key < shape.tokens; key++) {
      for (int c = 0; c < d; c++) {
        int i = head + key * d + c;
        out[ofRow + c] += p[key] * v[i];
        pGradient[key] += outGradient[ofRow + c] * v[i];
        pTerms[key] += Math.abs(outGradient[ofRow + c] * v[i]);
        vGradient[i] += p[key] * outGradient[ofRow + c];
        vTerms[i] += scoreTerms[key] * p[key] * Math.abs(outGradient[ofRow + c]) / 8;
      }
      mean += p[key] * pGradient[key];
      meanTerms += p[key] * pTerms[key];
    }
    for (int key = 0; key < shape.tokens; key++) {
      double scoreGradient = p[key] * (pGradient[key] - mean);
      double terms =
          (p[key] * (pTerms[key] + meanTerms) + Math.abs(scoreGradient) * scoreTerms[key]) / 8;
      for (int c = 0; c < d; c++) {
        int i = head + key * d + c;
        qGradient[ofQuery + c] += scoreGradient * k[i];
        kGradient[i] += scoreGradient * q[ofQuery + c];
        qTerms[ofQuery + c] += terms * Math.abs(k[i]);
        kTerms[i] += terms * Math.abs(q[ofQuery + c]);
      }
    }
  }

  /** How large the scores of a query would be if nothing cancelled. */
  private double[] scoreTerms(int head, int ofQuery) {
    double[] terms = new double[shape.tokens];
    for (int key = 0; key < terms.length; key++) {
      for (int c = 0; c < shape.d; c++) {
        terms[key] += Math.abs(q[ofQuery + c] * k[head + key * shape.d + c]);
      }
    }
    return terms;
  }

  private double[] probabilities(int head, int ofQuery, int query) {
    int d = shape.d;
    double[] p = new double[shape.tokens];
    double max = Double.NEGATIVE_INFINITY;
    for (int key = 0; key < p.length; key++) {
      for (int c = 0; c < d; c++) {
        p[key] += q[ofQuery + c] * k[head + key * d + c];
      }
      if (!sight.sees(query, key)) {
        p[key] = Double.NEGATIVE_INFINITY;
      }
      max = Math.max(max, p[key]);
    }
    double sum = 0;
    for (int key = 0; key < p.length; key++) {
      p[key] = Math.exp(p[key] - max);
      sum += p[key];
    }
    for (int key = 0; key < p.length; key++) {
      p[key] /= sum;
    }
    return p;
  }
}
