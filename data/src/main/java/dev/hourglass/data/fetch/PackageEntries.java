package dev.hourglass.data.fetch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The files in a package, a tar file packed with gzip. */
final class PackageEntries {

  private PackageEntries() {}

  /** Takes an entry. */
  @FunctionalInterface
  interface Reading {
    void entry(String name, byte[] content) throws IOException;
  }

  /** Reads those entries whose names are wanted; what a name may lead to does not matter. */
  static void each(Path packed, Predicate<String> isWanted, Reading reading) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(packed));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && isWanted.test(entry.getName())) {
          reading.entry(entry.getName(), tar.readAllBytes());
        }
      }
    }
  }
}
