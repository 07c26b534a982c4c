package dev.hourglass.cli.failure;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the machine has too little of, and what each command can do about it. */
enum Shortage {
  /** Of the process: tensors. */
  MEMORY,
  /** Of Java, which holds images and files on their way. */
  HEAP,
  THREADS;

  /** How libtorch's allocators put it; it throws nothing more telling than RuntimeException. */
  private static final List<String> OUT_OF_MEMORY =
      List.of("not enough memory: you tried to allocate", "can't allocate memory", "out of memory");

  /** What a failure says is missing. */
  static Optional<Shortage> in(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (failure instanceof OutOfMemoryError) {
      return Optional.of(
          message.contains("native thread")
              ? THREADS
              : message.contains("heap") || message.contains("array size") ? HEAP : MEMORY);
    }
    return OUT_OF_MEMORY.stream().anyMatch(message::contains)
        ? Optional.of(MEMORY)
        : Optional.empty();
  }

  /** What to tell the user of a command. */
  String sentence(String command) {
    return switch (this) {
      case MEMORY -> "There is not enough memory for this; %s.".formatted(smaller(command));
      case HEAP ->
          ("Java has not enough memory for this; give it more, for example with"
                  + " HOURGLASS_JAVA_OPTS=-Xmx8g, or %s.")
              .formatted(smaller(command));
      case THREADS ->
          "The system allows no more threads; choose fewer --threads or raise its limit (ulimit"
              + " -u).";
    };
  }

  private static String smaller(String command) {
    return switch (command) {
      case "train" -> "choose a smaller --batch-size, more --accumulate, or --checkpointing";
      case "sample" -> "choose a smaller --batch-size or --size";
      case "bench" -> "choose a smaller --batch or other --cases";
      default -> "end other programs or take a machine with more";
    };
  }
}
