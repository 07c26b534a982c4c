package dev.hourglass.training;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who trains into a run folder, for the one who may not.
 *
 * @param since in UTC
 * @param command of the process
 */
record LockHolder(long pid, String host, Instant since, String command) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final int LONGEST_COMMAND = 300;

  static LockHolder current() {
    return new LockHolder(
        ProcessHandle.current().pid(),
        hostName(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        commandLine());
  }

  /** Without asking a name service where that can be helped: it may be slow to answer. */
  private static String hostName() {
    try {
      return Files.exists(LINUX_HOST_NAME)
          ? Files.readString(LINUX_HOST_NAME).strip()
          : InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unnamed machine";
    } catch (IOException e) {
      return "this machine";
    }
  }

  /** Main class or jar and arguments, as the virtual machine knows them. */
  private static String commandLine() {
    String command = System.getProperty("sun.java.command", "java").strip();
    return command.length() <= LONGEST_COMMAND
        ? command
        : command.substring(0, LONGEST_COMMAND) + " ...";
  }

  String toJson() {
    return JSON.writeValueAsString(
        JSON.createObjectNode()
            .put("pid", pid)
            .put("host", host)
            .put("since", since.toString())
            .put("command", command));
  }

  String describe() {
    return "process %d on %s since %s (%s)".formatted(pid, host, since, command);
  }

  /** As {@link #describe()}, of what {@link #toJson} wrote, or is just writing. */
  static String describe(String json) {
    try {
      JsonNode holder = JSON.readTree(json);
      return holder.path("pid").isIntegralNumber()
          ? "process %d on %s since %s (%s)"
              .formatted(
                  holder.path("pid").longValue(),
                  holder.path("host").asString("an unnamed machine"),
                  holder.path("since").asString("some time"),
                  holder.path("command").asString("unknown"))
          : "another process";
    } catch (JacksonException e) {
      return "another process";
    }
  }
}
