package dev.hourglass.kernels.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.kernels.attention.HeadScales;
import dev.hourglass.kernels.attention.LogitForm;
import dev.hourglass.kernels.attention.dense.GlobalKernel;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.kernels.norm.ImageRows;
import dev.hourglass.kernels.norm.LayerModulation;
import dev.hourglass.kernels.norm.NormScale;
import dev.hourglass.kernels.norm.ShiftedNorm;
import dev.hourglass.kernels.norm.TokenNorm;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.rotary.RotaryTables;
import java.lang.foreign.Arena;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole blocks with every small parameter: what they allocate, and on how many threads they run.
 */
class BlockKernelsTest {

  private static final int IMAGES = 3;
  private static final int TOKENS = 48;
  private static final int WIDTH = 40;
  private static final int HIDDEN = 56;
  private static final int D = 8;
  private static final int FLOATS = IMAGES * TOKENS * WIDTH;

  /** Records of chunks and slices, but no vectors. */
  private static final long FEW_BYTES = 60_000;

  private final Arena arena = Arena.ofShared();
  private long seed;

  @AfterEach
  void free() {
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
    arena.close();
  }

  /** Numbers between -1 and 1, always the same. */
  private long floats(long count) {
    long address = arena.allocate(4 * count, 64).address();
    for (long i = 0; i < count; i++) {
      seed = seed * 6364136223846793005L + 1442695040888963407L;
      Memory.setFloat(address + 4 * i, (seed >> 40) * 0x1p-23f);
    }
    return address;
  }

  private long bytes(long count) {
    return arena.allocate(count, 64).address();
  }

  private Weight weight(int out, int in) {
    Weight weight = new Weight(out, in, false);
    weight.update(floats((long) out * in));
    return weight;
  }

  private ImageRows rows() {
    return new ImageRows(floats(IMAGES * 3L * WIDTH), 12L * WIDTH);
  }

  /** A forward and a backward pass, and all that they wrote. */
  private final class Pass {
    final long x = floats(FLOATS);
    final long dy = floats(FLOATS);
    final long y = floats(FLOATS);
    final long dx = floats(FLOATS);
    final TokenNorm.Gradients norm =
        new TokenNorm.Gradients(floats(IMAGES * WIDTH), floats(IMAGES * WIDTH));
    final long gate = floats(IMAGES * WIDTH);
    final long inBias = floats(3L * WIDTH);
    final long outBias = floats(WIDTH);
    final long inWeight = floats(4L * WIDTH * WIDTH);
    final long outWeight = floats(4L * WIDTH * WIDTH);
    final BlockGradients gradients =
        new BlockGradients(dx, norm, inWeight, inBias, outWeight, outBias, gate);

    /** All gradients and y, as far as both kinds of block have them. */
    float[] results() {
      long[] places = {
        y, dx, norm.scale(), norm.shift(), gate, inBias, outBias, inWeight, outWeight
      };
      int[] counts = {
        FLOATS, FLOATS, WIDTH, WIDTH, WIDTH, WIDTH, WIDTH, WIDTH * WIDTH, WIDTH * WIDTH
      };
      float[] all = new float[IntStream.of(counts).sum()];
      int next = 0;
      for (int i = 0; i < places.length; i++) {
        for (int j = 0; j < counts[i]; j++) {
          all[next++] = Memory.getFloat(places[i] + 4L * j);
        }
      }
      return all;
    }
  }

  private BlockParameters parameters(TokenNorm norm) {
    return new BlockParameters(norm, floats(3L * WIDTH), floats(WIDTH), rows());
  }

  private Runnable feedForward(Pass pass, Activation activation, TokenNorm norm) {
    int up = activation.branches() * HIDDEN;
    FeedForwardKernel kernel =
        new FeedForwardKernel(
            IMAGES, TOKENS, activation, weight(up, WIDTH), weight(WIDTH, HIDDEN), true);
    BlockParameters parameters = parameters(norm);
    long kept = bytes(kernel.keptBytes());
    long work = bytes(kernel.workBytes());
    return () -> {
      kernel.forward(pass.x, parameters, TokenDropout.NONE, pass.y, kept);
      kernel.backward(pass.x, parameters, TokenDropout.NONE, kept, pass.dy, work, pass.gradients);
    };
  }

