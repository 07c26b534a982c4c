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
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))) // in kB
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
