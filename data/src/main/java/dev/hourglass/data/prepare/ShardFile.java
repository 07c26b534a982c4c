package dev.hourglass.data.prepare;

import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes a tar file whose bytes are a function of its entries: no times, no owners. Whole or
 * absent.
 */
final class ShardFile {

  private static final int BUFFER = 1 << 16;

  private final TarArchiveOutputStream tar;

  private ShardFile(TarArchiveOutputStream tar) {
    this.tar = tar;
  }

  /**
   * Writes a file.
   *
   * @param entries adds them
   * @return the SHA-256 of the file
   */
  static String write(Path target, Consumer<ShardFile> entries) {
    MessageDigest digest = sha256();
    AtomicFiles.write(
        target,
        temporary -> {
          try (OutputStream file = Files.newOutputStream(temporary);
              TarArchiveOutputStream tar =
                  new TarArchiveOutputStream(
                      new BufferedOutputStream(new DigestOutputStream(file, digest), BUFFER))) {
            entries.accept(new ShardFile(tar));
          } catch (UncheckedIOException e) {
            throw e.getCause(); // A full disk, within an entry.
          }
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Adds an entry. */
  void add(String name, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setModTime(0);
    entry.setIds(0, 0);
    entry.setNames("", "");
    try {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The SHA-256 of a file, in hexadecimal digits. */
  static String sha256(Path file) {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        digest.update(buffer, 0, length);
      }
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The SHA-256 of a text. */
  static String sha256(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has SHA-256.
    }
  }
}
