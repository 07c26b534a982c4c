package dev.hourglass.training;

import dev.hourglass.core.InputException;
import dev.hourglass.training.folder.RunFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a run folder to one trainer. The lock is the operating system's, on a file in the folder,
 * so it ends with the process that holds it, however that ends; what the file says of its holder is
 * for the message alone. The file stays when the lock is released: to delete it could take it from
 * under a process that just opened it.
 *
 * <p>Between the machines of a network file system it holds where the file system passes locks on
 * (NFS with its lock service does). Where a file system has no locks at all, {@link #missing} says
 * so.
 */
final class RunLock implements AutoCloseable {

  /** Beyond the text: where locks are mandatory (Windows), what is locked cannot be read. */
  private static final long POSITION = Long.MAX_VALUE - 1;

  private static final int LONGEST_TEXT = 1 << 16;

  /**
   * Folders that this process holds. It must not open a lock file a second time: on POSIX systems
   * closing any channel to a file drops all locks that the process has on it.
   */
  private static final Map<Path, LockHolder> HELD = new ConcurrentHashMap<>();

  /** Asks the operating system for a lock. */
  @FunctionalInterface
  interface Locking {
    /** The lock; null if another process holds it. */
    FileLock tryLock(FileChannel channel) throws IOException;
  }

  private final Path key;
  private final FileChannel channel;
  private final Optional<String> missing;

  private RunLock(Path key, FileChannel channel, Optional<String> missing) {
    this.key = key;
    this.channel = channel;
    this.missing = missing;
  }

  /**
   * Takes the lock, and makes the folder if there is none.
   *
   * @throws InputException if another trainer holds it; the message says who
   */
  static RunLock acquire(RunFolder folder) {
    return acquire(folder, channel -> channel.tryLock(POSITION, 1, false));
  }

  static RunLock acquire(RunFolder folder, Locking locking) {
    LockHolder self = LockHolder.current();
    try {
      Files.createDirectories(folder.path());
      Path key = folder.path().toRealPath();
      LockHolder other = HELD.putIfAbsent(key, self);
      if (other != null) {
        throw held(folder, other.describe());
      }
      try {
        return lock(folder, key, self, locking);
      } catch (IOException | RuntimeException e) {
        HELD.remove(key);
        throw e;
      }
    } catch (IOException e) {
      throw new InputException(
          "Cannot write %s: %s; choose another folder or change its permissions."
              .formatted(folder.lock(), reason(e)),
          e);
    }
  }

  private static RunLock lock(RunFolder folder, Path key, LockHolder self, Locking locking)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.lock(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      Optional<String> missing = Optional.empty();
      try {
        if (locking.tryLock(channel) == null) {
          throw held(folder, LockHolder.describe(read(channel)));
        }
      } catch (IOException e) {
        missing = Optional.of(Objects.toString(e.getMessage(), e.getClass().getSimpleName()));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((self.toJson() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      return new RunLock(key, channel, missing);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "access is denied";
      case FileAlreadyExistsException exists -> exists.getFile() + " is no folder";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> Objects.toString(e.getMessage(), "the system says no more");
    };
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), LONGEST_TEXT));
    channel.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  private static InputException held(RunFolder folder, String holder) {
    return new InputException(
        "The run %s is being trained by %s; wait for it, stop it, or choose another --name."
            .formatted(folder.path(), holder));
  }

  /** Why there is no lock at all, though the folder was acquired; empty where there is one. */
  Optional<String> missing() {
    return missing;
  }

  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try (channel) {
      channel.truncate(0);
    } catch (IOException e) {
      // The lock ends all the same; the text means nothing without it.
    } finally {
      HELD.remove(key);
    }
  }
}
