package dev.hourglass.cli;

import dev.hourglass.config.Config;
import dev.hourglass.model.Parameters;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.sampling.ModelFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code hourglass convert}. */
@Command(
    name = "convert",
    sortOptions = false,
    description = {
      "Makes a small checkpoint for sampling: the averaged weights, config and class names.",
      "It loads in the authors' code, too, and train --init takes it for fine-tuning."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass convert runs/digits/checkpoints/step-00020000.safetensors --out"
          + " digits.safetensors",
      "  hourglass convert digits.safetensors --out digits-bf16.safetensors --dtype bf16",
      "  hourglass convert theirs.safetensors --config theirs.json --out with-config.safetensors",
      "  hourglass convert model_00100000.pth --out theirs.safetensors"
    })
final class ConvertCommand implements Runnable {

  private static final JsonMapper JSON = new JsonMapper();

  @CommandLine.Parameters(
      paramLabel = "IN",
      description = {
        "A checkpoint: safetensors, the index.json of one in parts, or k-diffusion's .pth."
      })
  Path in;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The new checkpoint.")
  Path output;

  @Option(
      names = "--dtype",
      paramLabel = "fp32|fp16|bf16",
      defaultValue = "fp16",
      description = "Number format of the weights (default: ${DEFAULT-VALUE}).")
  Format format;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The config, for a checkpoint of the authors' that holds none.")
  Path configFile;

  @Spec CommandSpec spec;

  /** Number formats of stored weights. */
  enum Format {
    FP32(DType.F32),
    FP16(DType.F16),
    BF16(DType.BF16);

    private final DType dtype;

    Format(DType dtype) {
      this.dtype = dtype;
    }
  }

  @Override
  public void run() {
    ModelFile model =
        configFile == null ? ModelFile.open(in) : ModelFile.open(in, Config.load(configFile));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(ModelFile.CONFIG_KEY, model.config().toJson());
    if (!model.classNames().isEmpty()) {
      metadata.put(ModelFile.CLASS_NAMES_KEY, JSON.writeValueAsString(model.classNames()));
    }
    // The converted tensors live in the scope until they are written.
    long sizeBefore = model.byteSize(); // The new file may take the place of the old one.
    try (PointerScope scope = new PointerScope();
        Parameters weights = model.averagedWeights()) {
      SafetensorsWriter.write(output, weights.toData("", format.dtype), metadata);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%s: %s weights, %.1f MB; %s has %.1f MB."
            .formatted(
                output,
                format.name().toLowerCase(Locale.ROOT),
                output.toFile().length() / 1e6,
                in,
                sizeBefore / 1e6));
    out.println("Next:");
    out.println("  " + Launcher.command("sample", "--checkpoint", output, "--grid", "grid.png"));
    out.flush();
  }
}
