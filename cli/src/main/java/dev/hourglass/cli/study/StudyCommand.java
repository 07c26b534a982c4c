package dev.hourglass.cli.study;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hourglass study}. */
@Command(
    name = "study",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Compares variants of a config: trains each with the same seeds on the same images and noise,"
          + " and says which differences are more than chance.",
      "A study is a JSON file: a base config, data, a budget, seeds, metrics and variants"
          + " (docs/study.md)."
    },
    subcommands = {
      StudyRunCommand.class,
      StudyReportCommand.class,
      StudyListCommand.class,
      StudyCellCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass study run studies/widths.json           again, and it goes on",
      "  hourglass study report studies/widths.json",
      "  hourglass study list"
    })
public final class StudyCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
