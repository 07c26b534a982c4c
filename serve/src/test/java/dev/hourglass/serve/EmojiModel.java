package dev.hourglass.serve;

import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.compute.Threads;
import dev.hourglass.ops.Precision;
import dev.hourglass.serve.http.ServeOptions;
import dev.hourglass.serve.model.ModelSource;
import dev.hourglass.serve.request.Limits;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Servers of the model that is shipped. */
final class EmojiModel {

  static final Path FILE = Path.of("../models/emoji-64.safetensors");
  static final Compute COMPUTE = new Compute(Kernels.VECTOR, Precision.FP32);

  private EmojiModel() {}

  static Server serve(List<String> keys, Limits limits, ModelSource... more) {
    List<ModelSource> sources = new ArrayList<>(List.of(new ModelSource("emoji", FILE)));
    sources.addAll(List.of(more));
    Server server =
        new Server(
            sources,
            new ServeOptions(
                "127.0.0.1", 0, keys, OptionalInt.of(4), 2, Duration.ofSeconds(30), limits),
            new Server.Computing(
                COMPUTE.ops(),
                "fp32",
                () -> Threads.set(COMPUTE.kernels(), Runtime.getRuntime().availableProcessors())),
            "Hourglass test",
            new PrintWriter(new StringWriter()));
    try {
      server.awaitModels();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return server;
  }

  static Limits limits(int queue) {
    Limits usual = Limits.DEFAULT;
    return new Limits(
        usual.images(), usual.steps(), 1 << 16, 1 << 20, queue, Duration.ofSeconds(60));
  }
}
