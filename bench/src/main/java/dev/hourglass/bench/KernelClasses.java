package dev.hourglass.bench;

import dev.hourglass.kernels.KernelActivity;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The classes of the kernels among the names of a stack. */
final class KernelClasses {

  private static final String PACKAGE = KernelActivity.class.getPackageName() + ".";

  private static final Map<String, Class<?>> FOUND = new ConcurrentHashMap<>();

  private KernelClasses() {}

  /** The top-level class of a name, which may be that of a class inside it, if it is a kernel's. */
  static Optional<Class<?>> of(String name) {
    return name.startsWith(PACKAGE)
        ? Optional.of(FOUND.computeIfAbsent(name.replaceFirst("\\$.*", ""), KernelClasses::find))
        : Optional.empty();
  }

  private static Class<?> find(String name) {
    try {
      return Class.forName(name, false, KernelClasses.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
