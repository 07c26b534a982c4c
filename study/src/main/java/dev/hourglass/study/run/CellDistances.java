package dev.hourglass.study.run;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.ImageFit;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.diffusion.samplers.SamplerOptions;
import dev.hourglass.evaluation.FrechetDistance;
import dev.hourglass.evaluation.KernelDistance;
import dev.hourglass.evaluation.features.FeatureExtractor;
import dev.hourglass.evaluation.features.Planes;
import dev.hourglass.evaluation.features.ScatteringFeatures;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleListener;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.study.plan.Evaluation;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How far the images that a cell draws are from those that it was trained on, by scattering
 * features. The images drawn are those of indices from 0 on of the seed 0, the real ones the same
 * random choice in all cells.
 */
record CellDistances(double fid, double kid) {

  private static final int BATCH = 16;
  private static final long SEED = 0;

  static CellDistances of(Path checkpoint, ImageDataset trainedOn, Evaluation evaluation, Ops ops) {
    ModelFile model = ModelFile.open(checkpoint);
    try (FeatureExtractor extractor = new ScatteringFeatures()) {
      double[][] drawn = features(extractor, draw(model, evaluation, ops));
      double[][] real =
          features(extractor, real(model.config().model(), trainedOn, evaluation.count()));
      return new CellDistances(
          FrechetDistance.between(real, drawn), KernelDistance.between(real, drawn));
    }
  }

  private static List<Planes> draw(ModelFile file, Evaluation evaluation, Ops ops) {
    ModelConfig model = file.config().model();
    List<Planes> images = new ArrayList<>();
    SampleSettings settings =
        SampleSettings.DEFAULT
            .withSampler("dpmpp-2m", SamplerOptions.NONE)
            .withSteps(evaluation.steps())
            .withGuidance(evaluation.guidance());
    SampleRequest request =
        new SampleRequest(
            0,
            evaluation.count(),
            BATCH,
            List.of(),
            Collections.nCopies(model.mappingCondDim(), 0f));
    try (ImageGenerator generator = ImageGenerator.load(file, ops)) {
      generator.generate(
          request, settings, SampleListener.NONE, image -> images.add(Planes.of(image.image())));
    }
    return images;
  }

  private static List<Planes> real(ModelConfig model, ImageDataset images, int count) {
    List<Planes> chosen = new ArrayList<>();
    for (int index : RandomStream.of(SEED, Purpose.IMAGE_CHOICE).permutation(images.size())) {
      if (chosen.size() == count) {
        break;
      }
      try {
        chosen.add(
            Planes.of(
                ImageFit.fit(images.decode(index), model.inputSize(), model.inputChannels())));
      } catch (CorruptImageException e) {
        // Training named it; another takes its place.
      }
    }
    if (chosen.size() < 2) {
      throw new InputException(
          "A distance needs at least 2 training images that can be read, and there are %d."
              .formatted(chosen.size()));
    }
    return chosen;
  }

  /** [images][features]. */
  private static double[][] features(FeatureExtractor extractor, List<Planes> images) {
    double[][] rows = new double[images.size()][];
    for (int i = 0; i < rows.length; i++) {
      int at = i;
      Scope.run(
          () ->
              rows[at] =
                  Tensors.toDoubles(
                      extractor.of(Planes.batch(List.of(images.get(at)))).features()));
    }
    return rows;
  }
}
