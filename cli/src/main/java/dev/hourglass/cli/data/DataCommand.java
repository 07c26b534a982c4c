package dev.hourglass.cli.data;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hourglass data}. */
@Command(
    name = "data",
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Fetches, inspects and prepares sets of images before a model is trained on them.",
    subcommands = {
      FetchCommand.class,
      InspectCommand.class,
      PrepareCommand.class,
      SpeedCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass data fetch                                  what can be fetched",
      "  hourglass data inspect photos --size 256              sizes, broken files, sigma_data",
      "  hourglass data prepare photos --size 256 --out photos-256",
      "  hourglass data speed photos-256 --size 256            how fast training can read it"
    })
public final class DataCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
