package dev.hourglass.data.fetch;

import dev.hourglass.core.files.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Microsoft's Fluent 3D emoji from the npm package {@code @lobehub/fluent-emoji-3d}, the WebP files
 * as they are, in a folder for each group of the Unicode emoji table: those that the shipped set
 * {@code emoji-64} has, which leaves out skin tones, flags of another source and what is contested.
 */
final class EmojiUnpacking implements Unpacking {

  private static final String TABLE = "emoji.tsv";

  private static final Pattern IMAGE = Pattern.compile("(?:.*/)?assets/([0-9a-f-]+)\\.webp");

  @Override
  public void unpack(Path packed, Path folder) throws IOException {
    Map<String, String> left = groups();
    PackageEntries.each(
        packed,
        name -> group(left, name) != null,
        (name, content) -> {
          Path file = folder.resolve(group(left, name)).resolve(stem(name) + ".webp");
          AtomicFiles.write(file, temporary -> Files.write(temporary, content));
          left.remove(stem(name));
        });
    if (!left.isEmpty()) {
      throw new IOException(
          "%d of its images are missing, %s.webp for one"
              .formatted(left.size(), left.keySet().iterator().next()));
    }
  }

  /** The group of an image that is wanted, else null. */
  private static String group(Map<String, String> groups, String name) {
    return groups.get(stem(name));
  }

  private static String stem(String name) {
    Matcher matcher = IMAGE.matcher(name);
    return matcher.matches() ? matcher.group(1) : "";
  }

  /** Group by stem. */
  private static Map<String, String> groups() throws IOException {
    Map<String, String> groups = new TreeMap<>();
    try (InputStream in = EmojiUnpacking.class.getResourceAsStream(TABLE)) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t"))
          .forEach(columns -> groups.put(columns[0], columns[1]));
    }
    return groups;
  }
}