  private Runnable attention(Pass pass, LogitForm form, TokenNorm norm) {
    int heads = WIDTH / D;
    AttentionBlockKernel kernel =
        new AttentionBlockKernel(
            IMAGES,
            TOKENS,
            heads,
            weight(3 * WIDTH, WIDTH),
            weight(WIDTH, WIDTH),
            form,
            new GlobalKernel(IMAGES, heads, TOKENS, form.planeWidth(D), false),
            true);
    BlockParameters parameters = parameters(norm);
    RotaryTables still = RotaryTables.still(6, 8, heads, D);
    long ones = floats(D);
    for (int i = 0; i < D; i++) {
      Memory.setFloat(ones + 4L * i, 1);
    }
    HeadScales scales = new HeadScales(ones, ones);
    HeadScales gradients = new HeadScales(floats(D), floats(D));
    long kept = bytes(kernel.keptBytes());
    long work = bytes(kernel.workBytes());
    return () -> {
      kernel.forward(pass.x, parameters, scales, still, TokenDropout.NONE, pass.y, kept);
      kernel.backward(
          pass.x,
          parameters,
          scales,
          still,
          TokenDropout.NONE,
          kept,
          pass.dy,
          work,
          pass.gradients,
          gradients);
    };
  }

  private TokenNorm layer() {
    return new LayerModulation(rows(), rows());
  }

  private TokenNorm shifted() {
    return new ShiftedNorm(new NormScale(floats(WIDTH), false), rows());
  }

  @ParameterizedTest
  @EnumSource(LogitForm.class)
  void resultsAreTheSameOnAnyNumberOfThreads(LogitForm form) {
    Pass pass = new Pass();
    for (Runnable block :
        new Runnable[] {
          attention(pass, form, layer()),
          attention(pass, form, shifted()),
          feedForward(pass, new Activation(Curve.SILU, true), layer()),
          feedForward(pass, new Activation(Curve.ELU, false), shifted())
        }) {
      Workers.setThreads(1);
      block.run();
      float[] alone = pass.results();
      Workers.setThreads(3);
      block.run();
      assertThat(pass.results()).isEqualTo(alone);
    }
  }

  @Test
  void aGateThatTheKernelWasNotMadeForIsRefused() {
    Pass pass = new Pass();
    FeedForwardKernel kernel =
        new FeedForwardKernel(
            IMAGES,
            TOKENS,
            new Activation(Curve.GELU, false),
            weight(HIDDEN, WIDTH),
            weight(WIDTH, HIDDEN),
            false);
    BlockParameters parameters = parameters(layer());
    assertThatThrownBy(() -> kernel.forward(pass.x, parameters, TokenDropout.NONE, pass.y, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @WarmTest
  void warmFeedForwardBlocksAllocateNextToNothing() {
    Workers.setThreads(1);
    Pass pass = new Pass();
    WarmKernel.assertAllocatesLittle(
        FEW_BYTES, feedForward(pass, new Activation(Curve.SILU, true), layer()));
    WarmKernel.assertAllocatesLittle(
        FEW_BYTES, feedForward(pass, new Activation(Curve.GELU, false), shifted()));
  }

  @WarmTest
  void warmAttentionBlocksAllocateNextToNothing() {
    Workers.setThreads(1);
    Pass pass = new Pass();
    WarmKernel.assertAllocatesLittle(FEW_BYTES, attention(pass, LogitForm.DOT, layer()));
    WarmKernel.assertAllocatesLittle(FEW_BYTES, attention(pass, LogitForm.QK_NORM, shifted()));
    WarmKernel.assertAllocatesLittle(FEW_BYTES, attention(pass, LogitForm.L2, layer()));
  }
}
