package dev.hourglass.cli.data;

import dev.hourglass.cli.report.Progress;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.data.prepare.PreparedSet;
import dev.hourglass.data.prepare.ShardPreparation;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.data.sets.ImageVectors;
import dev.hourglass.data.sets.VectorText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass data prepare}. */
@Command(
    name = "prepare",
    sortOptions = false,
    description = {
      "Decodes and resizes every image of a set once, into tar files that training reads without"
          + " waiting: dataset.type tar, the same pixels as from the originals.",
      "A run that was stopped goes on when the same command is given again. The folder has its name"
          + " once all is in it; until then it is called DIR.partial."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass data prepare photos --size 256 --out photos-256",
      "  hourglass train --config my.json --data photos-256     with \"type\": \"tar\"",
      "  cd photos-256 && sha256sum -c SHA256SUMS"
    })
final class PrepareCommand implements Runnable {

  @Mixin SetOptions options;

  @Option(
      names = "--size",
      required = true,
      paramLabel = "HxW",
      description = "The size that the model is trained at.")
  Size size;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to make.")
  Path target;

  @Option(
      names = "--shard-size",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Images in a tar file (default: ${DEFAULT-VALUE}).")
  int shardSize;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (shardSize < 1) {
      throw new InputException("--shard-size must be at least 1, not %d.".formatted(shardSize));
    }
    int threads = options.threads();
    try (ImageDataset set = options.open(out);
        Progress progress = new Progress(out, "prepare")) {
      Optional<VectorText> vectors = VectorText.beside(set, options.location);
      PreparedSet prepared =
          ShardPreparation.prepare(
              new ShardPreparation.Source(set, !options.asStored, vectors),
              size,
              shardSize,
              target,
              threads,
              new Log(progress, set.size()));
      progress.note(
          "%s holds %,d images of %s pixels in %,d tar files, %,d MB%s."
              .formatted(
                  target,
                  prepared.images(),
                  size,
                  prepared.shards().size(),
                  prepared.shards().stream().mapToLong(PreparedSet.Shard::bytes).sum() / 1_000_000,
                  prepared.skipped().isEmpty()
                      ? ""
                      : "; %,d images that cannot be read are left out (%s names them)"
                          .formatted(prepared.skipped().size(), target.resolve("index.json"))));
      progress.note(
          "Train on it with \"dataset\": {\"type\": \"tar\", \"location\": \"%s\", \"num_classes\": %d}."
              .formatted(target, set.classNames().size()));
      if (vectors.isPresent()) {
        progress.note("Their vectors are in %s.".formatted(target.resolve(ImageVectors.FILE_NAME)));
      }
    }
  }

  /** What is said on the way. */
  private static final class Log implements ShardPreparation.Listener {

    private final Progress progress;
    private final int total;
    private int kept;
    private boolean begun;

    Log(Progress progress, int total) {
      this.progress = progress;
      this.total = total;
    }

    @Override
    public void kept(int images) {
      if (kept == 0) {
        progress.note("Shards that are finished already are checked and kept.");
      }
      kept = images;
    }

    @Override
    public void done(int images) {
      if (!begun) {
        begun = true;
        progress.begin(kept, total);
      }
      double each = (images - kept) / progress.seconds();
      progress.update(images, total, "%.0f images/s".formatted(each));
    }

    @Override
    public void skipped(String name, String reason) {
      progress.note("Skipped %s: %s.".formatted(name, reason));
    }
  }
}
