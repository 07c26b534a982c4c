package dev.hourglass.cli;

import dev.hourglass.training.ClassChanges;
import dev.hourglass.training.RunStart;
import dev.hourglass.training.folder.RunFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What to tell about the start of a run. */
final class StartSentences {

  private StartSentences() {}

  static List<String> of(RunFolder folder, RunStart start) {
    Path run = folder.path();
    long step = start.state().step();
    List<String> sentences = new ArrayList<>();
    switch (start) {
      case RunStart.Fresh fresh ->
          sentences.add(
              "%s starts from fresh weights of seed %d.".formatted(run, fresh.state().seed()));
      case RunStart.FromWeights from ->
          sentences.add(
              "%s starts at step 0 with the averaged weights of %s.".formatted(run, from.file()));
      case RunStart.FromCheckpoint from ->
          sentences.add(
              "%s starts from step %d of another run, %s.".formatted(run, step, from.file()));
      case RunStart.Continued from -> {
        sentences.add("Resuming %s at step %d.".formatted(run, step));
        from.notUsed()
            .ifPresent(
                file ->
                    sentences.add(
                        "The run exists: it goes on from its own checkpoint, not from %s."
                            .formatted(file)));
      }
    }
    addReset(sentences, start);
    addClasses(sentences, start);
    return sentences;
  }

  private static void addReset(List<String> sentences, RunStart start) {
    if (start instanceof RunStart.Fresh || start instanceof RunStart.FromWeights) {
      return; // Its averaged weights begin here anyway.
    }
    switch (start.averageReset()) {
      case NOT_ASKED -> {}
      case NOW -> sentences.add("The averaged weights begin anew here.");
      case DONE_BEFORE ->
          sentences.add(
              "The averaged weights began anew at step %d and go on; to begin them anew again, start another run by --resume."
                  .formatted(start.state().averageReset().orElseThrow()));
    }
  }

  private static void addClasses(List<String> sentences, RunStart start) {
    if (!start.classChanges().isEmpty()) {
      sentences.add("Note: %s.".formatted(ClassChanges.sentence(start.classChanges())));
    }
  }
}
