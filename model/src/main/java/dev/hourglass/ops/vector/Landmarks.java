package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.width;

import dev.hourglass.kernels.attention.BlockMeansKernel;
import dev.hourglass.kernels.attention.HeadPlanesKernel;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Nystrom attention, put together of our kernels' attention between tokens and landmarks (Xiong et
 * al. 2021; docs/model.md, 3.11); landmarks are few, so libtorch computes what is between them.
 *
 * @param rows landmarks in a column of the grid; likewise columns
 */
record Landmarks(int rows, int columns, AttentionKernels attentions) {

  /** {@code [n, h, w, 3 * heads * d] -> [n, h, w, heads * d]}. */
  Tensor attend(Tensor qkv, int heads, Blocks.Logits logits) {
    long n = qkv.size(0);
    int h = (int) qkv.size(1);
    int w = (int) qkv.size(2);
    int d = width(qkv) / 3 / heads;
    int tokens = h * w;
    HeadPlanesKernel kernel = new HeadPlanesKernel((int) n, tokens, heads, d, logits.form());
    long[] plane = {n, heads, tokens, d};
    Tensor[] inputs =
        Stream.concat(Stream.of(qkv), logits.scales().stream()).toArray(Tensor[]::new);
    Tensor[] planes =
        new HeadPlanesOp(
                kernel,
                plane,
                logits.scales().size(),
                attentions.tables(logits.rotary(), qkv, heads, d))
            .apply(inputs);
    Tensor q = planes[0];
    Tensor k = planes[1];
    Tensor qMean = means(q, h, w); // [n, heads, rows * columns, d]
    Tensor kMean = means(k, h, w);
    Tensor gathered = between(qMean, k, planes[2]); // B v, [n, landmarks, heads, d]
    Tensor unmixed = unmix(qMean, kMean, gathered.transpose(1, 2)); // A^+ B v
    return between(q, kMean, unmixed.contiguous()).reshape(n, h, w, (long) heads * d);
  }

  /** Means over the blocks of the grid, of planes. */
  private Tensor means(Tensor plane, int h, int w) {
    int planes = (int) (plane.size(0) * plane.size(1));
    BlockMeansKernel kernel = new BlockMeansKernel(planes, h, w, width(plane), rows, columns);
    return new BlockMeansOp(kernel).apply(plane)[0];
  }

  /** {@code A^+ v}; its few small products are libtorch's. */
  private static Tensor unmix(Tensor q, Tensor k, Tensor v) {
    Tensor a = torch.softmax(torch.matmul(q, k.transpose(-1, -2)), -1); // [n, heads, m, m]
    return torch.matmul(new PseudoInverseOp().apply(a.contiguous())[0], v);
  }

  private Tensor between(Tensor q, Tensor k, Tensor v) {
    return new PlaneAttentionOp(
            attentions.between(
                (int) q.size(0), (int) q.size(1), (int) q.size(2), (int) k.size(2), width(q)))
        .apply(q, k, v)[0];
  }
}
