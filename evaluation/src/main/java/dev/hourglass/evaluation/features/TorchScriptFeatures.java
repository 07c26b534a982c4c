package dev.hourglass.evaluation.features;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.FileKind;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.tensor.Torch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringIValueMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Features by a network in a TorchScript file, as {@code torch.jit.save} writes it. Its {@code
 * forward} takes images as the {@link Preprocessing} makes them and returns features, or a tuple or
 * list of features and logits:
 *
 * <ul>
 *   <li>features [n, d], or [n, d, h, w], of which the mean over h and w is taken;
 *   <li>logits [n, classes]; what follows them is passed over.
 * </ul>
 *
 * <p>A {@code forward} that has an argument {@code return_features} gets it as true: NVIDIA's
 * {@code inception-2015-12-05.pt} returns probabilities without. The network runs on the CPU, in
 * its own precision, in evaluation mode; the batch changes features by their rounding at most.
 */
public final class TorchScriptFeatures implements FeatureExtractor {

  private static final String RETURN_FEATURES = "return_features";

  /** How the interpreter of TorchScript ends its trace. */
  private static final Pattern ERROR_LINE = Pattern.compile("(?:builtins\\.)?RuntimeError: (.+)");

  private final Path file;
  private final Preprocessing preprocessing;
  private final String fileDigest;
  private final JitModule network;
  private final boolean asksForFeatures;

  private TorchScriptFeatures(
      Path file, Preprocessing preprocessing, String fileDigest, JitModule network) {
    this.file = file;
    this.preprocessing = preprocessing;
    this.fileDigest = fileDigest;
    this.network = network;
    this.asksForFeatures = hasArgument(network, RETURN_FEATURES);
  }

  /**
   * Loads a network.
   *
   * @throws InputException if there is no such file, or it is no TorchScript file
   */
  public static TorchScriptFeatures open(Path file, Preprocessing preprocessing) {
    checkKind(file);
    Torch.start();
    JitModule network;
    try {
      network = Scope.own(torch.load(file.toString(), cpu(), true));
    } catch (RuntimeException e) {
      throw new InputException(
          "%s cannot be loaded as a TorchScript network (%s); save it again with torch.jit.save."
              .formatted(file, reason(e)),
          e);
    }
    switchToEvaluation(network);
    return new TorchScriptFeatures(file, preprocessing, sha256(file), network);
  }

  @Override
  public String name() {
    return "%s (%s)".formatted(file.getFileName(), preprocessing.optionName());
  }

  /** SHA-256 of the file, and the preprocessing. */
  @Override
  public String digest() {
    return fileDigest + "-" + preprocessing.optionName();
  }

  @Override
  public ImageFeatures of(Tensor pixels) {
    Tensor[] outputs = new Tensor[2];
    Scope.run(
        () -> {
          Tensor input = preprocessing.of(pixels);
          NetworkOutput output = NetworkOutput.of(run(input), pixels.size(0), file);
          outputs[0] = Scope.own(output.features());
          outputs[1] = output.logits().map(Scope::own).orElse(null);
        });
    return new ImageFeatures(
        Scope.handToCurrentScope(outputs[0]),
        Optional.ofNullable(outputs[1]).map(Scope::handToCurrentScope));
  }

  private IValue run(Tensor input) {
    IValueVector arguments = new IValueVector(new IValue(input));
    StringIValueMap named = new StringIValueMap();
    if (asksForFeatures) {
      named.put(new BytePointer(RETURN_FEATURES), new IValue(true));
    }
    try (NoGradGuard inference = new NoGradGuard()) {
      return network.forward(arguments, named);
    } catch (RuntimeException e) {
      throw new InputException(
          "%s fails on images of %s, as --preprocess %s makes them (%s); choose the preprocessing that it was made for."
              .formatted(
                  file,
                  Arrays.toString(Tensors.shape(input)),
                  preprocessing.optionName(),
                  reason(e)),
          e);
    }
  }

  private static void checkKind(Path file) {
    FileKind kind = FileKind.of(file);
    String advice = "give one that torch.jit.save wrote";
    if (kind != FileKind.TORCH && kind != FileKind.ZIP) {
      throw kind.refusal(file, "a TorchScript network", advice);
    }
    // Both are zip archives of a pickle and tensors, but only TorchScript has code and its
    // constants.
    try (ZipFile archive = new ZipFile(file.toFile())) {
      if (archive.stream().noneMatch(entry -> entry.getName().endsWith("/constants.pkl"))) {
        throw kind.refusal(file, "a TorchScript network", advice);
      }
    } catch (IOException e) {
      throw new InputException(
          "%s is a damaged archive (%s); copy or download it again."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Batch norm and dropout as after training; a frozen network has no such switch any more. */
  private static void switchToEvaluation(JitModule network) {
    if (network.hasattr("training")) {
      network.eval();
    }
  }

  private static boolean hasArgument(JitModule network, String name) {
    try {
      return network
          .get_method("forward")
          .function()
          .getSchema()
          .argumentIndexWithName(name)
          .has_value();
    } catch (RuntimeException e) {
      return false; // No forward: running it says so.
    }
  }

  private static DeviceOptional cpu() {
    return new DeviceOptional(new Device("cpu"));
  }

  /** What libtorch complains of, without the traces around it. */
  private static String reason(RuntimeException failure) {
    String[] lines = String.valueOf(failure.getMessage()).strip().split("\n", -1);
    String line =
        Arrays.stream(lines)
            .map(ERROR_LINE::matcher)
            .filter(Matcher::matches)
            .findFirst()
            .map(match -> match.group(1))
            .orElse(lines[0]);
    return line.strip().replaceAll("[.:]$", "");
  }

  private static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
