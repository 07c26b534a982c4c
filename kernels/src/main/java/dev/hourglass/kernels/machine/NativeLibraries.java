package dev.hourglass.kernels.machine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch and OpenBLAS once a process, with the settings that must precede them. */
public final class NativeLibraries {

  private static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  private NativeLibraries() {}

  /**
   * Loads the libraries; nothing happens the second time.
   *
   * @throws UnsatisfiedLinkError if there are none for this platform
   */
  public static void load() {
    Loading.start();
  }

  /** A function of libtorch_cpu by its linker name; C++ names differ between platforms. */
  public static Optional<MemorySegment> torchFunction(String name) {
    Path library = Loading.torchFolder.resolve(System.mapLibraryName("torch_cpu"));
    try {
      return SymbolLookup.libraryLookup(library, Arena.global()).find(name);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A C function of OpenBLAS. */
  public static MemorySegment openblasFunction(String name) {
    load();
    return MemorySegment.ofAddress(Loader.addressof(name).address());
  }

  /** Work done once, by the class initialiser, so that threads that race here all wait for it. */
  private static final class Loading {
    static final Path torchFolder;

    static {
      // JavaCPP counts the whole process against 4 x the heap and then throws; tensors live outside
      // the heap.
      if (System.getProperty(MEMORY_LIMIT) == null) {
        System.setProperty(MEMORY_LIMIT, "0");
      }
      limitSpinning();
      torchFolder = loadAlone();
    }

    static void start() {}

    /**
     * One process at a time: where the cache is still empty, a second one would unpack the same
     * files again while the first already maps them into memory, and crash it.
     */
    private static Path loadAlone() {
      try (FileChannel file =
              FileChannel.open(
                  Loader.getCacheDir().toPath().resolve("hourglass.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock _ = file.lock()) {
        return loadNow();
      } catch (IOException | OverlappingFileLockException e) {
        return loadNow(); // A file system without locks, or a cache that may only be read.
      }
    }

    private static Path loadNow() {
      Path folder = Path.of(Loader.load(torch.class)).getParent();
      // OpenBLAS's own pool would nest inside other threads and slow them a hundredfold.
      openblas.blas_set_num_threads(1);
      return folder;
    }

    /**
     * GNU OpenMP's threads spin for milliseconds after each region of libtorch's and take the cores
     * from the kernels that follow. The library reads this when it is loaded.
     */
    private static void limitSpinning() {
      if (System.getenv("GOMP_SPINCOUNT") != null || System.getenv("OMP_WAIT_POLICY") != null) {
        return;
      }
      Linker linker = Linker.nativeLinker();
      Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
      if (setenv.isEmpty()) {
        return; // Windows has neither the function nor this OpenMP.
      }
      MethodHandle call =
          linker.downcallHandle(
              setenv.get(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));
      try (Arena arena = Arena.ofConfined()) {
        int ignored =
            (int)
                call.invokeExact(
                    arena.allocateFrom("GOMP_SPINCOUNT"), arena.allocateFrom("1000"), 1);
      } catch (Throwable t) {
        throw new IllegalStateException("setenv", t);
      }
    }
  }
}
