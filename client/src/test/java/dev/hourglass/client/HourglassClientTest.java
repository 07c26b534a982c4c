package dev.hourglass.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HourglassClientTest {

  private static final DrawRequest FOOD = DrawRequest.of("emoji").withClass("Food").withSeed(7);

  private static HourglassClient client(FakeServer server) {
    return HourglassClient.of(server.address());
  }

  @Test
  void drawsAnImageWithTheSettingsItSays() throws Exception {
    try (FakeServer server =
            new FakeServer(
                (exchange, n) ->
                    FakeServer.send(
                        exchange,
                        200,
                        "application/json",
                        FakeServer.answer(FakeServer.image(0))));
        HourglassClient client = client(server)) {
      Drawn drawn = client.draw(FOOD);
      assertThat(drawn.seed()).isEqualTo(7);
      assertThat(drawn.evaluations()).isEqualTo(20);
      assertThat(drawn.image().className()).hasValue("Food");
      assertThat(drawn.image().classNumber()).hasValue(3);
      assertThat(drawn.image().png()).isEqualTo(FakeServer.png(2, 3, 0));
      assertThat(drawn.image().image().getHeight()).isEqualTo(3);
      assertThat(drawn.image().settings())
          .containsEntry("steps", 20)
          .containsEntry("guidance", 1.5)
          .containsEntry("sampler", "euler");
      assertThat(server.asked())
          .containsExactly(
              new FakeServer.Asked(
                  "POST",
                  "/v1/samples",
                  "application/json",
                  null,
                  "{\"model\":\"emoji\",\"class\":[\"Food\"],\"seed\":7}"));
    }
  }

  @Test
  void imagesComeInOrderOfTheirIndex() throws Exception {
    try (FakeServer server =
            new FakeServer(
                (exchange, n) ->
                    FakeServer.send(
                        exchange,
                        200,
                        "application/json",
                        FakeServer.answer(FakeServer.image(2), FakeServer.image(1))));
        HourglassClient client = client(server)) {
      Drawn drawn = client.draw(FOOD.withImages(2));
      assertThat(drawn.images()).extracting(DrawnImage::index).containsExactly(1L, 2L);
      assertThatThrownBy(drawn::image).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theKeyGoesWithEveryRequestAndThePathOfAProxyIsKept() throws Exception {
    try (FakeServer server =
            new FakeServer(
                (exchange, n) ->
                    FakeServer.send(
                        exchange,
                        200,
                        "application/json",
                        FakeServer.answer(FakeServer.image(0))));
        HourglassClient client =
            HourglassClient.of(URI.create(server.address() + "/pictures")).withKey("secret")) {
      client.draw(FOOD);
      assertThat(server.asked())
          .extracting(FakeServer.Asked::key, FakeServer.Asked::path)
          .containsExactly(tuple("Bearer secret", "/pictures/v1/samples"));
    }
  }

  @Test
  void modelsThatStillLoadAreToldToo() throws Exception {
    String models =
        """
        {"object":"list","data":[
          {"id":"emoji","object":"model","created":1,"owned_by":"hourglass","status":"ready",
           "digest":"0123456789abcdef","height":64,"width":48,"channels":3,"classes":["A","B"],
           "vector":0,"batch":8,"seconds_per_evaluation":0.0078},
          {"id":"large","object":"model","created":1,"owned_by":"hourglass","status":"loading"},
          {"id":"odd","object":"model","created":1,"owned_by":"hourglass","status":"failed",
           "detail":"The file is cut short."}],
         "samplers":["euler","heun"],"schedules":["karras"],
         "defaults":{"sampler":"euler","steps":50},
         "limits":{"images":64,"steps":1000,"pixels":4194304,"body_bytes":33554432,"queue":256,
                   "deadline":600}}
        """;
    try (FakeServer server =
            new FakeServer(
                (exchange, n) -> FakeServer.send(exchange, 200, "application/json", models));
        HourglassClient client = client(server)) {
      Models told = client.models();
      assertThat(told.all())
          .extracting(Model::status)
          .containsExactly(Model.Status.READY, Model.Status.LOADING, Model.Status.FAILED);
      assertThat(told.find("emoji").orElseThrow().classes()).containsExactly("A", "B");
      assertThat(told.find("emoji").orElseThrow().width()).isEqualTo(48);
      assertThat(told.find("odd").orElseThrow().detail()).hasValue("The file is cut short.");
      assertThat(told.find("none")).isEmpty();
      assertThat(told.limits()).isEqualTo(new Limits(64, 1000, 4194304, 33554432, 256, 600));
      assertThat(told.defaults()).containsEntry("steps", 50);
    }
  }

  @Test
  void aRefusalSaysTheServersSentence() throws Exception {
    try (FakeServer server =
            new FakeServer(
                (exchange, n) -> FakeServer.problem(exchange, 400, "There is no class Fod."));
        HourglassClient client = client(server)) {
      assertThatThrownBy(() -> client.draw(FOOD))
          .asInstanceOf(type(ServerRefusal.class))
          .satisfies(
              refusal -> {
                assertThat(refusal.status()).isEqualTo(400);
                assertThat(refusal.detail()).isEqualTo("There is no class Fod.");
                assertThat(refusal.retryAfter()).isEmpty();
                assertThat(refusal).hasMessage("There is no class Fod. (status 400)");
              });
      assertThatThrownBy(() -> client.draw(FOOD, DrawListener.NONE))
          .isInstanceOf(ServerRefusal.class);
    }
  }

  @Test
  void aRefusalOfAProxyIsARefusalToo() throws Exception {
    try (FakeServer server =
            new FakeServer(
                (exchange, n) -> {
                  exchange.getResponseHeaders().set("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT");
                  FakeServer.send(exchange, 502, "text/html", "<h1>Bad Gateway</h1>");
                });
        HourglassClient client = client(server)) {
      assertThatThrownBy(client::models)
          .asInstanceOf(type(ServerRefusal.class))
          .satisfies(
              refusal -> {
                assertThat(refusal.status()).isEqualTo(502);
                assertThat(refusal.retryAfter()).isEmpty();
              });
    }
  }

  private static FakeServer busy(int times, String retryAfter) throws IOException {
    return new FakeServer(
        (exchange, n) -> {
          if (n <= times) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
            FakeServer.problem(exchange, 429, "The queue is full.");
          } else {
            FakeServer.send(
                exchange, 200, "application/json", FakeServer.answer(FakeServer.image(0)));
          }
        });
  }

  @Test
  void aPatientClientAsksAgainWhenTheServerSaysSo() throws Exception {
    try (FakeServer server = busy(2, "0");
        HourglassClient client = client(server).withPatience(Duration.ofSeconds(10))) {
      assertThat(client.draw(FOOD).images()).hasSize(1);
      assertThat(server.asked()).hasSize(3);
    }
  }

  @Test
  void anyOtherClientDoesNot() throws Exception {
    try (FakeServer server = busy(1, "2");
        HourglassClient client = client(server)) {
      assertThatThrownBy(() -> client.draw(FOOD))
          .asInstanceOf(type(ServerRefusal.class))
          .extracting(refusal -> refusal.retryAfter().orElseThrow())
          .isEqualTo(Duration.ofSeconds(2));
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void patienceEndsBeforeAPauseThatWouldPassTheLimit() throws Exception {
    try (FakeServer server = busy(9, "3600");
        HourglassClient client = client(server).withPatience(Duration.ofMinutes(59))) {
      assertThatThrownBy(() -> client.draw(FOOD)).isInstanceOf(ServerRefusal.class);
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (HourglassClient client = HourglassClient.of(URI.create("http://127.0.0.1:" + port))) {
      assertThatThrownBy(() -> client.draw(FOOD))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("http://127.0.0.1:" + port)
          .hasMessageContaining("v1/samples");
    }
  }

  @Test
  void anAnswerOfAnotherProgramIsNoImage() throws Exception {
    try (FakeServer server =
            new FakeServer(
                (exchange, n) ->
                    FakeServer.send(
                        exchange,
                        200,
                        "application/json",
                        n == 1
                            ? "Hello!"
                            : n == 2 ? "{}" : FakeServer.answer("{\"index\":\"x\"}")));
        HourglassClient client = client(server)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> client.draw(FOOD))
            .isInstanceOf(UncheckedIOException.class)
            .hasMessageContaining("no answer of a Hourglass server");
      }
    }
  }
}
