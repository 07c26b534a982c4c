package dev.hourglass.study.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the files that a study names may lie.
 *
 * @param folders tried in turn
 */
public record Places(List<Path> folders) {

  /** Copies the list. */
  public Places {
    folders = List.copyOf(folders);
  }

  /** The file or folder of that name in the first folder that has it, else the name as it is. */
  public Path find(String name) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::exists)
        .findFirst()
        .orElse(Path.of(name));
  }
}
