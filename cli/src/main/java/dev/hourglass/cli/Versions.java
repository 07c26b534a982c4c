package dev.hourglass.cli;

import java.util.Objects;
import org.bytedeco.javacpp.Loader;
import picocli.CommandLine.IVersionProvider;

/** What runs here, for bug reports. */
final class Versions implements IVersionProvider {

  /** The version of Hourglass; classes outside a jar have none. */
  static String hourglass() {
    String version = Main.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "development build");
  }

  @Override
  public String[] getVersion() throws Exception {
    // The presets' version is LIBTORCH-JAVACPP.
    String libtorch = Loader.getVersion("org.bytedeco", "pytorch").replaceFirst("-.*", "");
    return new String[] {
      "hourglass " + hourglass(),
      "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
      "libtorch " + libtorch,
      "platform " + Loader.getPlatform()
    };
  }
}
