package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.attention.AttentionKernel.Gradients;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Softmax attention of heads of 64 channels, from scaled and rotated q and k on. */
public abstract class AttentionBenchmark extends KernelBenchmark {

  static final int D = 64;

  private AttentionKernel kernel;
  private long q;
  private long k;
  private long v;
  private long out;
  private long kept;
  private long outGradient;
  private Gradients gradients;

  /** The kernel of the subclass's shape. */
  abstract AttentionKernel kernel();

  /** {@code images * heads * tokens} of that shape. */
  abstract int rows();

  @Setup
  public void allocate() {
    kernel = kernel();
    long floats = (long) rows() * D;
    q = buffers.floats(floats);
    k = buffers.floats(floats);
    v = buffers.floats(floats);
    out = buffers.floats(floats);
    outGradient = buffers.floats(floats);
    kept = buffers.bytes(kernel.keptBytes());
    gradients =
        new Gradients(buffers.floats(floats), buffers.floats(floats), buffers.floats(floats));
    kernel.forward(q, k, v, out, kept);
  }

  @Benchmark
  public void forward() {
    kernel.forward(q, k, v, out, kept);
  }

  @Benchmark
  public void backward() {
    kernel.backward(q, k, v, out, kept, outGradient, gradients);
  }
}
