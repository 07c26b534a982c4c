package dev.hourglass.autograd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Frees the weak JNI reference by which a native hook holds its Java object.
 *
 * <p>JavaCPP lays such an object out as {@code {vtable, jobject}} and never deletes the reference:
 * a few dozen bytes for each call of a Java operation, which a long training would add up. The JNI
 * function table is reached through the foreign function interface, since Java code has no other
 * access to {@code DeleteWeakGlobalRef}.
 */
final class WeakHandles {

  // Positions in the JNI invocation and function tables, fixed by the JNI specification, chapter 4.
  private static final int GET_ENV = 6;
  private static final int DELETE_WEAK_GLOBAL_REF = 227;
  private static final int GET_OBJECT_REF_TYPE = 232;
  private static final int TABLE_SIZE = 240;
  private static final int JNI_VERSION_1_8 = 0x00010008;
  private static final int JNI_WEAK_GLOBAL_REF_TYPE = 3;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemorySegment VIRTUAL_MACHINE = virtualMachine();
  private static final MethodHandle ENVIRONMENT =
      LINKER.downcallHandle(
          function(VIRTUAL_MACHINE, GET_ENV),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
  private static final MethodHandle DELETE =
      LINKER.downcallHandle(
          function(environment(), DELETE_WEAK_GLOBAL_REF),
          FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
  private static final MethodHandle TYPE =
      LINKER.downcallHandle(
          function(environment(), GET_OBJECT_REF_TYPE),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

  private WeakHandles() {}

  /**
   * Deletes the weak reference of a live hook object and clears its field.
   *
   * @param hook the address of the native object
   */
  static void delete(long hook) {
    MemorySegment field =
        MemorySegment.ofAddress(hook + JAVA_LONG.byteSize()).reinterpret(JAVA_LONG.byteSize());
    long reference = field.get(JAVA_LONG, 0);
    MemorySegment environment = environment();
    try {
      if (reference != 0
          && (int) TYPE.invokeExact(environment, reference) == JNI_WEAK_GLOBAL_REF_TYPE) {
        field.set(JAVA_LONG, 0, 0L);
        DELETE.invokeExact(environment, reference);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("JNI call failed", e);
    }
  }

  private static MemorySegment virtualMachine() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String library =
        os.startsWith("windows")
            ? "bin/server/jvm.dll"
            : os.startsWith("mac") ? "lib/server/libjvm.dylib" : "lib/server/libjvm.so";
    Path jvm = Path.of(System.getProperty("java.home")).resolve(library);
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle createdVms =
          LINKER.downcallHandle(
              SymbolLookup.libraryLookup(jvm, Arena.global())
                  .find("JNI_GetCreatedJavaVMs")
                  .orElseThrow(),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
      MemorySegment out = arena.allocate(ADDRESS);
      if ((int) createdVms.invokeExact(out, 1, arena.allocate(JAVA_INT)) != 0) {
        throw new IllegalStateException("no Java virtual machine found in its own process");
      }
      return out.get(ADDRESS, 0).reinterpret(ADDRESS.byteSize());
    } catch (Throwable e) {
      throw new IllegalStateException("JNI call failed", e);
    }
  }

  /** The JNI environment of the current thread. */
  private static MemorySegment environment() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      if ((int) ENVIRONMENT.invokeExact(VIRTUAL_MACHINE, out, JNI_VERSION_1_8) != 0) {
        throw new IllegalStateException("this thread is not attached to the virtual machine");
      }
      return out.get(ADDRESS, 0).reinterpret(ADDRESS.byteSize());
    } catch (Throwable e) {
      throw new IllegalStateException("JNI call failed", e);
    }
  }

  /** Entry {@code index} of the function table that an interface pointer points to. */
  private static MemorySegment function(MemorySegment interfacePointer, int index) {
    return interfacePointer
        .get(ADDRESS, 0)
        .reinterpret(TABLE_SIZE * ADDRESS.byteSize())
        .getAtIndex(ADDRESS, index);
  }
}
