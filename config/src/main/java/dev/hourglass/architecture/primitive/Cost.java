package dev.hourglass.architecture.primitive;

/**
 * What a part costs for one image.
 *
 * @param parameters trained numbers
 * @param macs multiply-accumulates of a forward pass
 * @param attentionMacs those of them between queries, keys and values
 * @param activationBytes what autograd keeps for the backward pass
 */
public record Cost(long parameters, long macs, long attentionMacs, long activationBytes) {

  static final Cost NONE = new Cost(0, 0, 0, 0);

  public Cost plus(Cost other) {
    return new Cost(
        parameters + other.parameters,
        macs + other.macs,
        attentionMacs + other.attentionMacs,
        activationBytes + other.activationBytes);
  }

  /** That of so many such parts. */
  public Cost times(long count) {
    return new Cost(
        count * parameters, count * macs, count * attentionMacs, count * activationBytes);
  }
}
