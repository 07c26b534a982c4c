package dev.hourglass.data.sets;

import dev.hourglass.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Finds the image files in a folder and all below, through links too. What cannot be read or is no
 * image is passed over: one bad thing shall not refuse a whole set.
 */
final class ImageTree extends SimpleFileVisitor<Path> {

  private final Path folder;
  private final SetReport.Builder report;
  private final List<String> names = new ArrayList<>();

  private ImageTree(Path folder, SetReport.Builder report) {
    this.folder = folder;
    this.report = report;
  }

  /** The paths of all images below a folder, with '/' on every system, in no order. */
  static List<String> find(Path folder, SetReport.Builder report) {
    ImageTree tree = new ImageTree(folder, report);
    try {
      Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, tree);
    } catch (IOException e) {
      throw Locations.unreadable(folder, e);
    }
    return tree.names;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes) {
    if (entered.equals(folder)) {
      return FileVisitResult.CONTINUE;
    }
    String name = entered.getFileName().toString();
    if (Bystanders.isHidden(name)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    if (Bystanders.isJunk(name)) {
      report.passOver(Bystanders.JUNK, relative(entered) + "/");
      return FileVisitResult.SKIP_SUBTREE;
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    String name = file.getFileName().toString();
    if (Bystanders.isHidden(name)) {
      return FileVisitResult.CONTINUE;
    }
    if (attributes.isSymbolicLink()) {
      // Links are followed: one that is still a link here could not be.
      report.passOver("link that leads nowhere", relative(file));
    } else if (!attributes.isRegularFile()) {
      report.passOver("no regular file", relative(file));
    } else if (ImageDecoder.reads(name)) {
      names.add(relative(file));
    } else {
      Bystanders.passOver(relative(file), report);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
    if (file.equals(folder)) {
      throw failure;
    }
    String name = file.getFileName().toString();
    if (!Bystanders.isHidden(name) && !Bystanders.isJunk(name)) {
      report.passOver(reason(failure), relative(file));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path left, IOException failure) throws IOException {
    if (failure == null) {
      return FileVisitResult.CONTINUE;
    }
    if (left.equals(folder)) {
      throw failure;
    }
    report.passOver("folder read in part: " + Locations.reason(failure), relative(left));
    return FileVisitResult.CONTINUE;
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case FileSystemLoopException loop -> "link that loops";
      case AccessDeniedException denied -> "no permission to read";
      default -> "unreadable: " + failure.getClass().getSimpleName();
    };
  }

  private String relative(Path file) {
    return SetFiles.relative(folder, file);
  }
}
