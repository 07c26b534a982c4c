package dev.hourglass.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.client.DrawEvent;
import dev.hourglass.client.DrawListener;
import dev.hourglass.client.DrawRequest;
import dev.hourglass.client.DrawnImage;
import dev.hourglass.client.HourglassClient;
import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleListener;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.serve.http.ServeOptions;
import dev.hourglass.serve.model.ModelSource;
import dev.hourglass.serve.request.Limits;
import dev.hourglass.serve.request.SampleBody;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ServerTest {

  private static final int QUEUE = 12;

  private static Server server;
  private static Http http;
  private static HourglassClient client;

  /** What the HTTP library complains about. */
  private static final ComplaintsLog COMPLAINTS = new ComplaintsLog("io.vertx");

  @BeforeAll
  static void start() {
    server =
        EmojiModel.serve(
            List.of(),
            EmojiModel.limits(QUEUE),
            new ModelSource("broken", Path.of("pom.xml").toAbsolutePath()));
    http = new Http(server.port());
    client = HourglassClient.of(URI.create("http://127.0.0.1:" + server.port()));
  }

  @AfterAll
  static void stop() {
    server.close();
    assertThat(COMPLAINTS.all()).isEmpty();
  }

  private static final String[] BODIES = {
    "{'class': 3, 'seed': 5, 'steps': 6}",
    "{'class': 1, 'seed': 6, 'steps': 9, 'guidance': 2}",
    "{'class': 8, 'seed': 5, 'steps': 4, 'sampler': 'heun', 'first_index': 7}",
    "{'class': 'food & drink', 'seed': 9, 'steps': 5, 'guidance': 3, 'guidance_interval': [0.3,"
        + " 5]}",
    "{'class': 2, 'seed': 1, 'steps': 7, 'sampler': 'dpmpp-2m', 'schedule': 'exponential'}",
  };

  @Test
  void whatIsDrawnTogetherIsToTheBitWhatIsDrawnAlone() {
    List<BufferedImage> alone = new ArrayList<>();
    for (String body : BODIES) {
      alone.add(image(http.post("/v1/samples", body)));
    }
    List<CompletableFuture<HttpResponse<byte[]>>> together = new ArrayList<>();
    for (String body : BODIES) {
      together.add(CompletableFuture.supplyAsync(() -> http.post("/v1/samples", body)));
    }
    for (int i = 0; i < BODIES.length; i++) {
      assertSame(image(together.get(i).join()), alone.get(i));
    }
  }

  @Test
  void imagesAreThoseOfTheGenerator() {
    List<GeneratedImage> expected = new ArrayList<>();
    try (ImageGenerator generator =
        ImageGenerator.load(ModelFile.open(EmojiModel.FILE), EmojiModel.COMPUTE.ops())) {
      generator.generate(
          new SampleRequest(0, 3, 3, List.of(2, 4), List.of()),
          SampleSettings.DEFAULT.withSteps(5).withSeed(11).withGuidance(2),
          SampleListener.NONE,
          expected::add);
    }
    JsonNode answer =
        Http.json(
            http.post(
                "/v1/samples", "{'class': [2, 4], 'n': 3, 'seed': 11, 'steps': 5, 'guidance': 2}"));

    assertThat(answer.path("images")).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertSame(decoded(answer.path("images").path(i)), expected.get(i).image());
    }
  }

  @Test
  void aDrawingIsWatchedFromItsFirstStepToItsImage() throws InterruptedException {
    List<String> heard = new ArrayList<>();
    client.draw(
        DrawRequest.of("emoji").withClass("Objects").withSeed(3).withSteps(6).withPreviews(2),
        new DrawListener() {
          @Override
          public void preview(DrawEvent.Preview preview) {
            heard.add("preview " + preview.step());
          }

          @Override
          public void image(DrawnImage image) {
            heard.add("image " + image.index());
          }
        });

    assertThat(heard).containsExactly("preview 2", "preview 4", "preview 6", "image 0");
  }

  @Test
  void whatTheMaskKeepsIsKeptToTheBit() {
    BufferedImage given = image(http.post("/v1/samples", "{'class': 3, 'seed': 5, 'steps': 5}"));
    BufferedImage mask = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 32; x < 64; x++) {
      for (int y = 0; y < 64; y++) {
        mask.setRGB(x, y, 0xFFFFFF);
      }
    }
    BufferedImage drawn =
        image(
            http.post(
                "/v1/samples",
                "{'class': 3, 'seed': 6, 'steps': 5, 'init_image': '%s', 'mask': 'data:image/png;base64,%s'}"
                    .formatted(base64(given), base64(mask))));

    assertSame(drawn.getSubimage(0, 0, 32, 64), given.getSubimage(0, 0, 32, 64));
    assertThat(pixels(drawn)).isNotEqualTo(pixels(given));
  }

  @Test
  void filesMayComeAsPartsOfAForm() {
    BufferedImage given = image(http.post("/v1/samples", "{'class': 3, 'seed': 5, 'steps': 5}"));
    HttpResponse<byte[]> answer =
        form("{\"strength\": 0, \"class\": 3}", Base64.getDecoder().decode(base64(given)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertSame(image(answer), given);
  }

  private static HttpResponse<byte[]> form(String request, byte[] image) {
    String start =
        "--x\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n"
            + request
            + "\r\n"
            + "--x\r\n"
            + "Content-Disposition: form-data; name=\"init_image\"; filename=\"a.png\"\r\n"
            + "Content-Type: image/png\r\n\r\n";
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(start.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(image);
    body.writeBytes("\r\n--x--\r\n".getBytes(StandardCharsets.UTF_8));
    return Http.send(
        http.request("/v1/samples")
            .header("Content-Type", "multipart/form-data; boundary=x")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
            .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"multipart/form-data", "multipart/form-data; boundary="})
  void aFormWithoutABoundaryIsRefused(String type) {
    HttpResponse<byte[]> answer =
        Http.send(
            http.request("/v1/samples")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("--x--"))
                .build());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Http.json(answer).path("detail").stringValue()).contains("no boundary");
  }

  @ParameterizedTest
  @CsvSource({"guidance", "schedule", "model"})
  void whatIsFarTooLongIsNotToldBackWhole(String key) {
    String value = key.equals("guidance") ? "9".repeat(500) : "'" + "x".repeat(5000) + "'";

    HttpResponse<byte[]> answer = http.post("/v1/samples", "{'" + key + "': " + value + "}");

    assertThat(answer.statusCode()).isBetween(400, 404);
    assertThat(Http.json(answer).path("detail").stringValue()).hasSizeLessThan(500).endsWith(".");
  }

  @Test
  void clientsOfOpenAiNameAClass() {
    JsonNode inline =
        Http.json(
            http.post("/v1/images/generations", "{'prompt': 'Flags', 'seed': 4, 'user': 'me'}"));
    JsonNode linked =
        Http.json(
            http.post(
                "/v1/images/generations",
                "{'prompt': 'Flags', 'seed': 4, 'size': '64x64', 'response_format': 'url'}"));
    String url = linked.path("data").path(0).path("url").stringValue();
    HttpResponse<byte[]> png = http.get(URI.create(url).getPath());

    assertThat(png.headers().firstValue("Content-Type")).hasValue("image/png");
    assertSame(
        decode(png.body()),
        decode(
            Base64.getDecoder()
                .decode(inline.path("data").path(0).path("b64_json").stringValue())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'prompt': 'a red fox'}                            | There is no class 'a red fox'",
        "{'prompt': 'Flags', 'size': 'large'}               | width and the height",
        "{'prompt': 'Flags', 'output_format': 'jpeg'}       | output_format is \"jpeg\"",
        "{'prompt': 'Flags', 'background': 'transparent'}   | background is \"transparent\"",
        "{'prompt': 'Flags', 'stream': true}                | stream is not offered here",
      })
  void whatClientsOfOpenAiCannotHaveIsRefusedInASentence(String body, String sentence) {
    HttpResponse<byte[]> answer = http.post("/v1/images/generations", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Http.json(answer).path("detail").stringValue()).contains(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {'clas': 3}                              | did you mean \"class\"",
        "400 | {'': 3}                                  | \"\" is not a known key",
        "400 | {'class': 1}{'class': 2}                 | more text after its end",
        "400 | {'class': 9}                             | There is no class '9' in model emoji",
        "400 | {'n': 65}                                | n must be from 1 to 64",
        "400 | {'steps': 1001}                          | steps must be from 1 to 1,000",
        "400 | {'steps': 'many'}                        | steps is \"many\"",
        "400 | {'sampler': 'eular'}                     | eular",
        "400 | {'size': '512x512'}                      | pixels that this server draws",
        "400 | {'size': '63x63'}                        | 63",
        "400 | {'strength': 0.5}                        | send one as init_image",
        "400 | {'init_image': 'AAAA', 'class': 1}       | init_image cannot be read",
        "400 | {'init_image': '(((', 'class': 1}        | is not base64",
        "400 | {'interpolate': [1]}                     | two seeds",
        "400 | {'seed': -1}                             | seed must be a whole number",
        "400 | {'seed': 1                               | not valid JSON",
        "400 | []                                       | not a JSON object",
        "404 | {'model': 'emojy'}                       | did you mean \"emoji\"",
        "503 | {'model': 'broken'}                      | is not served",
        "422 | {'sigmas': [3e38, 1], 'class': 1} | no numbers",
        "422 | {'steps': 3, 'sampler': 'euler-ancestral', 'sampler_options': 's_noise=1e38',"
            + " 'class': 1} | too large",
      })
  void whatCannotBeDrawnIsRefusedInASentence(int status, String body, String sentence) {
    HttpResponse<byte[]> answer = http.post("/v1/samples", body);
    JsonNode problem = Http.json(answer);

    assertThat(answer.statusCode()).as(problem.toString()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(problem.path("status").intValue()).isEqualTo(status);
    assertThat(problem.path("detail").stringValue())
        .contains(sentence)
        .doesNotContain(Path.of("..").toAbsolutePath().normalize().toString())
        .doesNotContain("../models");
  }

  @Test
  void otherMethodsAddressesAndTypesHaveTheirAnswers() {
    assertThat(http.get("/v1/samples").statusCode()).isEqualTo(405);
    assertThat(http.get("/v1/nothing").statusCode()).isEqualTo(404);
    assertThat(http.get("/page/..%2Fopenapi.json").statusCode()).isEqualTo(404);
    assertThat(http.get("/v1/images/../../etc/passwd").statusCode()).isEqualTo(404);
    HttpResponse<byte[]> text =
        Http.send(
            http.request("/v1/samples").POST(HttpRequest.BodyPublishers.ofString("{}")).build());
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(http.post("/v1/samples", "'" + "x".repeat(1 << 20) + "'").statusCode())
        .isEqualTo(413);
  }

  @Test
  void pagesOfOtherSitesAreRefused() {
    HttpResponse<byte[]> other =
        Http.send(
            http.request("/v1/samples")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .header("Origin", "https://elsewhere.example")
                .POST(HttpRequest.BodyPublishers.ofString("--x--"))
                .build());

    assertThat(other.statusCode()).isEqualTo(403);
  }

  @Test
  void moreThanTheQueueHoldsIsRefusedWithATimeToComeBack() throws InterruptedException {
    CountDownLatch queued = new CountDownLatch(1);
    Thread large =
        Thread.startVirtualThread(
            () -> {
              try {
                client.draw(
                    DrawRequest.of("emoji").withImages(QUEUE).withSteps(1000),
                    new DrawListener() {
                      @Override
                      public void queued(DrawEvent.Queued waiting) {
                        queued.countDown();
                      }
                    });
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    queued.await();
    HttpResponse<byte[]> refused = http.post("/v1/samples", "{'class': 1, 'steps': 1}");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValueAsLong("Retry-After")).isPresent();

    large.interrupt(); // The client leaves, and its work is freed.
    large.join();
    awaitEmptyQueue();
    assertThat(http.post("/v1/samples", "{'class': 1, 'steps': 1}").statusCode()).isEqualTo(200);
  }

  private static void awaitEmptyQueue() throws InterruptedException {
    long end = System.nanoTime() + 20_000_000_000L;
    while (http.metric("hourglass_queue_images") > 0) {
      assertThat(System.nanoTime()).as("the queue empties").isLessThan(end);
      Thread.sleep(20);
    }
  }

  @Test
  void aModelThatCannotBeLoadedLeavesTheOthers() {
    JsonNode models = Http.json(http.get("/v1/models")).path("data");

    assertThat(models.path(0).path("status").stringValue()).isEqualTo("ready");
    assertThat(models.path(1).path("status").stringValue()).isEqualTo("failed");
    assertThat(models.path(1).path("detail").stringValue()).doesNotContain("pom.xml");
    assertThat(http.get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void thePageMayLoadNothingFromElsewhere() {
    HttpResponse<byte[]> page = http.get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'");
    assertThat(http.get("/page/page.js").headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/javascript");
  }

  @Test
  void theDescriptionNamesEveryMember() {
    JsonNode api = Http.json(http.get("/openapi.json"));
    String text = api.toString();

    assertThat(SampleBody.keys()).allSatisfy(key -> assertThat(text).contains("\"" + key + "\""));
    assertThat(api.path("paths").propertyNames())
        .contains("/v1/samples", "/v1/images/generations", "/v1/models", "/metrics");
  }

  @Test
  void aServerWithKeysAnswersThemAlone() {
    try (Server locked =
        EmojiModel.serve(
            List.of("first-of-two-keys", "second-of-two-keys"), EmojiModel.limits(4))) {
      Http asked = new Http(locked.port());
      assertThat(asked.get("/v1/models").statusCode()).isEqualTo(401);
      assertThat(asked.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(asked.get("/").statusCode()).isEqualTo(200);
      assertThat(asked.get("/health/live").statusCode()).isEqualTo(200);
      for (String key : List.of("first-of-two-keys", "second-of-two-keys")) {
        assertThat(
                Http.send(
                        asked
                            .request("/v1/models")
                            .header("Authorization", "Bearer " + key)
                            .build())
                    .statusCode())
            .isEqualTo(200);
      }
      assertThat(
              Http.send(
                      asked
                          .request("/v1/models")
                          .header("Authorization", "Bearer first-of-two-key")
                          .build())
                  .statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void aServerThatStopsFinishesWhatItDraws() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> running;
    try (Server stopping = EmojiModel.serve(List.of(), EmojiModel.limits(4))) {
      Http asked = new Http(stopping.port());
      running =
          CompletableFuture.supplyAsync(
              () -> asked.post("/v1/samples", "{'class': 1, 'n': 2, 'steps': 400}"));
      while (asked.metric("hourglass_drawing_images") == 0 && !running.isDone()) {
        Thread.sleep(5);
      }
      stopping.drain(Duration.ofSeconds(60));
      assertThat(running.get().statusCode()).isEqualTo(200);
      assertThat(asked.get("/health/ready").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void aPortThatIsTakenIsSaid() {
    assertThatThrownBy(
            () ->
                new Server(
                    List.of(new ModelSource("emoji", EmojiModel.FILE)),
                    new ServeOptions(
                        "127.0.0.1",
                        server.port(),
                        List.of(),
                        OptionalInt.empty(),
                        2,
                        Duration.ZERO,
                        Limits.DEFAULT),
                    new Server.Computing(EmojiModel.COMPUTE.ops(), "fp32", () -> {}),
                    "Hourglass test",
                    new PrintWriter(new StringWriter())))
        .hasMessageContaining("cannot listen");
  }

  private static BufferedImage image(HttpResponse<byte[]> answer) {
    JsonNode json = Http.json(answer);
    assertThat(answer.statusCode()).as(json.toString()).isEqualTo(200);
    return decoded(json.path("images").path(0));
  }

  private static BufferedImage decoded(JsonNode image) {
    return decode(Base64.getDecoder().decode(image.path("b64_png").stringValue()));
  }

  private static BufferedImage decode(byte[] png) {
    try {
      return ImageIO.read(new ByteArrayInputStream(png));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String base64(BufferedImage image) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private static void assertSame(BufferedImage image, BufferedImage expected) {
    assertThat(pixels(image)).containsExactly(pixels(expected));
  }
}
