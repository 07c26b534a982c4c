package dev.hourglass.cli.data;

import dev.hourglass.cli.report.Progress;
import dev.hourglass.config.Size;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.data.inspect.SetInspection;
import dev.hourglass.data.inspect.SetSummary;
import dev.hourglass.data.sets.ImageDataset;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass data inspect}. */
@Command(
    name = "inspect",
    sortOptions = false,
    description = {
      "Looks at every image of a set: classes, sizes, broken files, duplicates, and the mean and"
          + " deviation of the pixels, which is the sigma_data to use.",
      "With --size pixels are measured as training sees them; without, as they are, where a large"
          + " image counts more than a small one."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass data inspect photos --size 256",
      "  hourglass data inspect shards --data-type tar --json shards.json"
    })
final class InspectCommand implements Runnable {

  @Mixin SetOptions options;

  @Option(
      names = "--size",
      paramLabel = "HxW",
      description = "Measure pixels after they are brought to this size, as training does.")
  Size size;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write all that was found, without a limit on lists, to this file.")
  Path json;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    int threads = options.threads();
    try (ImageDataset set = options.open(out);
        Progress progress = new Progress(out, "inspect")) {
      progress.begin(0, set.size());
      SetSummary summary =
          SetInspection.of(
              set,
              Optional.ofNullable(size),
              threads,
              done ->
                  progress.update(
                      done, set.size(), "%.0f images/s".formatted(done / progress.seconds())));
      SummaryReport report =
          new SummaryReport(options.location, set, Optional.ofNullable(size), summary);
      report.print(out);
      if (json != null) {
        AtomicFiles.writeString(json, report.json());
        out.println("All of it is in %s.".formatted(json));
      }
    }
    out.flush();
  }
}
