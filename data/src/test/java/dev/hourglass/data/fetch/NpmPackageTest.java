package dev.hourglass.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpmPackageTest {

  private static final String NAME = "hourglass-test-set";

  @TempDir Path folder;
  private byte[] content;
  private Path target;

  @BeforeEach
  void makePackage() throws IOException {
    byte[] noise = new byte[300_000];
    new Random(5).nextBytes(noise);
    byte[] description =
        "{\"name\": \"%s\", \"version\": \"1.2.3\"}"
            .formatted(NAME)
            .getBytes(StandardCharsets.UTF_8);
    content =
        TestImages.gzip(
            TestImages.tar("package/package.json", description, "package/noise.bin", noise));
    target = folder.resolve("work/package.tgz");
  }

  private NpmPackage npm(LocalRegistry registry, String sha512) {
    return new NpmPackage(NAME + "@1.2.3", sha512, registry.environment(folder.resolve("cache")));
  }

  private static void requireNpm() {
    try {
      assumeTrue(new ProcessBuilder("npm", "--version").start().waitFor() == 0, "npm fails");
    } catch (IOException e) {
      assumeTrue(false, "there is no npm on this machine");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDownloadThatIsDroppedIsTriedAgain() throws IOException {
    requireNpm();
    try (LocalRegistry registry = new LocalRegistry(NAME, "1.2.3", content, 2)) {
      npm(registry, LocalRegistry.sha512(content)).fetch(target);
      assertThat(Files.readAllBytes(target)).isEqualTo(content);
      assertThat(target.resolveSibling("npm")).doesNotExist();
      int downloads = registry.downloads();
      assertThat(downloads).isGreaterThanOrEqualTo(3);
      npm(registry, LocalRegistry.sha512(content)).fetch(target);
      assertThat(registry.downloads()).as("what is there is kept").isEqualTo(downloads);
    }
  }

  @Test
  void aConnectionThatNeverHoldsIsOneSentence() throws IOException {
    requireNpm();
    try (LocalRegistry registry = new LocalRegistry(NAME, "1.2.3", content, Integer.MAX_VALUE)) {
      assertThatThrownBy(() -> npm(registry, LocalRegistry.sha512(content)).fetch(target))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("npm could not fetch hourglass-test-set@1.2.3 in 3 attempts (")
          .hasMessageEndingWith("give the command again.")
          .satisfies(failure -> assertThat(failure.getMessage().lines()).hasSize(1));
      assertThat(target).doesNotExist();
    }
  }

  @Test
  void aPackageOfAnotherSumIsNotTaken() throws IOException {
    requireNpm();
    try (LocalRegistry registry = new LocalRegistry(NAME, "1.2.3", content, 0)) {
      assertThatThrownBy(() -> npm(registry, LocalRegistry.sha512(new byte[1])).fetch(target))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("is not the package that Hourglass knows");
      assertThat(target).doesNotExist();
    }
  }

  @Test
  void withoutNpmThatIsSaid() {
    NpmPackage npm = new NpmPackage("no-such-program", NAME + "@1.2.3", "", Map.of());
    assertThatThrownBy(() -> npm.fetch(target))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("There is no npm on the PATH")
        .hasMessageContaining(NAME + "@1.2.3");
  }
}
