package dev.hourglass.ops.vector;

import dev.hourglass.kernels.product.Weight;
import dev.hourglass.ops.Precision;
import org.bytedeco.pytorch.Tensor;

/** Weight tensors in the forms that products want, made again when a tensor has changed. */
final class Weights {

  private static final class Entry {
    private final Weight weight;
    private long version = -1;
    private long address;

    Entry(Weight weight) {
      this.weight = weight;
    }
  }

  private final boolean bfloat16;
  private final IdentityCache<Tensor, Entry> floats = new IdentityCache<>();
  private final IdentityCache<Tensor, Entry> bfloats = new IdentityCache<>();

  Weights(Precision precision) {
    this.bfloat16 = precision == Precision.BF16;
  }

  /** Whether products with all these weights can be in bfloat16, and shall be. */
  boolean inBfloat16(Tensor... weights) {
    boolean fits = bfloat16;
    for (Tensor weight : weights) {
      fits &= Weight.fitsBfloat16((int) weight.size(0), (int) weight.size(1));
    }
    return fits;
  }

  /** The weight of a dense {@code [out, in]} tensor that has not changed while it is used. */
  Weight of(Tensor tensor, boolean inBfloat16) {
    Entry entry =
        (inBfloat16 ? bfloats : floats)
            .get(
                tensor,
                () ->
                    new Entry(new Weight((int) tensor.size(0), (int) tensor.size(1), inBfloat16)));
    long version = tensor._version();
    long address = TensorMemory.address(tensor);
    if (entry.version != version || entry.address != address) {
      entry.weight.update(address);
      entry.version = version;
      entry.address = address;
    }
    return entry.weight;
  }
}
