package dev.hourglass.serve.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.model.Parameters;
import dev.hourglass.ops.Precision;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.denoise.ClassMixture;
import dev.hourglass.sampling.denoise.Condition;
import dev.hourglass.sampling.denoise.Evaluation;
import dev.hourglass.sampling.denoise.NetworkEvaluator;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatcherTest {

  private static Parameters weights;
  private static BatchedModel model;

  private PointerScope scope;

  @BeforeAll
  static void load() {
    ModelFile file = ModelFile.open(Path.of("../models/emoji-64.safetensors"));
    weights = file.averagedWeights();
    NetworkEvaluator network =
        new NetworkEvaluator(
            file.config().model(), weights, new Compute(Kernels.VECTOR, Precision.FP32).ops());
    // Each image takes as long as another, so that a pass of n takes n times as long as one of 1.
    model = new BatchedModel(network, new Throughput(new TreeMap<>(Map.of(1, 1.0, 16, 16.0))), 16);
  }

  @AfterAll
  static void free() {
    weights.close();
  }

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Evaluation evaluation(int side, int classNumber) {
    return new Evaluation(
        Tensors.zeros(ScalarType.Float, 1, 3, side, side),
        1,
        List.of(new Condition(new ClassMixture(classNumber, classNumber, 0), List.of())));
  }

  private static List<Waiting> waiting(Share share, int evaluations, int side) {
    return new ArrayList<>(
        Collections.nCopies(
            evaluations,
            new Waiting(model, share, evaluation(side, 0), new CompletableFuture<>())));
  }

  private static long of(Share share, List<Waiting> pass) {
    return pass.stream().filter(each -> each.share() == share).count();
  }

  @Test
  void aRequestAloneFillsThePass() {
    Share alone = new Share(20);

    assertThat(NextPass.of(waiting(alone, 20, 64), Set.of(alone))).hasSize(16);
  }

  @Test
  void aRequestOfOneImageIsNotKeptByOneOfMany() {
    Share many = new Share(16);
    Share one = new Share(1);
    List<Waiting> all = waiting(many, 16, 64);
    all.addAll(waiting(one, 1, 64));

    List<Waiting> pass = NextPass.of(all, Set.of(many, one));

    assertThat(of(one, pass)).isEqualTo(1);
    assertThat(pass).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void whileASmallRequestThinksALargeOneTakesShortPasses() {
    Share many = new Share(16);
    Share thinking = new Share(1);

    assertThat(NextPass.of(waiting(many, 16, 64), Set.of(many, thinking)))
        .hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void twoLargeRequestsFillThePassTogether() {
    Share first = new Share(16);
    Share second = new Share(16);
    List<Waiting> all = waiting(first, 16, 64);
    all.addAll(waiting(second, 16, 64));

    List<Waiting> pass = NextPass.of(all, Set.of(first, second));

    assertThat(pass).hasSize(16);
    assertThat(of(second, pass)).isPositive();
  }

  @Test
  void whoHasHadLeastComesFirst() {
    Share served = new Share(1);
    served.charge(100);
    Share fresh = new Share(1);
    List<Waiting> all = waiting(served, 1, 64);
    all.addAll(waiting(fresh, 1, 64));

    assertThat(NextPass.of(all, Set.of(served, fresh)).getFirst().share()).isSameAs(fresh);
  }

  @Test
  void imagesOfAnotherSizeHaveAPassOfTheirOwn() {
    Share share = new Share(4);
    List<Waiting> all = waiting(share, 2, 64);
    all.addAll(waiting(share, 2, 128));

    assertThat(NextPass.of(all, Set.of(share))).hasSize(2);
  }

  @Test
  void largerImagesAreFewerInAPass() {
    Share share = new Share(16);

    assertThat(NextPass.of(waiting(share, 16, 128), Set.of(share))).hasSize(4);
  }

  @Test
  void theFaultOfOneReachesNoOther() {
    try (Batcher batcher = new Batcher(PassListener.NONE, () -> {})) {
      // A pass is held up until both wait, so that they are computed together.
      CountDownLatch bothWait = new CountDownLatch(1);
      CompletableFuture<Void> held =
          CompletableFuture.runAsync(
              () ->
                  batcher.runAlone(
                      () -> {
                        await(bothWait);
                        return null;
                      }));
      Share right = new Share(1);
      Share wrong = new Share(1);
      CompletableFuture<Integer> good = denoised(batcher, right, 0);
      CompletableFuture<Integer> bad = denoised(batcher, wrong, 99); // There are 9 classes.
      bothWait.countDown();
      held.join();

      assertThat(good.join()).isEqualTo(3 * 64 * 64);
      assertThatThrownBy(bad::join).isInstanceOf(CompletionException.class);
    }
  }

  @Test
  void whatIsStoppedEndsAtOnceForItsReason() {
    try (Batcher batcher = new Batcher(PassListener.NONE, () -> {})) {
      Share share = new Share(1);
      batcher.stop(share, new IllegalStateException("the client has left"));

      assertThatThrownBy(() -> denoised(batcher, share, 0).join())
          .hasMessageContaining("the client has left");
    }
  }

  @Test
  void manyThreadsGetWhatTheyAskedFor() {
    try (Batcher batcher = new Batcher(PassListener.NONE, () -> {})) {
      List<CompletableFuture<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        all.add(denoised(batcher, new Share(1), i % 9));
      }

      assertThat(all).allSatisfy(each -> assertThat(each.join()).isEqualTo(3 * 64 * 64));
    }
  }

  /** Values of the result. */
  private static CompletableFuture<Integer> denoised(
      Batcher batcher, Share share, int classNumber) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (PointerScope own = new PointerScope()) {
            Tensor result = batcher.evaluator(model, share).denoise(evaluation(64, classNumber));
            return Tensors.toFloats(result).length;
          }
        },
        task -> Thread.ofPlatform().start(task));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
