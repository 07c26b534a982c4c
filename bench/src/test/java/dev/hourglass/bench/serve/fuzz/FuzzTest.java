package dev.hourglass.bench.serve.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.hourglass.bench.serve.FakeServer;
import dev.hourglass.bench.serve.wire.WireAnswer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the fuzzer finds, and what it lets pass. */
class FuzzTest {

  private static final FuzzRequest WRONG =
      new FuzzRequest("POST", "/v1/samples", List.of(), "{", 0, false);
  private static final FuzzRequest RIGHT =
      new FuzzRequest("POST", "/v1/samples", List.of(), "{}", 0, true);

  private static WireAnswer answer(int status, String type, String body) {
    return new WireAnswer(
        status,
        Map.of(
            "content-type",
            type,
            "x-content-type-options",
            "nosniff",
            "referrer-policy",
            "no-referrer"),
        body);
  }

  private static WireAnswer problem(int status, String detail) {
    return answer(
        status,
        "application/problem+json",
        "{\"status\":%d,\"detail\":\"%s\",\"error\":{\"message\":\"%s\"}}"
            .formatted(status, detail, detail));
  }

  private static Optional<String> judge(FuzzRequest request, WireAnswer answer) {
    return FuzzJudge.complaint(request, answer);
  }

  @Test
  void aProblemWithASentenceKeepsToTheApi() {
    assertThat(judge(WRONG, problem(400, "The body is no JSON."))).isEmpty();
    assertThat(judge(RIGHT, answer(200, "application/json", "{}"))).isEmpty();
  }

  @Test
  void theServersOwnFailuresDoNot() {
    assertThat(judge(WRONG, problem(500, "It broke down."))).hasValue("status 500");
    assertThat(judge(WRONG, problem(503, "Come back later.")))
        .hasValueSatisfying(complaint -> assertThat(complaint).contains("Retry-After"));
    assertThat(judge(RIGHT, problem(400, "I do not want to."))).isPresent();
  }

  @Test
  void errorsWithoutASentenceDoNot() {
    assertThat(judge(WRONG, answer(400, "text/html", "<h1>Bad</h1>"))).isPresent();
    assertThat(judge(WRONG, answer(400, "application/problem+json", "oops"))).isPresent();
    assertThat(judge(WRONG, problem(400, ""))).isPresent();
    assertThat(judge(WRONG, problem(400, "bad"))).isPresent();
    assertThat(judge(WRONG, problem(400, "A java.lang.IllegalStateException was thrown.")))
        .hasValue("a detail for programmers");
  }

  @Test
  void aStreamHasToEndWithItsLastEvent() {
    String stream = "text/event-stream";
    assertThat(judge(RIGHT, answer(200, stream, "event: done\ndata: {}\n\n"))).isEmpty();
    assertThat(judge(RIGHT, answer(200, stream, "event: queued\ndata: {}\n\n"))).isPresent();
    assertThat(
            judge(
                RIGHT,
                answer(
                    200,
                    stream,
                    "event: error\ndata: {\"status\":500,\"detail\":\"It broke down.\"}\n\n")))
        .hasValue("an error event of status 500");
  }

  private final StringWriter printed = new StringWriter();

  private int fuzz(FakeServer.Other other, String... options) throws IOException {
    try (FakeServer server = new FakeServer(other)) {
      CommandLine line = new CommandLine(new Fuzz()).setOut(new PrintWriter(printed, true));
      String[] all = Arrays.copyOf(options, options.length + 2);
      all[options.length] = "--url";
      all[options.length + 1] = server.address();
      return line.execute(all);
    }
  }

  /** Right requests are drawn; all others are refused, as the one sentence that is always true. */
  private static boolean refuse(HttpExchange exchange, String body) throws IOException {
    if (exchange.getRequestURI().getPath().equals("/v1/models")
        && exchange.getRequestMethod().equals("GET")) {
      return false;
    }
    exchange.getResponseHeaders().set("Retry-After", "1");
    FakeServer.problem(
        exchange, 429, "There is no room for %d characters.".formatted(body.length()));
    return true;
  }

  @Test
  void aServerThatAlwaysRefusesProperlyPasses() throws Exception {
    fuzz((exchange, body, number) -> refuse(exchange, body), "--requests", "2000");
    assertThat(printed.toString()).contains("| status 429 |");
    // Only what the JDK's own server takes for no address never came to the test's answer.
    long complaints = printed.toString().lines().filter(line -> line.startsWith("## ")).count();
    assertThat(
            printed.toString().lines().filter(line -> line.matches("[A-Z]+ /(/|\\?a=%) HTTP/1.1")))
        .hasSize((int) complaints);
  }

  @Test
  void aServerThatBreaksIsFoundOutAndTheRequestCanBeSentAgain() throws Exception {
    FakeServer.Other breaking =
        (exchange, body, number) -> {
          if (body.contains("Infinity")) {
            FakeServer.problem(exchange, 500, "It broke down.");
            return true;
          }
          return refuse(exchange, body);
        };
    assertThat(fuzz(breaking, "--requests", "2000", "--seed", "7", "--failures", "100"))
        .isEqualTo(1);
    String found =
        printed
            .toString()
            .lines()
            .filter(line -> line.endsWith("status 500"))
            .findFirst()
            .orElseThrow();
    String number = found.replaceAll("## Request (\\d+):.*", "$1");
    assertThat(printed.toString())
        .contains("Repeat: --seed 7 --first %s --requests 1".formatted(number));
    printed.getBuffer().setLength(0);
    assertThat(fuzz(breaking, "--seed", "7", "--first", number, "--requests", "1")).isEqualTo(1);
    assertThat(printed.toString()).contains("## Request " + number + ": status 500");
  }

  @Test
  void aServerThatDoesNotAnswerInTimeIsFoundOut() throws Exception {
    FakeServer.Other silent =
        (exchange, body, number) -> {
          if (exchange.getRequestURI().getPath().equals("/v1/models")) {
            return false;
          }
          try (OutputStream out = exchange.getResponseBody()) {
            Thread.sleep(5000);
            return true;
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    assertThat(fuzz(silent, "--requests", "2", "--connections", "2", "--limit", "1")).isEqualTo(1);
    assertThat(printed.toString()).contains("no answer within 1 s");
  }
}
