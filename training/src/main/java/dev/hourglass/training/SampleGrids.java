package dev.hourglass.training;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.diffusion.samplers.SamplerOptions;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.SampleListener;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.picture.ImageGrid;
import dev.hourglass.sampling.picture.PngFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Grids drawn while training: always the same seed, so that one sees the same images get better.
 */
final class SampleGrids implements AutoCloseable {

  /** Draws no noise on the way, and few steps: a preview must not hold training up. */
  private static final SampleSettings SETTINGS =
      SampleSettings.DEFAULT.withSampler("dpmpp-2m", SamplerOptions.NONE).withSteps(25);

  private final ModelConfig model;
  private final List<String> classNames;
  private final RunState run;
  private final ImageGenerator generator;

  SampleGrids(ModelConfig model, List<String> classNames, RunState run, Ops ops) {
    this.model = model;
    this.classNames = classNames;
    this.run = run;
    this.generator = ImageGenerator.borrowing(model, run.averages().getFirst(), ops);
  }

  void write(Path file, int count) {
    List<GeneratedImage> images = new ArrayList<>();
    List<Float> vector = Collections.nCopies(model.mappingCondDim(), 0f);
    SampleRequest request = new SampleRequest(0, count, Math.min(count, 32), List.of(), vector);
    generator.generate(request, SETTINGS, SampleListener.NONE, images::add);
    PngFile.write(
        file,
        ImageGrid.of(images, classNames),
        Map.of("Software", "Hourglass", "Step", Long.toString(run.state().step())));
  }

  @Override
  public void close() {
    generator.close();
  }
}
