package dev.hourglass.cli.study;

import dev.hourglass.study.plan.Places;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.StudyFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which study, and where it lies. */
final class StudyOptions {

  private static final String HOME_PROPERTY = "hourglass.home";

  @Parameters(
      paramLabel = "STUDY",
      description = "The study file, or the folder of a study that was run.")
  Path file;

  @Option(
      names = "--studies",
      paramLabel = "DIR",
      defaultValue = "runs/studies",
      description = "Folder of all studies (default: ${DEFAULT-VALUE}).")
  Path studies;

  /** A study and its folder. */
  record Opened(Study study, StudyFolder folder, Places places) {}

  Opened open() {
    if (Files.isDirectory(file)) {
      StudyFolder folder = new StudyFolder(file);
      return new Opened(folder.load(), folder, places(file));
    }
    Path parent = file.toAbsolutePath().normalize().getParent();
    Places places = places(parent);
    Study study = Study.load(file, places);
    return new Opened(study, new StudyFolder(studies.resolve(study.name())), places);
  }

  /** As it stands, beside the study, or in the folder of Hourglass. */
  private static Places places(Path beside) {
    List<Path> folders = new ArrayList<>(List.of(Path.of(""), beside));
    String home = System.getProperty(HOME_PROPERTY);
    if (home != null) {
      folders.add(Path.of(home));
    }
    return new Places(folders);
  }
}
