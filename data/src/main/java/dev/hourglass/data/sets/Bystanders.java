package dev.hourglass.data.sets;

import dev.hourglass.data.image.ImageDecoder;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What stands about in the folders and archives of data sets without being an image. */
final class Bystanders {

  static final String JUNK = "left by the operating system";

  private static final Set<String> JUNK_NAMES =
      Set.of(
          "__macosx",
          "@eadir",
          "@recycle",
          "#recycle",
          "$recycle.bin",
          "recycler",
          "lost+found",
          "system volume information",
          "thumbs.db",
          "ehthumbs.db",
          "desktop.ini");

  /** Labels, captions, descriptions and programs: nobody takes them for images. */
  private static final Set<String> COMPANIONS =
      Set.of(
          "txt", "caption", "tags", "json", "jsonl", "csv", "tsv", "parquet", "cls", "lst", "idx",
          "xml", "yaml", "yml", "toml", "md", "rst", "html", "htm", "log", "npy", "npz", "pt", "py",
          "ipynb", "sh");

  private static final Pattern COMPANION_NAMES =
      Pattern.compile("(?i)(readme|licen[cs]e|copying|notice|authors|\\w*sums?)");

  private Bystanders() {}

  /** Whether the name, a part of a path, is hidden; such names are left out without a word. */
  static boolean isHidden(String name) {
    return name.startsWith(".") && !name.equals(".") && !name.equals("..");
  }

  /** Whether an operating system or a disk station makes files or folders of this name. */
  static boolean isJunk(String name) {
    return JUNK_NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Passes over a file that is no image, with a word unless it is a usual companion of images.
   *
   * @param path below the set's location
   */
  static void passOver(String path, SetReport.Builder report) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    String ending = ImageDecoder.extension(name);
    if (isJunk(name)) {
      report.passOver(JUNK, path);
    } else if (ending.isEmpty() && !COMPANION_NAMES.matcher(name).matches()) {
      report.passOver("no ending", path);
    } else if (!ending.isEmpty() && !COMPANIONS.contains(ending)) {
      report.passOver("no decoder for ." + ending, path);
    }
  }
}
