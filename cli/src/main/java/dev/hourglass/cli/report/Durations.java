package dev.hourglass.cli.report;

/** Times as people read them. */
public final class Durations {

  private Durations() {}

  /** {@code 1:02:03}, or {@code 2:03} below an hour. */
  public static String text(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    long hours = whole / 3600;
    return hours > 0
        ? "%d:%02d:%02d".formatted(hours, whole / 60 % 60, whole % 60)
        : "%d:%02d".formatted(whole / 60, whole % 60);
  }
}
