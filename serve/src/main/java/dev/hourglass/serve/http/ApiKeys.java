package dev.hourglass.serve.http;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.ReadFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The keys that clients may show, compared in a time that says nothing of them. */
public final class ApiKeys {

  private static final String SCHEME = "Bearer ";
  private static final int SHORTEST = 16;

  private final List<byte[]> digests;

  /**
   * @param keys empty if none is asked for
   */
  ApiKeys(List<String> keys) {
    this.digests = keys.stream().map(ApiKeys::digest).toList();
  }

  /**
   * Reads keys from a file, one a line; empty lines and those that begin with # are passed over.
   *
   * @throws InputException if there is none, or one is so short that it could be guessed
   */
  public static List<String> read(Path file) {
    List<String> keys;
    try {
      keys =
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList();
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
    if (keys.isEmpty()) {
      throw new InputException("%s holds no key; write one a line.".formatted(file));
    }
    if (keys.stream().anyMatch(key -> key.length() < SHORTEST)) {
      throw new InputException(
          "%s holds a key of fewer than %d characters, which can be guessed; write longer ones."
              .formatted(file, SHORTEST));
    }
    return keys;
  }

  boolean areAsked() {
    return !digests.isEmpty();
  }

  /**
   * Whether a header shows one of the keys. Digests are compared, all of them, so that the time
   * depends neither on the key that was shown nor on how much of it is right.
   *
   * @param authorization may be null
   */
  boolean accept(String authorization) {
    if (!areAsked()) {
      return true;
    }
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] shown = digest(authorization.substring(SCHEME.length()).strip());
    boolean known = false;
    for (byte[] key : digests) {
      known |= MessageDigest.isEqual(key, shown);
    }
    return known;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
