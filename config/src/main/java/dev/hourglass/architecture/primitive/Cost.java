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
        Math.addExact(parameters, other.parameters),
        Math.addExact(macs, other.macs),
        Math.addExact(attentionMacs, other.attentionMacs),
        Math.addExact(activationBytes, other.activationBytes));
  }

  /** That of so many such parts. */
  public Cost times(long count) {
    return new Cost(
        Math.multiplyExact(count, parameters),
        Math.multiplyExact(count, macs),
        Math.multiplyExact(count, attentionMacs),
        Math.multiplyExact(count, activationBytes));
  }
}
