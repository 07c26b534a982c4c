package dev.hourglass.cli.study;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The commit of the sources that Hourglass was started from. */
final class SourceCommit {

  private static final int SECONDS = 10;

  private SourceCommit() {}

  /** As {@code git describe} tells it; empty without git, or without the launcher. */
  static String known() {
    String home = System.getProperty("hourglass.home");
    if (home == null) {
      return "";
    }
    try {
      Process git =
          new ProcessBuilder(
                  List.of("git", "-C", home, "describe", "--always", "--dirty", "--abbrev=12"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = git.waitFor(SECONDS, TimeUnit.SECONDS);
      return ended && git.exitValue() == 0 ? text.strip() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
