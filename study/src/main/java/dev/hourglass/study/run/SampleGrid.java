package dev.hourglass.study.run;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.diffusion.samplers.SamplerOptions;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleListener;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.picture.ImageGrid;
import dev.hourglass.sampling.picture.PngFile;
import dev.hourglass.study.plan.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The grid of a cell, by its averaged weights: seed 0 in all cells, so that variants of the same
 * image size draw from the same noise.
 */
final class SampleGrid {

  private static final int BATCH = 16;

  private SampleGrid() {}

  static void write(Path file, Path checkpoint, Samples samples, Ops ops) {
    ModelFile model = ModelFile.open(checkpoint);
    ModelConfig config = model.config().model();
    List<GeneratedImage> images = new ArrayList<>();
    SampleSettings settings =
        SampleSettings.DEFAULT
            .withSampler("dpmpp-2m", SamplerOptions.NONE)
            .withSteps(samples.steps())
            .withGuidance(samples.guidance());
    List<Float> vector = Collections.nCopies(config.mappingCondDim(), 0f);
    SampleRequest request =
        new SampleRequest(0, samples.count(), Math.min(samples.count(), BATCH), List.of(), vector);
    try (ImageGenerator generator = ImageGenerator.load(model, ops)) {
      generator.generate(request, settings, SampleListener.NONE, images::add);
    }
    int columns = ImageGrid.squareColumns(images.size());
    PngFile.write(
        file,
        ImageGrid.plain(images.stream().map(GeneratedImage::image).toList(), columns),
        Map.of("Software", "Hourglass"));
  }
}
