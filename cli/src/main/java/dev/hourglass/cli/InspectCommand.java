package dev.hourglass.cli;

import dev.hourglass.cli.report.CostComparison;
import dev.hourglass.cli.report.CostReport;
import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.core.InputException;
import dev.hourglass.sampling.ModelFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code hourglass inspect}. */
@Command(
    name = "inspect",
    sortOptions = false,
    description = {
      "Shows what a model is made of and what it costs, without building it; or compares models.",
      "MACs are multiply-accumulates of one forward pass, the \"GFLOP\" of the paper; activations"
          + " are what training keeps for the backward pass, without --checkpointing."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass inspect configs/ffhq-1024.json",
      "  hourglass inspect configs/imagenet-256.json --size 512 --batch-size 8",
      "  hourglass inspect runs/digits/checkpoints/step-00020000.safetensors --json",
      "  hourglass inspect --compare configs/ffhq/*.jsonc --sizes 256,512,1024",
      "  hourglass inspect configs/imagenet-128.json --grow --plot cost.png"
    })
final class InspectCommand implements Runnable {

  private static final JsonMapper JSON = new JsonMapper();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Configs (JSON) or checkpoints (safetensors, its index.json, .pth); several are"
              + " compared.")
  List<Path> files;

  @Option(
      names = "--size",
      paramLabel = "HxW",
      description = "Size of the images (default: that of the training images).")
  Size size;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1",
      description = "Images at once, for MACs and activations (default: ${DEFAULT-VALUE}).")
  int batchSize;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  boolean json;

  @Mixin CompareOptions comparing;

  @Spec CommandSpec spec;

  /** What a checkpoint says besides its config. */
  private record Checkpoint(
      String kind, String digest, OptionalLong step, List<String> classNames) {}

  @Override
  public void run() {
    if (batchSize < 1) {
      throw new InputException("--batch-size must be at least 1, not %d.".formatted(batchSize));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (files.size() > 1 || comparing.wanted()) {
      compare(out);
    } else {
      show(out, files.getFirst());
    }
    out.flush();
  }

  private void compare(PrintWriter out) {
    List<ModelConfig> models = files.stream().map(ModelFile::configOf).map(Config::model).toList();
    Optional<Size> onlySize = Optional.ofNullable(size);
    CostComparison comparison = comparing.comparison(files, models, onlySize, batchSize);
    if (json) {
      out.println(comparison.json());
    } else {
      comparison.print(out);
    }
    comparing.draw(comparison);
  }

  private void show(PrintWriter out, Path path) {
    Optional<ModelFile> file = ModelFile.unlessConfig(path);
    Optional<Checkpoint> checkpoint = file.map(InspectCommand::describe);
    Config config = file.map(ModelFile::config).orElseGet(() -> Config.load(path));
    ModelConfig model = config.model();
    ModelCost cost = ModelCost.of(model, size == null ? model.inputSize() : size);
    CostReport report = new CostReport(model, cost, batchSize);
    if (json) {
      ObjectNode root = JSON.createObjectNode().put("file", path.toString());
      checkpoint.ifPresent(c -> root.set("checkpoint", JSON.valueToTree(c)));
      report.addTo(root);
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    } else {
      out.println(path);
      checkpoint.ifPresent(c -> print(out, c));
      report.print(out);
    }
  }

  private static Checkpoint describe(ModelFile file) {
    return new Checkpoint(
        file.layout().training() ? "training" : "inference",
        file.digest(),
        file.step(),
        file.classNames());
  }

  private static void print(PrintWriter out, Checkpoint checkpoint) {
    String step = checkpoint.step().isPresent() ? " of step " + checkpoint.step().getAsLong() : "";
    out.println(
        "%s checkpoint%s, digest %s".formatted(checkpoint.kind(), step, checkpoint.digest()));
    if (!checkpoint.classNames().isEmpty()) {
      out.println("classes: " + String.join(", ", checkpoint.classNames()));
    }
  }
}
