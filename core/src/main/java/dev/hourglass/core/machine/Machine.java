package dev.hourglass.core.machine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What something was measured on.
 *
 * @param processor its name, or only its architecture where the system does not tell
 * @param cores that this process may use
 * @param loadAverage processes that wanted a core in the last minute; negative if unknown
 */
public record Machine(String processor, int cores, String system, String java, double loadAverage) {

  /** This one, now. */
  public static Machine here() {
    return new Machine(
        nameOfProcessor(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Runtime.version().toString(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String nameOfProcessor() {
    String architecture = System.getProperty("os.arch");
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.replaceFirst("[^:]*:", "").strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException e) {
      return architecture; // Not Linux.
    }
  }
}
