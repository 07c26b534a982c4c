package dev.hourglass.tensor;

import dev.hourglass.core.InputException;
import dev.hourglass.kernels.machine.NativeLibraries;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch once a process and sets what makes it fast and predictable here. Every class that
 * makes tensors calls {@link #start()}; it costs nothing the second time.
 */
public final class Torch {

  private Torch() {}

  /**
   * Loads the native libraries (the first time on a machine some seconds, they are unpacked to a
   * cache in the home folder).
   *
   * @throws InputException if there are no native libraries for this platform
   */
  public static void start() {
    Loading.start();
  }

  /** Threads that one operation uses; results may depend on it in the last bits. */
  public static void setThreads(int threads) {
    start();
    torch.set_num_threads(threads);
  }

  /** Work done once, by the class initialiser, so that threads that race here all wait for it. */
  private static final class Loading {
    static {
      try {
        NativeLibraries.load();
      } catch (UnsatisfiedLinkError e) {
        throw new InputException(
            "There is no native libtorch for %s here; Hourglass runs on linux-x86_64, macosx-arm64, macosx-x86_64 and windows-x86_64: build it on the machine it shall run on (%s)."
                .formatted(Loader.getPlatform(), e.getMessage()),
            e);
      }
      // Sends float32 GEMMs to oneDNN, which still computes them in true float32 on CPUs without
      // AMX.
      torch.globalContext().setFloat32MatmulPrecision("medium");
    }

    static void start() {}
  }
}
