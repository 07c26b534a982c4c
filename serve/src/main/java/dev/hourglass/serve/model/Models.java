package dev.hourglass.serve.model;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import dev.hourglass.model.Parameters;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.denoise.ClassMixture;
import dev.hourglass.sampling.denoise.Condition;
import dev.hourglass.sampling.denoise.Evaluation;
import dev.hourglass.sampling.denoise.NetworkEvaluator;
import dev.hourglass.serve.batch.BatchedModel;
import dev.hourglass.serve.batch.Batcher;
import dev.hourglass.serve.batch.Throughput;
import dev.hourglass.tensor.Tensors;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The models of a server, loaded one after the other beside what is already served. */
public final class Models implements AutoCloseable {

  /** The largest pass whose speed is measured. */
  private static final int LARGEST_PASS = 32;

  private static final double SECONDS_TO_MEASURE = 6;

  private final Map<String, ModelState> states = new LinkedHashMap<>();
  private final List<Parameters> weights = new ArrayList<>();
  private final Batcher batcher;
  private final Ops ops;
  private final String precision;
  private final OptionalInt batch;
  private volatile boolean closed;

  /**
   * @param batch images in a pass at most; absent means as many as the machine's speed justifies
   */
  public Models(
      List<ModelSource> sources, Batcher batcher, Ops ops, String precision, OptionalInt batch) {
    sources.forEach(source -> states.put(source.id(), new ModelState.Loading()));
    this.batcher = batcher;
    this.ops = ops;
    this.precision = precision;
    this.batch = batch;
  }

  /** Loads all; what fails is told and leaves the others. */
  public void load(List<ModelSource> sources, PrintWriter log) {
    for (ModelSource source : sources) {
      if (closed) {
        return;
      }
      ModelState state = loaded(source);
      synchronized (this) {
        states.put(source.id(), state);
      }
      log.println(
          switch (state) {
            case ModelState.Ready(ReadyModel model) ->
                "%s is ready: %d images in a pass, %.4f s for each."
                    .formatted(
                        source.id(), model.batched().limit(), secondsOfEach(model.batched()));
            case ModelState.Failed(String sentence) ->
                "%s is not served: %s".formatted(source.id(), sentence);
            case ModelState.Loading _ -> throw new IllegalStateException(source.id());
          });
      log.flush();
    }
  }

  private ModelState loaded(ModelSource source) {
    try {
      ModelFile file = ModelFile.open(source.file());
      Parameters read = file.averagedWeights();
      synchronized (this) {
        weights.add(read);
      }
      NetworkEvaluator network = new NetworkEvaluator(file.config().model(), read, ops);
      Throughput throughput = batcher.runAlone(() -> measure(network));
      BatchedModel batched =
          batch.isPresent()
              ? new BatchedModel(network, throughput, batch.getAsInt())
              : new BatchedModel(network, throughput);
      return new ModelState.Ready(
          new ReadyModel(source.id(), file, batched, file.digest(), precision));
    } catch (InputException e) {
      return new ModelState.Failed(withoutPaths(e.getMessage(), source));
    } catch (RuntimeException | OutOfMemoryError e) {
      return new ModelState.Failed(
          "it could not be loaded (%s).".formatted(e.getClass().getSimpleName()));
    }
  }

  private static String withoutPaths(String sentence, ModelSource source) {
    return sentence
        .replace(source.file().toAbsolutePath().toString(), source.id())
        .replace(source.file().toString(), source.id());
  }

  private Throughput measure(NetworkEvaluator network) {
    int most = batch.orElse(LARGEST_PASS);
    return Throughput.measure(images -> seconds(network, images), most, SECONDS_TO_MEASURE);
  }

  private static double seconds(NetworkEvaluator network, int images) {
    var model = network.config();
    List<Float> vector = Collections.nCopies(model.mappingCondDim(), 0f);
    try (PointerScope scope = new PointerScope()) {
      List<Evaluation> evaluations = new ArrayList<>();
      for (int i = 0; i < images; i++) {
        evaluations.add(
            new Evaluation(
                Tensors.zeros(
                    ScalarType.Float,
                    1,
                    model.inputChannels(),
                    model.inputSize().height(),
                    model.inputSize().width()),
                1 + i,
                List.of(new Condition(new ClassMixture(0, 0, 0), vector))));
      }
      long start = System.nanoTime();
      network.denoise(evaluations);
      return (System.nanoTime() - start) / 1e9;
    }
  }

  /** Seconds of an evaluation of one image in a full pass. */
  public static double secondsOfEach(BatchedModel model) {
    return model.throughput().secondsOf(model.limit()) / model.limit();
  }

  /** All models by id, in the order in which they were given. */
  public synchronized Map<String, ModelState> states() {
    return new LinkedHashMap<>(states);
  }

  /** Whether there is a model of that name, ready or not. */
  public synchronized boolean has(String id) {
    return states.containsKey(id);
  }

  /**
   * A model to draw with.
   *
   * @throws NoSuchModelException if there is none of that name
   * @throws NotReadyException if it is still loading or could not be loaded
   */
  public synchronized ReadyModel ready(String id) {
    return switch (states.get(id)) {
      case null ->
          throw new NoSuchModelException(
              "There is no model \"%s\"; %s"
                  .formatted(id, Spelling.advice(id, states.keySet(), "the models are")));
      case ModelState.Ready(ReadyModel model) -> model;
      case ModelState.Loading _ ->
          throw new NotReadyException("The model %s is being loaded; try again.".formatted(id));
      case ModelState.Failed(String sentence) ->
          throw new NotReadyException("The model %s is not served: %s".formatted(id, sentence));
    };
  }

  /** The model that was given first. */
  public synchronized String first() {
    return states.keySet().iterator().next();
  }

  /** Frees the weights; call it when nothing is computed any more. */
  @Override
  public synchronized void close() {
    closed = true;
    weights.forEach(Parameters::close);
    weights.clear();
  }
}
