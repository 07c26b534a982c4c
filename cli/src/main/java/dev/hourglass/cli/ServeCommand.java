package dev.hourglass.cli;

import dev.hourglass.cli.signal.StopRequest;
import dev.hourglass.compute.Threads;
import dev.hourglass.core.InputException;
import dev.hourglass.ops.Ops;
import dev.hourglass.serve.Server;
import dev.hourglass.serve.http.ApiKeys;
import dev.hourglass.serve.http.LocalAddress;
import dev.hourglass.serve.http.ServeOptions;
import dev.hourglass.serve.model.ModelSource;
import dev.hourglass.serve.request.Limits;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass serve}. */
@Command(
    name = "serve",
    sortOptions = false,
    description = {
      "Serves models over HTTP: to people on a page, to programs by two APIs (see"
          + " docs/serving.md).",
      "Requests share the passes of a model, whatever they ask for, and their images are those of"
          + " sample to the bit. Ctrl-C or SIGTERM finishes what is being drawn and ends."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass serve --model emoji=models/emoji-64.safetensors",
      "  hourglass serve --model faces=a.safetensors --model cats=b.safetensors --port 9000",
      "  hourglass serve --model a.safetensors --host 0.0.0.0 --api-key-file keys.txt",
      "  curl -s localhost:8080/v1/samples -H 'Content-Type: application/json' -H 'Accept:"
          + " image/png' -d '{\"class\": 3, \"guidance\": 2}' -o image.png"
    })
final class ServeCommand implements Runnable {

  private static final long MILLIS_BETWEEN_LOOKS = 100;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME=FILE",
      description =
          "A model to serve, and what clients call it (default: as the file); give it more than"
              + " once for more. One that cannot be loaded leaves the others.")
  List<String> models;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on; any but this machine's own loopback needs --api-key-file or"
              + " --no-auth (default: ${DEFAULT-VALUE}).")
  String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port to listen on, 0 for a free one (default: ${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "Keys, one a line, any of which a client must send: Authorization: Bearer KEY.")
  Path keyFile;

  @Option(names = "--no-auth", description = "Ask for no key, whatever the address.")
  boolean noAuth;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Images in a pass of a model at most (default: as many as make it faster here, which is"
              + " measured at the start).")
  Integer batch;

  @Option(
      names = "--guidance",
      paramLabel = "X",
      defaultValue = "2",
      description =
          "Scale of guidance in /v1/images/generations, whose requests cannot say it (default:"
              + " ${DEFAULT-VALUE}).")
  double guidance;

  @Option(
      names = "--queue",
      paramLabel = "N",
      description = "Images that may be drawn or wait at a time (default: 256).")
  Integer queue;

  @Option(
      names = "--max-images",
      paramLabel = "N",
      description = "Images of a request at most (default: 64).")
  Integer maxImages;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description = "Steps of an image at most, repeated ones counted (default: 1000).")
  Integer maxSteps;

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description = "Pixels of an image at most (default: 4194304).")
  Long maxPixels;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      description = "Bytes of a request at most (default: 33554432).")
  Long maxBody;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      description = "A request that is not done by then is given up (default: 600).")
  Integer deadline;

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long what is being drawn may go on after Ctrl-C or SIGTERM (default:"
              + " ${DEFAULT-VALUE}).")
  int drain;

  @Mixin ComputeOptions compute;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    List<ModelSource> sources = models.stream().map(ModelSource::parse).toList();
    ServeOptions options = options();
    Ops ops = compute.apply(out);
    Server.Computing computing =
        new Server.Computing(
            ops,
            compute.precisionName(),
            () -> Threads.set(compute.choice().kernels(), compute.count()));
    try (StopRequest stop =
            new StopRequest(
                spec.commandLine().getErr(),
                "Stopping: what is being drawn may go on for %d s.".formatted(drain));
        Server server =
            new Server(sources, options, computing, "Hourglass " + Versions.hourglass(), out)) {
      out.println("Listening on http://%s:%d".formatted(LocalAddress.inUrl(host), server.port()));
      out.flush();
      while (!stop.received()) {
        Thread.sleep(MILLIS_BETWEEN_LOOKS);
      }
      server.drain(options.drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ServeOptions options() {
    if (keyFile != null && noAuth) {
      throw new InputException(
          "--api-key-file asks for keys, and --no-auth for none; give one of them.");
    }
    if (!LocalAddress.isLoopback(host) && keyFile == null && !noAuth) {
      throw new InputException(
          "--host %s lets other machines in; give --api-key-file FILE with the keys that they must show, or --no-auth if anybody may."
              .formatted(host));
    }
    if (drain < 0) {
      throw new InputException("--drain must not be negative, but is %d.".formatted(drain));
    }
    Limits usual = Limits.DEFAULT;
    return new ServeOptions(
        host,
        port,
        keyFile == null ? List.of() : ApiKeys.read(keyFile),
        batch == null ? OptionalInt.empty() : OptionalInt.of(batch),
        guidance,
        Duration.ofSeconds(drain),
        new Limits(
            maxImages == null ? usual.images() : maxImages,
            maxSteps == null ? usual.steps() : maxSteps,
            maxPixels == null ? usual.pixels() : maxPixels,
            maxBody == null ? usual.bodyBytes() : maxBody,
            queue == null ? usual.queue() : queue,
            deadline == null ? usual.deadline() : Duration.ofSeconds(deadline)));
  }
}
