package dev.hourglass.bench.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The programs against a server that draws at once, or fails as the test says. */
class ProgramsTest {

  private static final FakeServer.Other NONE = (exchange, body, number) -> false;

  @TempDir private Path folder;

  private final StringWriter printed = new StringWriter();

  private int run(Callable<Integer> program, FakeServer server, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--url", server.address(), "--out", folder.resolve("out.json").toString()));
    return new CommandLine(program)
        .setOut(new PrintWriter(printed, true))
        .execute(all.toArray(String[]::new));
  }

  private JsonNode out() throws IOException {
    return new JsonMapper().readTree(Files.readString(folder.resolve("out.json")));
  }

  @Test
  void loadPrintsARowForEachNumberOfClients() throws Exception {
    try (FakeServer server = new FakeServer(NONE)) {
      assertThat(
              run(new Load(), server, "--clients", "1,3", "--seconds", "0.5", "--warm-up", "0.1"))
          .isZero();
      assertThat(printed.toString()).contains("\n| 1 | ").contains("\n| 3 | ");
      assertThat(out().path("results").path(1).path("clients").intValue()).isEqualTo(3);
      assertThat(out().path("results").path(1).path("images").doubleValue()).isPositive();
    }
  }

  @Test
  void loadComparesSingleImagesAmongOthersWithNone() throws Exception {
    try (FakeServer server = new FakeServer(NONE)) {
      assertThat(run(new Load(), server, "--mixed", "2", "--seconds", "0.5", "--warm-up", "0.1"))
          .isZero();
      assertThat(out().path("ratio_of_p95").doubleValue()).isPositive();
      assertThat(printed.toString()).contains("among 2 clients of 64 images");
    }
  }

  @Test
  void loadFailsWhenARequestDoes() throws Exception {
    FakeServer.Other failing =
        (exchange, body, number) -> {
          FakeServer.problem(exchange, 500, "It broke.");
          return true;
        };
    try (FakeServer server = new FakeServer(failing)) {
      assertThat(run(new Load(), server, "--clients", "1", "--seconds", "0.5", "--warm-up", "0"))
          .isEqualTo(1);
      assertThat(printed.toString()).contains("It broke. (status 500)");
    }
  }

  private int overload(FakeServer.Other other, String... more) throws IOException {
    List<String> options = new ArrayList<>(List.of("--minutes", "0.02", "--clients", "8"));
    options.addAll(List.of(more));
    try (FakeServer server = new FakeServer(other)) {
      return run(new Overload(), server, options.toArray(String[]::new));
    }
  }

  @Test
  void overloadIsWellWhenAllAreAnsweredOrToldToComeBack() throws Exception {
    FakeServer.Other full =
        (exchange, body, number) -> {
          if (body.isEmpty() || number % 2 == 0) {
            return false;
          }
          exchange.getResponseHeaders().set("Retry-After", "1");
          FakeServer.problem(exchange, 429, "The queue is full.");
          return true;
        };
    assertThat(overload(full)).isZero();
    assertThat(out().path("answers").path(Visitor.REFUSED).longValue()).isPositive();
    assertThat(out().path("answers").path(Visitor.DRAWN).longValue()).isPositive();
    assertThat(out().path("memory").path(0).path("value").doubleValue()).isEqualTo(1.5e8);
  }

  @Test
  void overloadFailsWhenARequestIsLost() throws Exception {
    FakeServer.Other losing =
        (exchange, body, number) -> !body.isEmpty() && number % 5 == 0; // closed, without a word
    assertThat(overload(losing, "--vanishing", "0", "--slow", "0")).isEqualTo(1);
    assertThat(printed.toString()).contains("| lost: ");
  }

  @Test
  void overloadFailsWhenARefusalDoesNotSayWhenToComeBack() throws Exception {
    FakeServer.Other curt =
        (exchange, body, number) -> {
          if (!body.isEmpty() && number % 5 == 0) {
            FakeServer.problem(exchange, 429, "The queue is full.");
            return true;
          }
          return false;
        };
    assertThat(overload(curt, "--vanishing", "0", "--slow", "0")).isEqualTo(1);
    assertThat(printed.toString()).contains("| 429 without Retry-After |");
  }

  @Test
  void soakIsWellWhenSeedsKeepTheirImages() throws Exception {
    try (FakeServer server = new FakeServer(NONE)) {
      assertThat(run(new Soak(), server, "--minutes", "0.03", "--rate", "40")).isZero();
      assertThat(out().path("answers").path("same pixels for the same seed").longValue())
          .isPositive();
    }
  }

  @Test
  void soakFailsWhenASeedGivesAnotherImage() throws Exception {
    FakeServer.Other changing =
        (exchange, body, number) -> {
          if (body.isEmpty() || number < 5) {
            return false;
          }
          String image = FakeServer.image(0xff0000);
          FakeServer.send(
              exchange,
              200,
              "application/json",
              "{\"id\":\"0\",\"model\":\"emoji\",\"seed\":0,\"images\":[" + image + "]}");
          return true;
        };
    try (FakeServer server = new FakeServer(changing)) {
      assertThat(run(new Soak(), server, "--minutes", "0.02", "--rate", "20")).isEqualTo(1);
      assertThat(printed.toString()).contains("other pixels for the same seed");
    }
  }
}
