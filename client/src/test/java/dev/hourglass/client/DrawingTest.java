package dev.hourglass.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is heard while the server draws, and how it ends. */
class DrawingTest {

  private static final String QUEUED =
      "{\"id\":\"0123\",\"model\":\"emoji\",\"seed\":9,\"images\":2,\"ahead\":5}";
  private static final String DONE =
      "{\"id\":\"0123\",\"seed\":9,\"evaluations\":20,\"seconds\":1.5,\"waited\":0.5}";
  private static final DrawRequest TWO = DrawRequest.of("emoji").withImages(2).withPreviews(1);

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Keeps what it hears as words. */
  private static final class Words implements DrawListener {
    final List<String> heard = new ArrayList<>();

    @Override
    public void queued(DrawEvent.Queued queued) {
      heard.add("queued behind " + queued.ahead());
    }

    @Override
    public void progress(DrawEvent.Progress progress) {
      heard.add("step %d of %d".formatted(progress.step(), progress.steps()));
    }

    @Override
    public void preview(DrawEvent.Preview preview) {
      heard.add("preview " + preview.file().pixels().getWidth() + " wide");
    }

    @Override
    public void image(DrawnImage image) {
      heard.add("image " + image.index());
    }
  }

  @Test
  void theListenerHearsAllInTurn() throws Exception {
    String preview =
        "{\"index\":0,\"step\":1,\"steps\":2,\"sigma\":2.1,\"b64_png\":\"%s\"}"
            .formatted(Base64.getEncoder().encodeToString(FakeServer.png(5, 5, 0)));
    try (FakeServer server =
            new FakeServer(
                (exchange, n) -> {
                  try (OutputStream out = FakeServer.events(exchange)) {
                    FakeServer.event(out, "queued", QUEUED);
                    write(out, ": alive\n\n");
                    FakeServer.event(out, "progress", "{\"index\":0,\"step\":1,\"steps\":2}");
                    FakeServer.event(out, "preview", preview);
                    FakeServer.event(out, "of-tomorrow", "{}");
                    FakeServer.event(out, "image", FakeServer.image(1));
                    FakeServer.event(out, "image", FakeServer.image(0));
                    FakeServer.event(out, "done", DONE);
                  }
                });
        HourglassClient client = HourglassClient.of(server.address())) {
      Words words = new Words();
      Drawn drawn = client.draw(TWO, words);
      assertThat(words.heard)
          .containsExactly(
              "queued behind 5", "step 1 of 2", "preview 5 wide", "image 1", "image 0");
      assertThat(drawn.images()).extracting(DrawnImage::index).containsExactly(0L, 1L);
      assertThat(drawn.model()).isEqualTo("emoji");
      assertThat(drawn.seed()).isEqualTo(9);
      assertThat(server.asked().getFirst().accept()).isEqualTo("text/event-stream");
    }
  }

  @Test
  void anErrorInTheStreamIsARefusal() throws Exception {
    try (FakeServer server =
            new FakeServer(
                (exchange, n) -> {
                  try (OutputStream out = FakeServer.events(exchange)) {
                    FakeServer.event(out, "queued", QUEUED);
                    FakeServer.event(
                        out, "error", FakeServer.problem(422, "These settings diverge."));
                  }
                });
        HourglassClient client = HourglassClient.of(server.address())) {
      assertThatThrownBy(() -> client.draw(TWO, DrawListener.NONE))
          .asInstanceOf(type(ServerRefusal.class))
          .satisfies(
              refusal -> {
                assertThat(refusal.status()).isEqualTo(422);
                assertThat(refusal.detail()).isEqualTo("These settings diverge.");
              });
    }
  }

  @Test
  void aStreamThatEndsBeforeItIsDoneIsAFailure() throws Exception {
    try (FakeServer server =
            new FakeServer(
                (exchange, n) -> {
                  try (OutputStream out = FakeServer.events(exchange)) {
                    FakeServer.event(out, "image", FakeServer.image(0));
                    write(out, "event: done\ndata: " + DONE + "\n"); // no empty line: cut
                  }
                });
        HourglassClient client = HourglassClient.of(server.address())) {
      assertThatThrownBy(() -> client.draw(TWO, DrawListener.NONE))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("after 1 finished images");
    }
  }

  @Test
  void aConnectionThatBreaksInTheMiddleOfAnImageIsAFailure() throws Exception {
    try (FakeServer server =
            new FakeServer(
                (exchange, n) -> {
                  exchange.sendResponseHeaders(200, 1_000_000);
                  write(exchange.getResponseBody(), "event: image\ndata: {\"index\":0,\"b64_pn");
                  exchange.close();
                });
        HourglassClient client = HourglassClient.of(server.address())) {
      assertThatThrownBy(() -> client.draw(TWO, DrawListener.NONE))
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  /** Writes until the client is gone. */
  private static void writeUntilClosed(HttpExchange exchange, CountDownLatch closed, String text) {
    try (OutputStream out = FakeServer.events(exchange)) {
      while (true) {
        write(out, text);
        Thread.sleep(5);
      }
    } catch (IOException e) {
      closed.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void interruptingTheThreadClosesTheConnection() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch heard = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (FakeServer server =
            new FakeServer(
                (exchange, n) ->
                    writeUntilClosed(
                        exchange,
                        closed,
                        "event: progress\ndata: {\"index\":0,\"step\":1,\"steps\":2}\n\n"));
        HourglassClient client = HourglassClient.of(server.address())) {
      DrawListener listener =
          new DrawListener() {
            @Override
            public void progress(DrawEvent.Progress progress) {
              heard.countDown();
            }
          };
      Thread thread = Thread.ofVirtual().start(() -> thrown.set(failure(client, listener)));
      assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
      thread.interrupt();
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
      thread.join();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }
  }

  private static Throwable failure(HourglassClient client, DrawListener listener) {
    try {
      client.draw(TWO, listener);
      return new AssertionError("drawn");
    } catch (InterruptedException | RuntimeException e) {
      return e;
    }
  }

  @Test
  void interruptingTheThreadBeforeTheAnswerClosesTheConnectionToo() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (FakeServer server =
            new FakeServer(
                (exchange, n) -> {
                  asked.countDown();
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  writeUntilClosed(exchange, closed, " ");
                });
        HourglassClient client = HourglassClient.of(server.address())) {
      Thread thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      client.draw(TWO);
                    } catch (InterruptedException | RuntimeException e) {
                      thrown.set(e);
                    }
                  });
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      thread.interrupt();
      thread.join();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      go.countDown();
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aListenerThatThrowsEndsTheRequest() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (FakeServer server =
            new FakeServer(
                (exchange, n) ->
                    writeUntilClosed(exchange, closed, "event: queued\ndata: " + QUEUED + "\n\n"));
        HourglassClient client = HourglassClient.of(server.address())) {
      DrawListener listener =
          new DrawListener() {
            @Override
            public void queued(DrawEvent.Queued queued) {
              throw new IllegalStateException("enough");
            }
          };
      assertThatThrownBy(() -> client.draw(TWO, listener)).hasMessage("enough");
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aServerThatFallsSilentIsLost() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (FakeServer server =
            new FakeServer(
                (exchange, n) -> {
                  FakeServer.event(FakeServer.events(exchange), "queued", QUEUED);
                  try {
                    end.await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                });
        HourglassClient client =
            HourglassClient.of(server.address()).withSilence(Duration.ofMillis(200))) {
      assertThatThrownBy(() -> client.draw(TWO, DrawListener.NONE))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("sent nothing");
      end.countDown();
    }
  }
}
