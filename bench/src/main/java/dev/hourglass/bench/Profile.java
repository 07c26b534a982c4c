package dev.hourglass.bench;

import dev.hourglass.core.InputException;
import dev.hourglass.kernels.parallel.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the processor's time goes: samples of the Java threads at even intervals of the time that
 * they compute (JEP 509), native code included. Threads of libtorch's own are not among them, and
 * neither is sleep.
 *
 * @param shares of all samples, by block of the model and what was done for it; they sum to 1
 * @param busyThreads how many threads' worth of time the whole process computed
 */
public record Profile(Map<String, Map<Activity, Double>> shares, double busyThreads) {

  private static final String EVENT = "jdk.CPUTimeSample";
  private static final String INTERVAL = "2ms";

  /** The block of samples that belong to none. */
  static final String NO_BLOCK = "-";

  /**
   * Does some work for a while and looks at it.
   *
   * @throws InputException if this system has no such samples
   */
  static Profile of(Runnable work, double seconds) {
    requireSamples();
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try (Recording recording = new Recording()) {
      recording.enable(EVENT).with("throttle", INTERVAL);
      recording.start();
      long computedBefore = system.getProcessCpuTime();
      long start = System.nanoTime();
      do {
        work.run();
      } while ((System.nanoTime() - start) / 1e9 < seconds);
      double busy =
          (double) (system.getProcessCpuTime() - computedBefore) / (System.nanoTime() - start);
      recording.stop();
      return new Profile(shares(events(recording)), busy);
    }
  }

  private static void requireSamples() {
    boolean linux = System.getProperty("os.name").startsWith("Linux");
    if (!linux
        || FlightRecorder.getFlightRecorder().getEventTypes().stream()
            .noneMatch(type -> type.getName().equals(EVENT))) {
      throw new InputException(
          "A profile needs the processor time samples of Java 25 on Linux; leave it out here.");
    }
  }

  private static List<RecordedEvent> events(Recording recording) {
    try {
      Path file = Files.createTempFile("hourglass", ".jfr");
      try {
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Map<Activity, Double>> shares(List<RecordedEvent> events) {
    List<List<String>> stacks =
        events.stream()
            .filter(event -> event.getEventType().getName().equals(EVENT))
            .filter(event -> event.getStackTrace() != null)
            .map(Profile::classes)
            .toList();
    Map<String, Map<Activity, Double>> shares = new TreeMap<>();
    for (List<String> stack : stacks) {
      shares
          .computeIfAbsent(block(stack), block -> new EnumMap<>(Activity.class))
          .merge(Activity.of(stack), 1.0 / stacks.size(), Double::sum);
    }
    return shares;
  }

  /** From the innermost frame outwards. */
  private static List<String> classes(RecordedEvent event) {
    return event.getStackTrace().getFrames().stream()
        .map(frame -> frame.getMethod().getType().getName())
        .toList();
  }

  /**
   * Whose work it is: the kernel that shared it out between the workers, {@code FeedForward} for
   * {@code FeedForwardKernel}.
   */
  static String block(List<String> classes) {
    List<Class<?>> kernels =
        classes.stream().map(KernelClasses::of).<Class<?>>flatMap(Optional::stream).toList();
    int workers = kernels.indexOf(Workers.class);
    List<Class<?>> inside =
        (workers < 0 ? kernels : kernels.subList(0, workers))
            .stream().filter(kernel -> !sharesOut(kernel)).toList();
    // With nothing inside it waits for the others: for the kernel that called the workers.
    Optional<Class<?>> owner =
        inside.isEmpty()
            ? kernels.stream().filter(kernel -> !sharesOut(kernel)).findFirst()
            : Optional.of(inside.getLast());
    return owner.map(kernel -> kernel.getSimpleName().replaceFirst("Kernel$", "")).orElse(NO_BLOCK);
  }

  /** Whether it only hands a kernel's work on. */
  private static boolean sharesOut(Class<?> kernel) {
    return kernel.getPackage().equals(Workers.class.getPackage());
  }
}
