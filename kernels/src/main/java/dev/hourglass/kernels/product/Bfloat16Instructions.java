package dev.hourglass.kernels.product;

import dev.hourglass.kernels.machine.NativeLibraries;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Whether oneDNN in libtorch multiplies bfloat16 in the processor's own instructions.
 *
 * <p>What the processor has is not what the libraries use: the environment limits both, and oneDNN
 * detects for itself. Where it refuses, its product throws a C++ exception, which ends the process
 * when it meets Java. So all who can object are asked beforehand, each in a way that cannot throw,
 * or through JavaCPP, which turns what is thrown into a Java exception.
 */
final class Bfloat16Instructions {

  private static final String IN_PROCESSOR = "_ZN2at3cpu24is_avx512_bf16_supportedEv";
  private static final String IN_ONEDNN = "mkldnn::_is_mkldnn_bf16_supported";

  /** Read by oneDNN in this order: the first that is set counts. */
  private static final String[] LIMITS = {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"};

  /** The instruction sets below AVX512_CORE_BF16, in oneDNN's names; it ignores unknown ones. */
  private static final Set<String> WITHOUT =
      Set.of("sse41", "avx", "avx2", "avx2_vnni", "avx2_vnni_2", "avx512_core", "avx512_core_vnni");

  /** oneDNN reads into a buffer of this size, and takes no longer value. */
  private static final int LONGEST = 31;

  private Bfloat16Instructions() {}

  /** Asks; the libraries must be loaded. Only Linux's build of libtorch has the fast products. */
  static boolean areUsed() {
    return System.getProperty("os.name").equals("Linux")
        && allowedBy(System.getenv())
        && torch
            .get_cpu_capability()
            .getString()
            .contains("AVX512") // as ATEN_CPU_CAPABILITY allows
        && processorHasThem()
        && oneDnnTakesBfloat16();
  }

  /** Whether oneDNN's limits in an environment leave these instructions. */
  static boolean allowedBy(Map<String, String> environment) {
    for (String name : LIMITS) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty() && value.length() <= LONGEST) {
        return !WITHOUT.contains(value.toLowerCase(Locale.ROOT));
      }
    }
    return true;
  }

  private static boolean processorHasThem() {
    return NativeLibraries.torchFunction(IN_PROCESSOR)
        .map(Bfloat16Instructions::answer)
        .orElse(false);
  }

  /** Calls a function without parameters that throws nothing. */
  private static boolean answer(MemorySegment function) {
    try {
      return (boolean)
          Linker.nativeLinker()
              .downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_BOOLEAN))
              .invokeExact();
    } catch (Throwable t) {
      throw new IllegalStateException("processor features", t);
    }
  }

  private static boolean oneDnnTakesBfloat16() {
    try (IValueVector stack = new IValueVector()) {
      Dispatcher.singleton().findSchemaOrThrow(IN_ONEDNN, "").callBoxed(stack);
      return stack.get(0).toBool();
    } catch (RuntimeException e) {
      return false; // A build without oneDNN has no such operator.
    }
  }
}
