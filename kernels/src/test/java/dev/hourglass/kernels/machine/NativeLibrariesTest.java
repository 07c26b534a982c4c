package dev.hourglass.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {

  @TempDir Path folder;

  /** As the cells of a study do on a new machine. */
  @Test
  void processesThatStartTogetherOnANewMachineUnpackTheLibrariesOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(start(folder.resolve("log-" + i)));
    }
    for (int i = 0; i < 3; i++) {
      int code = processes.get(i).waitFor();
      assertThat(code).as(Files.readString(folder.resolve("log-" + i))).isZero();
    }
  }

  private Process start(Path log) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache"),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            LoadingProcess.class.getName())
        .directory(folder.toFile()) // Where a crash leaves its file.
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** A process that loads the libraries and uses them. */
  static final class LoadingProcess {

    private LoadingProcess() {}

    public static void main(String[] arguments) {
      NativeLibraries.load();
      System.exit(NativeLibraries.openblasFunction("cblas_sgemm").address() == 0 ? 1 : 0);
    }
  }
}
