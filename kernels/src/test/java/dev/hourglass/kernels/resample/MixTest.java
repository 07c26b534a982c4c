package dev.hourglass.kernels.resample;

import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;

class MixTest {

  private static final int TOKENS = 6;
  private static final int CHANNELS = 37;

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void free() {
    arena.close();
  }

  @WarmTest
  void warmMixesAllocateNextToNothing() {
    Matrix skip = Matrix.noise(arena, TOKENS, CHANNELS, 0, 1);
    Matrix x = Matrix.noise(arena, TOKENS, CHANNELS, 0, 2);
    Matrix y = Matrix.noise(arena, TOKENS, CHANNELS, 0, 3);
    Matrix factors = Matrix.noise(arena, 1, CHANNELS, 0, 4);
    Matrix partial = Matrix.zeros(arena, 2, CHANNELS, 0);
    Scratch scratch = new Scratch();
    for (Mix mix : new Mix[] {new Mix.Add(), new Mix.ChannelFactors(factors.address)}) {
      WarmKernel.assertAllocatesLittle(
          () -> {
            scratch.reset();
            mix.forward(skip.address, x.address, y.address, TOKENS, CHANNELS);
            mix.splitGradient(y.address, TOKENS, CHANNELS, scratch);
            mix.skipGradient(skip.address, y.address, x.address, partial.address, TOKENS, CHANNELS);
          });
    }
  }
}
