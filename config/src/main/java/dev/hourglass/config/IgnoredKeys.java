package dev.hourglass.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Says in the log, once for each file, which of its keys have no effect. */
final class IgnoredKeys {

  private static final System.Logger LOG = System.getLogger(Config.class.getName());

  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private IgnoredKeys() {}

  static void tell(Path file, List<String> keys) {
    String sentence =
        "%s: ignored, since only the authors' Python code reads it: %s."
            .formatted(file, String.join(", ", keys));
    if (!keys.isEmpty() && SAID.add(sentence)) {
      LOG.log(System.Logger.Level.INFO, sentence);
    }
  }
}
