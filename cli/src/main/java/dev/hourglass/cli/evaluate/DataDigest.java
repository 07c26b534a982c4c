package dev.hourglass.cli.evaluate;

import dev.hourglass.core.files.ReadFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Names what something was computed of: the first 16 hexadecimal digits of a SHA-256. */
public final class DataDigest {

  private static final int BYTES = 8;

  private DataDigest() {}

  /** Of a file, or of all files below a folder with their paths; hidden files count. */
  public static String ofFiles(Path location) {
    MessageDigest digest = sha256();
    try (Stream<Path> found = Files.walk(location)) {
      List<Path> files = found.filter(Files::isRegularFile).sorted().toList();
      for (Path file : files) {
        String name = location.relativize(file).toString().replace('\\', '/');
        digest.update((name + "\n" + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
        try (InputStream bytes = Files.newInputStream(file);
            DigestInputStream digested = new DigestInputStream(bytes, digest)) {
          digested.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (IOException e) {
      throw ReadFailure.of(location, e);
    }
    return hex(digest);
  }

  /** Of a text. */
  public static String ofText(String text) {
    MessageDigest digest = sha256();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return hex(digest);
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
