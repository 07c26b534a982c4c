package dev.hourglass.kernels.attention.dense;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.kernels.attention.AttentionKernel.Gradients;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.kernels.parallel.Workers;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What it computes is held to the definition by the tests of the model's parts. */
class LandmarkKernelTest {

  /** Two dense kernels, of 40,000 at most each, and products; vectors on the heap would be more. */
  private static final int FEW_BYTES = 100_000;

  private final Arena arena = Arena.ofShared();
  private final SplittableRandom random = new SplittableRandom(5);

  @AfterEach
  void free() {
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
    arena.close();
  }

  private long floats(int count) {
    long address = arena.allocate(4L * count, 64).address();
    for (int i = 0; i < count; i++) {
      Memory.setFloat(address + 4L * i, (float) random.nextGaussian());
    }
    return address;
  }

  /** A forward and a backward pass, and all that they write. */
  private final class Pass {
    private final LandmarkKernel kernel;
    private final int count;
    private final long[] inputs = new long[4];
    private final long[] results = new long[4];
    private final long kept;

    Pass(int images, int heads, int h, int w, int d, int rows, int columns) {
      kernel = new LandmarkKernel(images, heads, h, w, d, rows, columns, false);
      count = images * heads * h * w * d;
      for (int i = 0; i < 4; i++) {
        inputs[i] = floats(count);
        results[i] = floats(count);
      }
      kept = arena.allocate(kernel.keptBytes(), 64).address();
    }

    void run() {
      kernel.forward(inputs[0], inputs[1], inputs[2], results[0], kept);
      kernel.backward(
          inputs[0],
          inputs[1],
          inputs[2],
          results[0],
          kept,
          inputs[3],
          new Gradients(results[1], results[2], results[3]));
    }

    float[] written() {
      run();
      float[] all = new float[4 * count];
      for (int i = 0; i < all.length; i++) {
        all[i] = Memory.getFloat(results[i / count] + 4L * (i % count));
      }
      return all;
    }

    float[] outWithoutKeeping() {
      kernel.forward(inputs[0], inputs[1], inputs[2], results[0], 0);
      float[] out = new float[count];
      for (int i = 0; i < count; i++) {
        out[i] = Memory.getFloat(results[0] + 4L * i);
      }
      return out;
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 2, 3, 8, 1, 1", "2, 3, 6, 4, 16, 3, 2", "1, 2, 9, 8, 24, 9, 8"})
  void resultsAreTheSameOnAnyNumberOfThreadsAndWithNothingKept(
      int images, int heads, int h, int w, int d, int rows, int columns) {
    Pass pass = new Pass(images, heads, h, w, d, rows, columns);
    Workers.setThreads(1);
    float[] alone = pass.written();
    Workers.setThreads(3);
    float[] together = pass.written();
    assertThat(together).isEqualTo(alone).doesNotContain(Float.NaN);
    float[] out = pass.outWithoutKeeping();
    assertThat(out).isEqualTo(Arrays.copyOf(alone, out.length));
  }

  @WarmTest
  void warmKernelsAllocateNextToNothing() {
    Workers.setThreads(1);
    Pass pass = new Pass(2, 2, 8, 8, 16, 4, 4);
    WarmKernel.assertAllocatesLittle(FEW_BYTES, pass::run);
  }
}
