package dev.hourglass.training.tensorboard;

import com.google.protobuf.ByteString;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.training.TrainingListener;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.metrics.StepMetrics;
import dev.hourglass.training.tensorboard.Event.Scalar;
import dev.hourglass.training.validation.ValidationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/**
 * Writes what TensorBoard shows of a run, into the run folder: so {@code tensorboard --logdir} with
 * the folder of all runs shows each by its name. Every start that trains has a file of its own; it
 * begins with a word that voids what a killed process wrote of the steps that are done again.
 */
public final class TensorBoardListener implements TrainingListener {

  private static final double MIB = 1 << 20;

  private final RunFolder folder;
  private final List<String> levels;
  private EventFile file;
  private long step;

  /**
   * Writes nothing yet: the file begins with the first step.
   *
   * @param levels what to call the noise levels of validations
   */
  public TensorBoardListener(RunFolder folder, List<String> levels) {
    this.folder = folder;
    this.levels = List.copyOf(levels);
  }

  @Override
  public void stepped(StepMetrics metrics) {
    step = metrics.step();
    if (file == null) {
      file = EventFile.begin(folder.path(), step);
    }
    List<Scalar> scalars = new ArrayList<>();
    scalars.add(new Scalar("train/loss", metrics.loss()));
    scalars.add(new Scalar("train/loss_average", metrics.lossAverage()));
    scalars.add(new Scalar("train/gradient_norm", metrics.gradientNorm()));
    scalars.add(new Scalar("train/learning_rate", metrics.learningRate()));
    scalars.add(new Scalar("machine/images_per_second", metrics.imagesPerSecond()));
    long resident = Pointer.physicalBytes();
    if (resident > 0) { // else the system does not tell
      scalars.add(new Scalar("machine/resident_mib", resident / MIB));
    }
    metrics.validation().ifPresent(result -> addValidation(result, scalars));
    add(new Event.Scalars(scalars));
  }

  private void addValidation(ValidationResult result, List<Scalar> scalars) {
    scalars.add(new Scalar("validation/loss", result.loss()));
    for (int level = 0; level < levels.size(); level++) {
      scalars.add(new Scalar("validation/at_" + levels.get(level), result.byLevel().get(level)));
    }
  }

  @Override
  public void sampled(Path grid) {
    try {
      add(new Event.Picture("samples", ByteString.copyFrom(Files.readAllBytes(grid))));
    } catch (IOException e) {
      throw ReadFailure.of(grid, e);
    }
  }

  private void add(Event.Content content) {
    file.add(new Event(Instant.now(), step, content));
  }

  @Override
  public void ended() {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
