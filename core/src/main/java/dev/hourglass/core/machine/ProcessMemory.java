package dev.hourglass.core.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Memory of this process: its resident set, with the Java heap and the libraries. */
public final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /** The most that it ever held; empty where the system does not tell, as only Linux does. */
  public static OptionalLong peakBytes() {
    return bytes("VmHWM:");
  }

  /** What it holds now; NaN where the system does not tell. */
  public static double residentBytes() {
    OptionalLong bytes = bytes("VmRSS:");
    return bytes.isPresent() ? bytes.getAsLong() : Double.NaN;
  }

  private static OptionalLong bytes(String line) {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(each -> each.startsWith(line))
          .mapToLong(each -> 1024 * Long.parseLong(each.replaceAll("\\D", ""))) // in kB
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
