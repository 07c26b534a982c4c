package dev.hourglass.serve.http;

import dev.hourglass.core.InputException;
import dev.hourglass.serve.draw.Drawing;
import dev.hourglass.serve.draw.StoppedException;
import dev.hourglass.serve.draw.Studio;
import dev.hourglass.serve.model.Models;
import dev.hourglass.serve.request.OpenAiBody;
import dev.hourglass.serve.request.SampleBody;
import dev.hourglass.serve.request.Uploads;
import dev.hourglass.serve.request.Wanted;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** What draws: {@code POST /v1/samples} and {@code POST /v1/images/generations}. */
final class ImageRoutes {

  private static final String EVENTS = "text/event-stream";
  private static final String PNG = "image/png";

  private static final long MILLIS_TO_READ = 60_000;
  private static final long MILLIS_BETWEEN_SIGNS = 10_000;

  private final Vertx vertx;
  private final ServeOptions options;
  private final Models models;
  private final Studio studio;
  private final Metrics metrics;
  private final DrawnImages images;
  private final KeptImages kept;

  ImageRoutes(
      Vertx vertx,
      ServeOptions options,
      Models models,
      Studio studio,
      Metrics metrics,
      DrawnImages images,
      KeptImages kept) {
    this.vertx = vertx;
    this.options = options;
    this.models = models;
    this.studio = studio;
    this.metrics = metrics;
    this.images = images;
    this.kept = kept;
  }

  /** Makes the answer to a request that has been checked. */
  private interface ReplyMaker {
    Reply of(Wanted wanted, HttpServerResponse response, Context context, Runnable onOver);
  }

  /** Our own API. */
  void samples(RoutingContext route) {
    String accept = Optional.ofNullable(route.request().getHeader("Accept")).orElse("");
    read(
        route,
        true,
        (json, uploads) -> {
          Wanted wanted = SampleBody.parse(json, uploads, models, options.limits());
          if (accept.contains(PNG) && wanted.request().count() != 1) {
            throw new InputException(
                "image/png is one image, and n is %d; ask for one, or for application/json."
                    .formatted(wanted.request().count()));
          }
          return new Checked(
              wanted,
              (asked, response, context, onOver) ->
                  reply(accept, asked, response, context, onOver));
        });
  }

  private Reply reply(
      String accept, Wanted wanted, HttpServerResponse response, Context context, Runnable onOver) {
    if (accept.contains(EVENTS)) {
      return new EventReply(response, context, onOver, images, wanted);
    }
    JsonReply.Form form = accept.contains(PNG) ? JsonReply.Form.PNG : JsonReply.Form.JSON;
    return new JsonReply(response, context, onOver, images, form, wanted, null);
  }

  /** OpenAI's. */
  void generations(RoutingContext route) {
    String host = route.request().scheme() + "://" + route.request().authority();
    read(
        route,
        false,
        (json, _) -> {
          OpenAiBody body = OpenAiBody.parse(json, models, options.guidance(), options.limits());
          Function<List<DrawnImages.Drawn>, Map<String, Object>> members =
              drawn -> generated(drawn, body.asUrl(), host);
          return new Checked(
              body.wanted(),
              (wanted, response, context, onOver) ->
                  new JsonReply(
                      response, context, onOver, images, JsonReply.Form.JSON, wanted, members));
        });
  }

  private Map<String, Object> generated(List<DrawnImages.Drawn> drawn, boolean asUrl, String host) {
    List<Map<String, Object>> data = new ArrayList<>();
    for (DrawnImages.Drawn image : drawn) {
      if (asUrl) {
        String id = Studio.newId();
        kept.keep(id, image.png());
        data.add(Map.of("url", host + "/v1/images/" + id + ".png"));
      } else {
        data.add(Map.of("b64_json", image.members().get("b64_png")));
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("created", System.currentTimeMillis() / 1000);
    answer.put("data", data);
    return answer;
  }

  /** A request that can be drawn, and how it is answered. */
  private record Checked(Wanted wanted, ReplyMaker reply) {}

  /** Checks a body, off the event loop: decoding images takes a while. */
  private interface Check {
    Checked of(byte[] json, Uploads uploads);
  }

  private void read(RoutingContext route, boolean withFiles, Check check) {
    HttpServerRequest request = route.request();
    HttpServerResponse response = route.response();
    Context context = vertx.getOrCreateContext();
    long timer =
        vertx.setTimer(
            MILLIS_TO_READ,
            _ -> {
              if (!response.headWritten() && !response.closed()) {
                response.putHeader("Connection", "close");
                Answers.problem(response, 408, "The body did not arrive in time; send it again.");
              }
            });
    Body.read(
        request,
        options.limits().bodyBytes(),
        withFiles,
        (json, uploads) -> {
          vertx.cancelTimer(timer);
          Callable<Checked> work = () -> check.of(json, uploads);
          vertx
              .executeBlocking(work, false)
              .onSuccess(checked -> draw(checked, response, context))
              .onFailure(e -> refuse(response, e));
        },
        problem -> {
          vertx.cancelTimer(timer);
          Answers.problem(response, problem);
        });
  }

  private void refuse(HttpServerResponse response, Throwable failure) {
    Problem problem = Problem.ofRequest(failure);
    if (problem.status() == 500) {
      ServerLog.failure(failure);
    }
    if (problem.retryAfter().isPresent()) {
      metrics.rejected(problem.status());
    }
    Answers.problem(response, problem);
  }

  private void draw(Checked checked, HttpServerResponse response, Context context) {
    Wanted wanted = checked.wanted();
    Studio.Admission admission;
    try {
      admission = studio.admit(wanted);
    } catch (RuntimeException e) {
      refuse(response, e);
      return;
    }
    Timers timers = new Timers(vertx);
    long start = System.nanoTime();
    Reply reply =
        checked
            .reply()
            .of(
                wanted,
                response,
                context,
                () -> {
                  timers.cancel();
                  metrics.took((System.nanoTime() - start) / 1e9);
                });
    reply.admitted(admission, wanted);
    Drawing drawing = admission.start(new Counted(reply, metrics, wanted.model().id()));
    Runnable left = () -> drawing.stop(new StoppedException("The client has left."));
    response.closeHandler(_ -> left.run());
    response.exceptionHandler(_ -> left.run());
    if (response.closed()) {
      left.run();
    }
    timers.once(
        wanted.deadline().toMillis(),
        () ->
            drawing.stop(
                new StoppedException(
                    "The request was not done within %d seconds; ask for less at once, or later."
                        .formatted(wanted.deadline().toSeconds()))));
    if (reply instanceof EventReply events) {
      timers.each(MILLIS_BETWEEN_SIGNS, events::alive);
    }
  }
}
