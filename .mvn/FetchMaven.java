import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Fetches Apache Maven for ./mvnw with nothing but a JDK: {@code java FetchMaven.java VERSION SHA512 FOLDER}. The
 * repository is Maven Central, or the one whose address is in MVNW_REPOURL.
 */
final class FetchMaven {

  private static final String GROUP = "org.apache.maven";

  public static void main(String[] args) throws Exception {
    String version = args[0];
    String sha512 = args[1];
    Path folder = Path.of(args[2]).toAbsolutePath();
    Files.createDirectories(folder.getParent());
    Path zip = Files.createTempFile(folder.getParent(), "maven", ".zip");
    Path unpacked = Files.createTempDirectory(folder.getParent(), "maven");
    try {
      download(version, zip);
      String found = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(zip)));
      if (!found.equals(sha512)) {
        throw new IOException("the download of Maven " + version + " has the wrong checksum " + found);
      }
      unzip(zip, unpacked);
      Path maven = unpacked.resolve("apache-maven-" + version);
      maven.resolve("bin/mvn").toFile().setExecutable(true);
      try {
        Files.move(maven, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
        return; // another build was faster
      }
    } catch (IOException e) {
      System.err.println(
          "Cannot fetch Maven " + version + " (" + e + "); check the network, or set MVNW_REPOURL to a mirror of Maven Central.");
      System.exit(2);
    } finally {
      Files.deleteIfExists(zip);
    }
  }

  private static void download(String version, Path zip) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    repository() + "/org/apache/maven/apache-maven/%1$s/apache-maven-%1$s-bin.zip".formatted(version)))
            .build();
    try (HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
      HttpResponse<Path> response = client.send(request, HttpResponse.BodyHandlers.ofFile(zip));
      if (response.statusCode() != 200) {
        throw new IOException(request.uri() + " answered " + response.statusCode());
      }
    }
  }

  /** Maven Central lives at "repo" in the domain that Maven's group id spells backwards. */
  private static String repository() {
    String mirror = System.getenv("MVNW_REPOURL");
    return mirror != null
        ? mirror
        : "https://repo." + String.join(".", List.of(GROUP.split("\\.")).reversed()) + "/maven2";
  }

  private static void unzip(Path zip, Path folder) throws IOException {
    try (InputStream file = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(file)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("entry outside the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(entries, target);
        }
      }
    }
  }
}
