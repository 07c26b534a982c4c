package dev.hourglass.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KernelActivityTest {

  @Test
  void everyClassOfTheRoomsOrItsPackageSaysWhatItDoes() throws Exception {
    List<Class<?>> classes = classes();
    assertThat(classes).contains(dev.hourglass.kernels.product.Gemm.class);
    assertThat(classes)
        .allMatch(
            type ->
                type.isAnnotationPresent(KernelActivity.class)
                    || type.getPackage().isAnnotationPresent(KernelActivity.class));
  }

  /** The top-level classes below this package. */
  private static List<Class<?>> classes() throws Exception {
    Path root =
        Path.of(KernelActivity.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path rooms = root.resolve("dev/hourglass/kernels");
    try (Stream<Path> files = Files.walk(rooms)) {
      return files
          .filter(file -> !file.getParent().equals(rooms))
          .map(file -> root.relativize(file).toString().replace('\\', '.').replace('/', '.'))
          .filter(name -> name.endsWith(".class") && !name.contains("$"))
          .filter(name -> !name.endsWith("package-info.class"))
          .<Class<?>>map(name -> load(name.substring(0, name.length() - ".class".length())))
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, KernelActivity.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
