package dev.hourglass.training.validation;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.training.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Remembers which images a run holds out: it would see others in another order with another share,
 * and so not go on where it was.
 */
public final class HoldOutRecord {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String KEY = "validate";

  private HoldOutRecord() {}

  /**
   * What a run is to hold out.
   *
   * @param asked empty for what the run did so far
   * @throws InputException if the run has begun, and held out another share
   */
  public static Optional<HoldOut> decide(RunFolder folder, Optional<HoldOut> asked) {
    Optional<HoldOut> recorded = read(folder);
    boolean begun = Files.exists(folder.pointer());
    if (asked.isEmpty()) {
      return recorded;
    }
    if (begun && !share(asked).equals(share(recorded))) {
      throw new InputException(
          "The run %s %s; give the same to --validate, or a folder of other images, or choose another --name."
              .formatted(
                  folder.path(),
                  share(recorded)
                      .map("holds out a share of %s of its images"::formatted)
                      .orElse("trains on all of its images")));
    }
    return asked;
  }

  private static Optional<HoldOut> share(Optional<HoldOut> holdOut) {
    return holdOut.filter(HoldOut.Share.class::isInstance);
  }

  /** Puts it down in the folder of the run. */
  public static void write(RunFolder folder, HoldOut holdOut) {
    JsonNode json = JSON.createObjectNode().put(KEY, holdOut.toString());
    AtomicFiles.writeString(folder.validation(), JSON.writeValueAsString(json) + "\n");
  }

  private static Optional<HoldOut> read(RunFolder folder) {
    if (!Files.exists(folder.validation())) {
      return Optional.empty();
    }
    try {
      JsonNode value = JSON.readTree(Files.readAllBytes(folder.validation())).path(KEY);
      if (value.isString()) {
        return Optional.of(HoldOut.of(value.stringValue()));
      }
    } catch (JacksonException e) {
      throw damaged(folder, e);
    } catch (IOException e) {
      throw ReadFailure.of(folder.validation(), e);
    }
    throw damaged(folder, null);
  }

  private static InputException damaged(RunFolder folder, Exception cause) {
    return new InputException(
        "%s is damaged: it must say what the run holds out, such as {\"validate\":\"0.1\"}; write that, and training goes on."
            .formatted(folder.validation()),
        cause);
  }
}
