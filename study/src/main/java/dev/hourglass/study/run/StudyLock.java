package dev.hourglass.study.run;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.WriteFailure;
import dev.hourglass.study.result.StudyFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** Keeps a second process from running a study in the same folder. */
final class StudyLock implements AutoCloseable {

  private final FileChannel channel;

  private StudyLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the folder, which is made if need be.
   *
   * @throws InputException if another process has it
   */
  static StudyLock take(StudyFolder folder) {
    try {
      Files.createDirectories(folder.path());
      FileChannel channel =
          FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        channel.close();
        throw new InputException(
            "Another process runs the study in %s; wait for its end, or stop it."
                .formatted(folder.path()));
      }
      return new StudyLock(channel);
    } catch (IOException e) {
      throw WriteFailure.of(folder.lock(), e);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      return; // The system lets go of it at the end of the process.
    }
  }
}
